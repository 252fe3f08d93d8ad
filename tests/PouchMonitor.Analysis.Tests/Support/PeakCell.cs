using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>
/// A made-up cell whose dQ/dV is known: its charge over open-circuit voltage is a sum of logistic steps, one for each peak,
/// and one resistance. What a run at one current must show is the same peaks moved by current times resistance.
/// </summary>
internal sealed class PeakCell
{
    /// <summary>H1-M, M-H2 and H2-H3 as they lie in NCM811, V and Ah.</summary>
    public static readonly (double Volts, double Ah)[] Ncm = [(3.70, 0.40), (4.00, 0.35), (4.20, 0.25)];

    private const double LogisticWidthV = 0.015;
    private const double EmptyV = 3.40;
    private const double FullV = 4.40;

    private readonly CellTrace trace = new();
    private readonly Random random;

    public PeakCell(int seed = 1) => random = new Random(seed);

    public double ResistanceOhm { get; set; } = 0.05;

    public double NoiseV { get; init; }

    /// <summary>Step in which voltages are given, V; 0 for none.</summary>
    public double QuantumV { get; init; } = 0.001;

    public double IntervalSeconds { get; init; } = 1;

    /// <summary>Full width at half height of a peak of logistic form, V.</summary>
    public static double WidthV => 2 * Math.Log((3 + Math.Sqrt(8))) * LogisticWidthV;

    public Sample[] ToArray() => trace.ToArray();

    /// <summary>Rest, charge, constant voltage if asked for, rest, discharge; the currents are magnitudes.</summary>
    public PeakCell Cycle(double currentA, double heldSeconds = 0)
    {
        Rest(300, EmptyV);
        Run(currentA, 1);
        double limitV = FullV + (currentA * ResistanceOhm);
        for (double held = 0; held < heldSeconds; held += IntervalSeconds)
        {
            Record(limitV, currentA * Math.Exp(-held / (0.3 * heldSeconds)));
        }

        Rest(300, FullV);
        Run(currentA, -1);
        return this;
    }

    /// <summary>At the end of a test, so that its last half is not the one cut short.</summary>
    public PeakCell Rest(double seconds, double volts = EmptyV)
    {
        for (double done = 0; done < seconds; done += IntervalSeconds)
        {
            Record(volts, 0);
        }

        return this;
    }

    private static double ChargeAh(double volts) => Ncm.Sum(peak => peak.Ah / (1 + Math.Exp((peak.Volts - volts) / LogisticWidthV)));

    private static double VoltsAt(double chargeAh)
    {
        double low = EmptyV - 0.5;
        double high = FullV + 0.5;
        for (int i = 0; i < 50; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = ChargeAh(middle) < chargeAh ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }

    private void Run(double currentA, int direction)
    {
        double fromAh = ChargeAh(direction > 0 ? EmptyV : FullV);
        double toAh = ChargeAh(direction > 0 ? FullV : EmptyV);
        double seconds = Math.Abs(toAh - fromAh) * 3600 / currentA;
        for (double done = IntervalSeconds; done <= seconds; done += IntervalSeconds)
        {
            double volts = VoltsAt(fromAh + (direction * currentA * done / 3600));
            Record(volts + (direction * currentA * ResistanceOhm), direction * currentA);
        }
    }

    private void Record(double volts, double currentA)
    {
        // Sum of twelve uniforms: close enough to a normal distribution, and the same on every machine.
        double noise = NoiseV == 0 ? 0 : NoiseV * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6);
        double noisy = volts + noise;
        trace.TimeSeconds += IntervalSeconds;
        trace.Record(QuantumV > 0 ? Math.Round(noisy / QuantumV) * QuantumV : noisy, currentA);
    }
}
