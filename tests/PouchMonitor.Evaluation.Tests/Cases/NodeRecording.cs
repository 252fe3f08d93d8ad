using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>
/// An emulated cell as a node of this project records it: converter noise and quanta, contact, infrared and ambient
/// temperature. Coin cells are recorded as a cycler does: voltage, current and the chamber's temperature.
/// </summary>
internal sealed record NodeRecording
{
    private const double VoltageNoiseV = 60e-6;
    private const double VoltageQuantumV = 187.5e-6;
    private const double ShuntNoiseV = 4e-6;
    private const double ShuntQuantumV = 7.8125e-6;
    private const double ContactNoiseK = 0.015;
    private const double InfraredNoiseK = 0.06;
    private const double InfraredQuantumK = 0.02;
    private const double CyclerNoiseV = 2e-4;
    private const double CyclerNoiseC = 2e-4;

    public required EmulatedCellProfile Cell { get; init; }

    public required ulong Seed { get; init; }

    public int Cycles { get; init; } = 10;

    public CyclerProtocol? Protocol { get; init; }

    public EmulatedFault? Fault { get; init; }

    /// <summary>Step of the equations and of the truth.</summary>
    public double StepS { get; init; } = 5;

    /// <summary>Seconds between samples.</summary>
    public double IntervalS { get; init; } = 10;

    public double NoiseFactor { get; init; } = 1;

    /// <summary>No sample after this time.</summary>
    public double UntilS { get; init; } = double.PositiveInfinity;

    /// <summary>Seconds recorded after the cycler gave up.</summary>
    public double WatchS { get; init; } = 900;

    /// <summary>The maker's maximum, for the truth of a runaway.</summary>
    public double MaximumC { get; init; } = 60;

    public bool IsCoin => Cell.NominalCapacityAh < 0.05;

    /// <summary>The samples; <paramref name="truth"/> is complete when the last one has been read.</summary>
    public IEnumerable<Sample> Samples(CaseTruth truth)
    {
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = Cell, Protocol = Protocol, Cycles = Cycles, Fault = Fault, StepS = StepS, Seed = Seed,
        });
        var noise = new SeededNoise(Seed ^ 0x0B5E_0B5E_0B5E_0B5E);
        double shuntOhm = Cell.NominalCapacityAh > 2 ? 0.05 : 0.1;
        double nextS = 0;
        double endS = double.PositiveInfinity;
        long number = 0;
        for (long step = 0; run.TimeS <= Math.Min(endS, UntilS); step++)
        {
            truth.Follow(run, StepS, MaximumC);
            if (run.TimeS >= nextS - 1e-9)
            {
                nextS = run.TimeS + IntervalS;
                yield return Record(run, noise, shuntOhm, number++);
            }

            if (run.Cycler.IsOver && double.IsPositiveInfinity(endS))
            {
                endS = run.TimeS + WatchS;
            }

            run.AdvanceTo((step + 1) * StepS);
        }
    }

    private Sample Record(CellOnCycler run, SeededNoise noise, double shuntOhm, long number)
    {
        var sample = new Sample { Number = number, TimeMicroseconds = (long)Math.Round(run.TimeS * 1e6), States = SensorStates.AllAbsent };
        double factor = NoiseFactor;
        if (IsCoin)
        {
            double rest = run.CurrentA == 0 ? 0 : CyclerNoiseC * Cell.NominalCapacityAh * factor * noise.NextGaussian();
            Set(ref sample, SampleColumns.Voltage, run.VoltageV + (CyclerNoiseV * factor * noise.NextGaussian()));
            Set(ref sample, SampleColumns.Current, run.CurrentA + rest);
            Set(ref sample, SampleColumns.Surface, run.SurfaceC + (3 * ContactNoiseK * factor * noise.NextGaussian()));
            return sample;
        }

        Set(ref sample, SampleColumns.Voltage, Quantised(run.VoltageV + (VoltageNoiseV * factor * noise.NextGaussian()), VoltageQuantumV));
        double shuntV = Quantised((run.CurrentA * shuntOhm) + (ShuntNoiseV * factor * noise.NextGaussian()), ShuntQuantumV);
        Set(ref sample, SampleColumns.Current, shuntV / shuntOhm);
        Set(ref sample, SampleColumns.Surface, run.SurfaceC + (ContactNoiseK * factor * noise.NextGaussian()));
        Set(ref sample, SampleColumns.Infrared, Quantised(run.SurfaceC + (InfraredNoiseK * factor * noise.NextGaussian()), InfraredQuantumK));
        Set(ref sample, SampleColumns.Ambient, run.AmbientC + (ContactNoiseK * factor * noise.NextGaussian()));
        return sample;
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }

    private static double Quantised(double value, double quantum) => Math.Round(value / quantum) * quantum;
}
