namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Noise and step of a sensor from its own readings. The noise is the root mean square of second differences over sqrt(6), which leaves
/// out level and slope; quiet readings count (the first <see cref="MostCount"/>) and of those no outlier, so that the event itself does
/// not. Readings count a second apart, since some sensors are read once a second and repeated in the samples between: those would seem to
/// have no noise. The step is the smallest change seen, an upper bound of the resolution.
/// </summary>
internal struct ReadingNoise
{
    private const int MostCount = 2000;
    private const int LeastCount = 8;
    private const double RmsOfSecondDifference = 6;
    private const double OutlierDeviations = 5;
    private const double OutlierSteps = 3;
    private const long SpacingMicroseconds = 990_000;

    private double newest;
    private double before;
    private double last;
    private long beforeMicroseconds;
    private long lastMicroseconds;
    private int readings;
    private int count;
    private double sum;
    private double step;

    /// <summary>Standard deviation of one reading, in its unit; 0 where too few readings tell it.</summary>
    public readonly double StandardK => count < LeastCount ? 0 : Math.Sqrt(sum / count / RmsOfSecondDifference);

    /// <summary>
    /// What that may be at most, in its unit, where few readings tell it: one standard error more, <c>s (1 + 1 / sqrt(n))</c> for n second
    /// differences, which overlap (their squares have a relative variance of 2 (1 + 2 (16 + 1) / 36) / n, half of whose root is 1 / sqrt(n)).
    /// </summary>
    public readonly double LargestK => StandardK * (1 + (1 / Math.Sqrt(Math.Max(1, count))));

    /// <summary>Smallest change of the reading; 0 where it never changed.</summary>
    public readonly double StepK => step;

    /// <summary>Takes a believed reading and whether nothing happens around it.</summary>
    public void Add(long timeMicroseconds, double value, bool isQuiet)
    {
        double change = Math.Abs(value - newest);
        bool hadStep = step > 0;
        newest = value;
        if (readings > 0 && change > 0 && (step == 0 || change < step))
        {
            // Differences of decimals carry rounding; a step below a millionth is none of a sensor's.
            step = change > 1e-6 ? change : step;
        }

        if (readings > 0 && timeMicroseconds - lastMicroseconds < SpacingMicroseconds)
        {
            return;
        }

        if (readings > 1 && isQuiet && count < MostCount && IsEven(timeMicroseconds))
        {
            double second = value - (2 * last) + before;
            if (count < LeastCount || Math.Abs(second) <= (OutlierDeviations * Math.Sqrt(sum / count)) + (hadStep ? OutlierSteps * step : 0))
            {
                sum += second * second;
                count++;
            }
        }

        before = last;
        beforeMicroseconds = lastMicroseconds;
        last = value;
        lastMicroseconds = timeMicroseconds;
        readings = Math.Min(readings + 1, 2);
    }

    private readonly bool IsEven(long timeMicroseconds)
    {
        long now = timeMicroseconds - lastMicroseconds;
        long then = lastMicroseconds - beforeMicroseconds;
        return now > 0 && then > 0 && Math.Abs(now - then) <= (now + then) / 2;
    }
}
