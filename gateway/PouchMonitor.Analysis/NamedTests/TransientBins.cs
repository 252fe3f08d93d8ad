namespace PouchMonitor.Analysis.NamedTests;

/// <summary>Voltage and current of one stretch of a step, means over time.</summary>
/// <param name="MeanSeconds">Since the step's edge, s: the middle of the stretch.</param>
/// <param name="MeanRootSeconds">Mean of the square root of the seconds since the edge, s^0.5.</param>
/// <param name="Seconds">Length, s.</param>
/// <param name="VoltageV">Mean voltage, V.</param>
/// <param name="CurrentA">Mean current, A; positive charges.</param>
/// <param name="PeakVoltageV">The voltage farthest from zero among its samples, V.</param>
public readonly record struct TransientBin(
    double MeanSeconds, double MeanRootSeconds, double Seconds, double VoltageV, double CurrentA, double PeakVoltageV);

/// <summary>
/// Sums a stretch of samples in at most so many bins of equal width, which doubles whenever they are full: bounded, however
/// long the stretch, and each bin a true mean.
/// </summary>
internal sealed class TransientBins(int most)
{
    private const double LeastWidthSeconds = 0.01;

    private readonly Sums[] sums = new Sums[most];
    private double widthSeconds;
    private int used;

    public int Count => used;

    public void Clear()
    {
        Array.Clear(sums, 0, used);
        used = 0;
        widthSeconds = 0;
    }

    /// <summary>Makes another, of the same size, a copy of this one.</summary>
    public void CopyTo(TransientBins other)
    {
        sums.CopyTo(other.sums, 0);
        other.used = used;
        other.widthSeconds = widthSeconds;
    }

    /// <summary>Adds the interval between two samples of the same stretch.</summary>
    /// <param name="fromSeconds">Its begin, since the edge, s.</param>
    /// <param name="toSeconds">Its end, later.</param>
    /// <param name="voltageV">Mean of the two voltages.</param>
    /// <param name="currentA">Mean of the two currents.</param>
    /// <param name="endVoltageV">Voltage of the sample at its end.</param>
    public void Add(double fromSeconds, double toSeconds, double voltageV, double currentA, double endVoltageV)
    {
        double seconds = toSeconds - fromSeconds;
        double middle = 0.5 * (fromSeconds + toSeconds);
        if (widthSeconds == 0)
        {
            widthSeconds = Math.Max(LeastWidthSeconds, seconds);
        }

        while (middle >= widthSeconds * sums.Length)
        {
            Fold();
        }

        int at = (int)(middle / widthSeconds);
        used = Math.Max(used, at + 1);
        ref Sums sum = ref sums[at];
        sum.Seconds += seconds;
        sum.TimeS2 += middle * seconds;
        sum.RootS15 += Math.Sqrt(middle) * seconds;
        sum.Vs += voltageV * seconds;
        sum.As += currentA * seconds;
        sum.PeakV = Math.Abs(endVoltageV) > Math.Abs(sum.PeakV) ? endVoltageV : sum.PeakV;
    }

    /// <summary>The bins that hold something, in order of time.</summary>
    public TransientBin[] ToArray()
    {
        List<TransientBin> bins = new(used);
        for (int i = 0; i < used; i++)
        {
            ref readonly Sums sum = ref sums[i];
            if (sum.Seconds > 0)
            {
                bins.Add(new TransientBin(
                    sum.TimeS2 / sum.Seconds, sum.RootS15 / sum.Seconds, sum.Seconds, sum.Vs / sum.Seconds, sum.As / sum.Seconds, sum.PeakV));
            }
        }

        return [.. bins];
    }

    private void Fold()
    {
        for (int i = 0; i < sums.Length; i += 2)
        {
            Sums pair = sums[i];
            pair.Append(sums[i + 1]);
            sums[i] = default;
            sums[i + 1] = default;
            sums[i / 2] = pair;
        }

        used = (used + 1) / 2;
        widthSeconds *= 2;
    }

    private struct Sums
    {
        public double Seconds;
        public double TimeS2;
        public double RootS15;
        public double Vs;
        public double As;
        public double PeakV;

        public void Append(in Sums later)
        {
            Seconds += later.Seconds;
            TimeS2 += later.TimeS2;
            RootS15 += later.RootS15;
            Vs += later.Vs;
            As += later.As;
            PeakV = Math.Abs(later.PeakV) > Math.Abs(PeakV) ? later.PeakV : PeakV;
        }
    }
}
