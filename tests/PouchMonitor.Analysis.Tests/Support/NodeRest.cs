namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>
/// A rest as a node records it: no current flows, but the converter shows its noise and its offset, quantised, on current
/// and voltage, and the open circuit relaxes.
/// </summary>
internal sealed class NodeRest(int seed)
{
    /// <summary>312.5 nV over 10 mOhm.</summary>
    private const double CurrentQuantumA = 31.25e-6;
    private const double VoltageQuantumV = 195.3125e-6;
    private const double VoltageNoiseV = 200e-6;
    private const double RelaxationSeconds = 3600;

    private readonly Random random = new(seed);

    /// <summary>Half width of the noise of the current, A.</summary>
    public double NoiseA { get; init; }

    public double OffsetA { get; init; }

    /// <summary>How far above its open circuit the cell starts, V.</summary>
    public double RelaxesV { get; init; }

    public void AppendTo(CellTrace trace, double seconds)
    {
        double intervalSeconds = trace.IntervalSeconds;
        for (double done = intervalSeconds; done <= seconds; done += intervalSeconds)
        {
            double currentA = Quantised(OffsetA + (NoiseA * Uniform()), CurrentQuantumA);
            double openV = trace.OpenCircuitV + (RelaxesV * Math.Exp(-done / RelaxationSeconds));
            trace.Skip(intervalSeconds).Record(Quantised(openV + (VoltageNoiseV * Uniform()), VoltageQuantumV), currentA);
        }
    }

    private static double Quantised(double value, double quantum) => Math.Round(value / quantum) * quantum;

    private double Uniform() => (2 * random.NextDouble()) - 1;
}
