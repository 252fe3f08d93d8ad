using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>
/// An emulated cell as a node records it: voltage with 0.2 mV of noise, its lowest value within the interval, current with 0.02 %,
/// surface and ambient with 50 mK. What it gives is set by the options and the seed alone.
/// </summary>
internal sealed class EmulatedCell
{
    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    public int Cycles { get; init; } = 12;

    public EmulatedFaultKind Fault { get; init; }

    /// <summary>Cycles done when the fault comes, in parts of one.</summary>
    public double FaultAfterCycles { get; init; } = 6;

    public double? ShortOhm { get; init; }

    public double HeatW { get; init; }

    public double DipsPerHour { get; init; } = 6;

    public double ChargeNoiseV { get; init; } = 0.003;

    public double IntervalSeconds { get; init; } = 1;

    public double VoltageNoiseV { get; init; } = 2e-4;

    public bool HasLowest { get; init; } = true;

    public bool HasAmbient { get; init; } = true;

    /// <summary>Share of records in which a cable glitches: 0.1 to 1 V up or down for one record.</summary>
    public double GlitchShare { get; init; }

    /// <summary>Added to chamber and cell alike, by seconds since the start; with the lag of the cell.</summary>
    public Func<double, double>? ChamberK { get; init; }

    /// <summary>Runs it through the analysis with its own profile.</summary>
    public ReportCollector Judge(Func<Sample, Sample>? change = null)
    {
        Assert.True(CellProfiles.TryGet(Name, out CellProfile? profile));
        var report = new ReportCollector();
        var analysis = new ChannelAnalysis(profile, report);
        foreach (Sample sample in Samples())
        {
            Sample changed = change is null ? sample : change(sample);
            analysis.Add(changed);
        }

        analysis.Complete();
        return report;
    }

    public IEnumerable<Sample> Samples()
    {
        EmulatedCellProfile profile = EmulatedCells.Varied(EmulatedCells.Create(Name), Seed);
        CyclerProtocol protocol = profile.Protocol;
        double cycleS = (3600 / protocol.ChargeRateC) + (3600 / protocol.DischargeRateC) + (2 * protocol.RestS);
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = profile,
            Cycles = Cycles,
            Seed = Seed,
            StepS = IntervalSeconds,
            Fault = Fault == EmulatedFaultKind.None
                ? null
                : new EmulatedFault
                {
                    Kind = Fault, AtS = protocol.InitialRestS + (FaultAfterCycles * cycleS), ShortOhm = ShortOhm, HeatW = HeatW,
                    DipsPerHour = DipsPerHour, ChargeNoiseV = ChargeNoiseV,
                },
        });
        var noise = new SeededNoise(Seed ^ 0x5A5A_5A5A_5A5A_5A5A);
        double timeConstantS = profile.HeatCapacityJPerK / profile.HeatLossWPerK;
        double laggedK = ChamberK?.Invoke(0) ?? 0;
        for (long number = 0; !run.Cycler.IsOver; number++)
        {
            double chamberK = ChamberK?.Invoke(run.TimeS) ?? 0;
            laggedK += (chamberK - laggedK) * (1 - Math.Exp(-IntervalSeconds / timeConstantS));
            yield return Of(run, number, profile.NominalCapacityAh, laggedK, chamberK, noise);
            run.AdvanceTo((number + 1) * IntervalSeconds);
        }
    }

    private Sample Of(CellOnCycler run, long number, double nominalAh, double laggedK, double chamberK, SeededNoise noise)
    {
        var sample = new Sample { Number = number, TimeMicroseconds = (long)Math.Round(run.TimeS * 1e6), States = SensorStates.AllAbsent };
        double voltage = run.VoltageV + (VoltageNoiseV * noise.NextGaussian());
        sample.VoltageDipV = HasLowest ? (float)Math.Max(0, run.VoltageV - run.LowestVoltageV + (VoltageNoiseV * 2)) : 0;
        if (GlitchShare > 0 && noise.NextUnit() < GlitchShare)
        {
            double size = 0.1 + (0.9 * noise.NextUnit());
            voltage += noise.NextUnit() < 0.5 ? -size : size;
        }

        Set(ref sample, SampleColumns.Voltage, voltage);
        Set(ref sample, SampleColumns.Current, run.CurrentA == 0 ? 0 : run.CurrentA + (2e-4 * nominalAh * noise.NextGaussian()));
        Set(ref sample, SampleColumns.Surface, run.SurfaceC + laggedK + (0.05 * noise.NextGaussian()));
        if (HasAmbient)
        {
            Set(ref sample, SampleColumns.Ambient, run.AmbientC + chamberK + (0.05 * noise.NextGaussian()));
        }

        return sample;
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }
}
