using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Says when a temperature stopped following the cell though it still reads: at the end of its scale, or frozen. Recorded files carry
/// no sensor states, so it is told from the readings alone, and only where they leave no other explanation:
/// <list type="bullet">
/// <item>saturated: the highest reading so far, reached at 1 C/s or more, then repeated to the last digit for 2 s, five readings and
/// four times the longest repetition on the way up; and the sensor had noise of two of its steps or more before, or it reads 300 C or
/// more, where no cell stands still.</item>
/// <item>saturated as well: a sensor with such noise, whose last readings lay twenty steps and more apart, stops short at the highest
/// reading so far for five readings, a second and four times the longest repetition on the way up, within half a minute of having risen
/// by 1 C/s: it may touch its limit, leave it and come back.</item>
/// <item>frozen: a sensor whose noise is two of its steps or more, and which changed at every other reading or more often, repeats one
/// reading 50 times and for 10 s.</item>
/// </list>
/// A coarse or smooth record therefore never counts as frozen: its repetition says nothing.
/// </summary>
internal struct FlatReading
{
    private const double HotC = 300;
    private const double NoiseSteps = 2;
    private const double ActiveSteps = 20;
    private const double ActiveFollow = 1.0 / 8;
    private const long LeastSaturatedMicroseconds = 2_000_000;
    private const long LeastShortMicroseconds = 900_000;
    private const long LatelyMicroseconds = 30_000_000;
    private const int LeastSaturatedCount = 5;
    private const int RepetitionFactor = 4;
    private const long LeastFrozenMicroseconds = 10_000_000;
    private const int LeastFrozenCount = 50;
    private const double ChangedShare = 0.5;
    private const double Follow = 1.0 / 64;

    private double value;
    private double highest;
    private double share;
    private double shareBefore;
    private double meanChangeK;
    private int count;
    private long sinceMicroseconds;
    private int longestOnTheWayUp;
    private long fastMicroseconds;
    private bool hasBeenFast;
    private bool wasFast;
    private bool isFlat;

    /// <summary>Since when it has repeated, microseconds.</summary>
    public readonly long SinceMicroseconds => sinceMicroseconds;

    /// <summary>Takes a reading.</summary>
    /// <param name="timeMicroseconds">Its time.</param>
    /// <param name="reading">Temperature, C.</param>
    /// <param name="isFast">Whether it has risen by 1 C/s or more over the last second.</param>
    /// <param name="noise">Noise and step of the sensor so far.</param>
    public SensorState Add(long timeMicroseconds, double reading, bool isFast, in ReadingNoise noise)
    {
        (fastMicroseconds, hasBeenFast) = isFast ? (timeMicroseconds, true) : (fastMicroseconds, hasBeenFast);
        if (count == 0 || reading != value)
        {
            // What ends downwards may have been the limit itself. Readings count, since a gap is no repetition.
            if (count > 0 && wasFast && !isFlat && reading > value)
            {
                longestOnTheWayUp = Math.Max(longestOnTheWayUp, count);
            }

            meanChangeK += count == 0 ? 0 : ActiveFollow * (Math.Abs(reading - value) - meanChangeK);
            share += Follow * (1 - share);
            shareBefore = share;
            value = reading;
            highest = count == 0 || reading > highest ? reading : highest;
            count = 1;
            sinceMicroseconds = timeMicroseconds;
            wasFast = isFast;
            isFlat = false;
            return SensorState.Good;
        }

        count = count == int.MaxValue ? count : count + 1;
        share -= Follow * share;
        long age = timeMicroseconds - sinceMicroseconds;
        bool isNoisy = noise.StandardK >= NoiseSteps / Math.Sqrt(6) * noise.StepK && noise.StepK > 0;
        bool isHighest = value >= highest && count >= LeastSaturatedCount && (count - 1L) / RepetitionFactor >= longestOnTheWayUp;
        bool wasActive = meanChangeK >= ActiveSteps * noise.StepK;
        bool wasLately = hasBeenFast && sinceMicroseconds - fastMicroseconds <= LatelyMicroseconds;
        if (isHighest
            && ((wasFast && age >= LeastSaturatedMicroseconds && (isNoisy || value >= HotC))
                || (wasLately && wasActive && isNoisy && age >= LeastShortMicroseconds)))
        {
            isFlat = true;
            return SensorState.Saturated;
        }

        if (isNoisy && shareBefore >= ChangedShare && count >= LeastFrozenCount && age >= LeastFrozenMicroseconds)
        {
            isFlat = true;
            return SensorState.Frozen;
        }

        return SensorState.Good;
    }
}
