namespace PouchMonitor.Simulation;

/// <summary>
/// A cell whose every inner value is known, driven step by step, so that what a titration, a hold or a storage must give can
/// be written down beforehand: an open-circuit voltage straight over the charge, an ohmic and a quick resistance, diffusion into
/// a plane electrode of finite thickness (solved by its modes, exact between records), and a leak inside.
/// </summary>
public sealed class BenchCell
{
    private const int Modes = 120;

    private readonly List<BenchRecord> records = [];
    private readonly double[] modes = new double[Modes];
    private double quickV;

    /// <summary>Charge between empty and full, Ah.</summary>
    public double CapacityAh { get; set; } = 1;

    /// <summary>Open-circuit voltage when empty, V.</summary>
    public double EmptyV { get; init; } = 3.0;

    /// <summary>Rise of the open-circuit voltage with the charge, V/Ah.</summary>
    public double SlopeVPerAh { get; set; } = 1.2;

    public double Ohm { get; set; } = 0.05;

    public double QuickOhm { get; init; } = 0.02;

    /// <summary>Time constant of the quick resistance, s.</summary>
    public double QuickS { get; init; } = 2;

    /// <summary>Diffusion coefficient over the square of the diffusion length, 1/s; null for none.</summary>
    public double? DiffusionPerS { get; init; }

    /// <summary>Current that leaks inside by terminal voltage, A.</summary>
    public Func<double, double> LeakA { get; set; } = _ => 0;

    public double TemperatureC { get; set; } = 25;

    public double IntervalS { get; set; } = 10;

    /// <summary>Charge in the cell, Ah.</summary>
    public double StoredAh { get; set; }

    public double TimeS { get; private set; }

    public IReadOnlyList<BenchRecord> Records => records;

    /// <summary>Charge by which the surface of the electrode runs ahead of its mean, Ah.</summary>
    private double LeadAh => modes.Sum();

    private double AtRestV => EmptyV + (SlopeVPerAh * (StoredAh + LeadAh)) + quickV;

    /// <summary>Loses a share of its capacity, and of the charge in it, for good; its voltage stays.</summary>
    public BenchCell Lose(double share)
    {
        CapacityAh *= 1 - share;
        StoredAh *= 1 - share;
        SlopeVPerAh /= 1 - share;
        return this;
    }

    public BenchCell Rest(double seconds) => Run(0, seconds);

    /// <summary>A current for so long, or until the voltage reaches a limit.</summary>
    public BenchCell Run(double currentA, double seconds, double? untilV = null)
    {
        bool isFirst = true;
        for (double done = 0; done < seconds - 1e-9;)
        {
            double stepS = Math.Min(isFirst ? Math.Min(0.1, IntervalS) : IntervalS, seconds - done);
            Advance(currentA, stepS);
            done += stepS;
            isFirst = false;
            double voltageV = AtRestV + (Ohm * currentA);
            Record(voltageV, currentA);
            if (untilV is { } limitV && (voltageV - limitV) * Math.Sign(currentA) >= 0)
            {
                break;
            }
        }

        return this;
    }

    /// <summary>Holds a voltage for so long; what flows is what the cell takes and what leaks.</summary>
    public BenchCell Hold(double voltageV, double seconds, double largestA = double.PositiveInfinity)
    {
        for (double done = 0; done < seconds - 1e-9; done += IntervalS)
        {
            double wantedA = (voltageV - AtRestV) / Ohm;
            double takenA = Math.Clamp(wantedA, -largestA, largestA);
            double totalA = takenA + LeakA(voltageV);
            Advance(totalA, IntervalS);
            Record(takenA == wantedA ? voltageV : AtRestV + (Ohm * takenA), totalA);
        }

        return this;
    }

    /// <summary>Time passes without records.</summary>
    public BenchCell Skip(double seconds)
    {
        TimeS += seconds;
        return this;
    }

    /// <summary>Share by which the surface leads after a constant current, over its final lead: 1 - 6/pi^2 sum exp(-n^2 pi^2 T) / n^2.</summary>
    /// <param name="dimensionlessTime">Diffusion rate times time.</param>
    public static double LeadShare(double dimensionlessTime)
    {
        double sum = 0;
        for (int n = 1; n <= Modes; n++)
        {
            sum += Math.Exp(-n * n * Math.PI * Math.PI * dimensionlessTime) / (n * n);
        }

        return 1 - (6 / (Math.PI * Math.PI) * sum);
    }

    private void Advance(double currentA, double seconds)
    {
        double innerA = currentA - LeakA(AtRestV + (Ohm * currentA));
        StoredAh += innerA * seconds / 3600;
        double settledV = innerA * QuickOhm;
        quickV = settledV + ((quickV - settledV) * Math.Exp(-seconds / QuickS));
        for (int n = 1; DiffusionPerS is { } rate && n <= Modes; n++)
        {
            double settledAh = 2 * innerA / (3600 * rate * Math.PI * Math.PI * n * n);
            double decay = Math.Exp(-n * n * Math.PI * Math.PI * rate * seconds);
            modes[n - 1] = settledAh + ((modes[n - 1] - settledAh) * decay);
        }

        TimeS += seconds;
    }

    private void Record(double voltageV, double currentA) => records.Add(new BenchRecord(TimeS, voltageV, currentA, TemperatureC));
}
