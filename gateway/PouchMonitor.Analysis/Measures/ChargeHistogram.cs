namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// The charge that passed at each voltage, on a uniform grid of 5 mV. The bins lie around the multiples of 5 mV, so that
/// voltages given in steps of 0.2 or 1 mV fill them evenly. Between two records the charge is spread over the voltages
/// from the one to the other, so that slow sampling leaves no holes.
/// </summary>
internal sealed class ChargeHistogram
{
    public const double BinV = 0.005;

    /// <summary>Voltages below and above these are not counted: no cell of one pair of electrodes has them.</summary>
    public const double LowestV = -2;
    public const double HighestV = 6;
    private const double FirstEdgeV = LowestV - (0.5 * BinV);
    private const int Bins = (int)((HighestV - LowestV) / BinV) + 1;

    private readonly double[] chargeC = new double[Bins];

    /// <summary>Lowest and highest voltage at which charge was counted.</summary>
    public double LeastV { get; private set; } = double.PositiveInfinity;

    public double LargestV { get; private set; } = double.NegativeInfinity;

    public bool IsEmpty => LeastV > LargestV;

    /// <summary>Index of the bin that holds a voltage within the grid.</summary>
    public static int BinOf(double volts) => Math.Clamp((int)((volts - FirstEdgeV) / BinV), 0, Bins - 1);

    /// <summary>Middle of a bin, V.</summary>
    public static double MiddleV(int bin) => LowestV + (bin * BinV);

    public double ChargeC(int bin) => chargeC[bin];

    /// <summary>Width of a bin over which voltages were seen, V: less than the whole at both ends.</summary>
    public double CoveredV(int bin)
    {
        double middle = MiddleV(bin);
        double covered = Math.Min(LargestV, middle + (0.5 * BinV)) - Math.Max(LeastV, middle - (0.5 * BinV));
        return Math.Clamp(covered, 0, BinV);
    }

    public void Clear()
    {
        Array.Clear(chargeC);
        LeastV = double.PositiveInfinity;
        LargestV = double.NegativeInfinity;
    }

    /// <summary>Counts what passed while the voltage went from one value to another; a magnitude.</summary>
    public void Add(double fromV, double toV, double passedC)
    {
        double low = Math.Min(fromV, toV);
        double high = Math.Max(fromV, toV);
        if (!(low >= LowestV && high <= HighestV))
        {
            return;
        }

        LeastV = Math.Min(LeastV, low);
        LargestV = Math.Max(LargestV, high);
        int first = BinOf(low);
        int last = BinOf(high);
        if (first == last)
        {
            chargeC[first] += passedC;
            return;
        }

        double perV = passedC / (high - low);
        chargeC[first] += perV * (MiddleV(first) + (0.5 * BinV) - low);
        for (int bin = first + 1; bin < last; bin++)
        {
            chargeC[bin] += perV * BinV;
        }

        chargeC[last] += perV * (high - MiddleV(last) + (0.5 * BinV));
    }
}
