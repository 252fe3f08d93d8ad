namespace PouchMonitor.Analysis.Abuse;

/// <summary>
/// When the short, charge or discharge of a recorded test ended, by its current alone: from where it is back at its offset from before the
/// event, within its noise, at two readings in a row and for 10 s. Only a step counts: the current of a cell that empties itself through
/// the short fades into the noise while the short still holds, and then nothing is known.
/// </summary>
/// <param name="triggerS">Moment of the event, seconds as in the samples.</param>
/// <param name="doubtS">Half width within which that lies, s; readings so near before it tell nothing of the offset.</param>
public sealed class ExposureCurrent(double triggerS, double doubtS)
{
    /// <summary>The offset is taken from so long before the event, s.</summary>
    public const double BeforeS = 60;

    private const int MostBefore = 8192;
    private const int LeastBefore = 3;
    private const double HoldS = 10;

    // Five standard deviations of a normal scatter, from its median deviation.
    private const double NoiseFactor = 5 * 1.4826;
    private const double LeastBandA = 0.001;

    /// <summary>The last reading outside lies so many bands from the offset where a switch has opened.</summary>
    private const double StepBands = 4;

    private readonly List<double> before = [];
    private double? bandA;
    private double lastOutsideA = double.NaN;
    private double backSinceS;
    private int backCount;

    /// <summary>Offset before the event, A; NaN where it is not known.</summary>
    public double OffsetA { get; private set; } = double.NaN;

    /// <summary>First reading after the exposure, s; null where the current does not tell it.</summary>
    public double? EndedAt { get; private set; }

    /// <summary>Takes a reading, in order of time.</summary>
    /// <param name="timeS">Seconds as in the samples.</param>
    /// <param name="currentA">Current, A.</param>
    public void Add(double timeS, double currentA)
    {
        if (EndedAt is not null || timeS < triggerS - BeforeS)
        {
            return;
        }

        if (timeS < triggerS)
        {
            if (timeS < triggerS - doubtS && before.Count < MostBefore)
            {
                before.Add(currentA);
            }

            return;
        }

        bandA ??= Band();
        double away = Math.Abs(currentA - OffsetA);
        if (!(away <= bandA))
        {
            lastOutsideA = away;
            backCount = 0;
            return;
        }

        backSinceS = backCount == 0 ? timeS : backSinceS;
        backCount++;
        if (timeS - backSinceS >= HoldS)
        {
            Settle();
        }
    }

    /// <summary>The record is over: what lies back at two readings or more counts.</summary>
    public void Complete() => Settle();

    private void Settle()
    {
        if (EndedAt is null && backCount > 1 && lastOutsideA >= StepBands * bandA)
        {
            EndedAt = backSinceS;
        }
    }

    private double Band()
    {
        if (before.Count < LeastBefore)
        {
            return double.NaN;
        }

        OffsetA = Median(before);
        return Math.Max(LeastBandA, NoiseFactor * Median([.. before.Select(reading => Math.Abs(reading - OffsetA))]));
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
