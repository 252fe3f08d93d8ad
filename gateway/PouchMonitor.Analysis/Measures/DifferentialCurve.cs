namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// dQ/dV of one half cycle over a uniform grid of voltage, smoothed by a Gaussian of 7.5 mV standard deviation cut off at
/// four of them; towards the ends of the window the kernel is scaled to what of it lies inside, so that an end makes no
/// peak. Magnitudes in both directions.
/// </summary>
public sealed class DifferentialCurve
{
    /// <summary>Distance of two points, V.</summary>
    public const double GridV = ChargeHistogram.BinV;

    /// <summary>Standard deviation of the smoothing, V.</summary>
    public const double SmoothingV = 0.0075;
    private const int KernelReach = (int)(4 * SmoothingV / GridV);
    private const double CoulombsPerAh = 3600;

    /// <summary>Fewer points than this are no curve.</summary>
    private const int LeastPoints = 10;

    private static readonly double[] Kernel = MakeKernel();

    private readonly double[] voltageV;
    private readonly double[] capacityAh;
    private readonly double[] densityAhPerV;

    private DifferentialCurve(double[] voltageV, double[] capacityAh, double[] densityAhPerV)
    {
        this.voltageV = voltageV;
        this.capacityAh = capacityAh;
        this.densityAhPerV = densityAhPerV;
    }

    /// <summary>The grid, rising, V.</summary>
    public IReadOnlyList<double> VoltageV => voltageV;

    /// <summary>Charge that passed at each point of the grid, not smoothed, Ah.</summary>
    public IReadOnlyList<double> BinCapacityAh => capacityAh;

    /// <summary>dQ/dV, smoothed, Ah/V.</summary>
    public IReadOnlyList<double> DensityAhPerV => densityAhPerV;

    /// <summary>dV/dQ at a point, V/Ah: the inverse of the smoothed dQ/dV; null where no charge passed.</summary>
    public double? SlopeVPerAh(int point) => densityAhPerV[point] > 0 ? 1 / densityAhPerV[point] : null;

    /// <summary>The peaks, rising in voltage; see <see cref="DifferentialPeak"/> for what their figures mean.</summary>
    public IReadOnlyList<DifferentialPeak> Peaks() => new PeakFinder(voltageV, densityAhPerV, capacityAh).Find();

    /// <summary>Null where too little of the grid was passed.</summary>
    internal static DifferentialCurve? From(ChargeHistogram histogram)
    {
        if (histogram.IsEmpty)
        {
            return null;
        }

        int first = ChargeHistogram.BinOf(histogram.LeastV);
        int count = ChargeHistogram.BinOf(histogram.LargestV) - first + 1;
        if (count < LeastPoints)
        {
            return null;
        }

        double[] voltage = new double[count];
        double[] capacity = new double[count];
        double[] covered = new double[count];
        for (int i = 0; i < count; i++)
        {
            voltage[i] = ChargeHistogram.MiddleV(first + i);
            capacity[i] = histogram.ChargeC(first + i) / CoulombsPerAh;
            covered[i] = histogram.CoveredV(first + i);
        }

        return new DifferentialCurve(voltage, capacity, Smoothed(capacity, covered));
    }

    private static double[] Smoothed(double[] capacity, double[] covered)
    {
        double[] density = new double[capacity.Length];
        for (int i = 0; i < density.Length; i++)
        {
            double charge = 0;
            double width = 0;
            int from = Math.Max(0, i - KernelReach);
            int to = Math.Min(capacity.Length - 1, i + KernelReach);
            for (int j = from; j <= to; j++)
            {
                double weight = Kernel[Math.Abs(j - i)];
                charge += weight * capacity[j];
                width += weight * covered[j];
            }

            density[i] = width > 0 ? charge / width : 0;
        }

        return density;
    }

    private static double[] MakeKernel()
    {
        double[] kernel = new double[KernelReach + 1];
        for (int i = 0; i < kernel.Length; i++)
        {
            double deviations = i * GridV / SmoothingV;
            kernel[i] = Math.Exp(-0.5 * deviations * deviations);
        }

        return kernel;
    }
}
