using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Cycles;

/// <summary>What a node shows at rest is no cycle, before the first charge and between cycles; a tiny current is one.</summary>
public sealed class RestNoiseTests(ITestOutputHelper output)
{
    private const double Microampere = 1e-6;
    private const int CycleCount = 16;

    private static readonly CellProfile OneAh = new() { Name = "1 Ah", NominalCapacityAh = 1 };

    /// <summary>Noise and offset of the current at rest in uA, hours of rest, relaxation in mV, profile known.</summary>
    public static TheoryData<double, double, double, double, bool> Rests => new()
    {
        { 80, 0, 1, 0, false },
        { 80, 0, 1, 0, true },
        { 80, 0, 10, 0, false },
        { 80, 0, 10, 0, true },
        { 80, 0, 10, 50, false },
        { 80, 0, 10, -50, false },
        { 80, 20, 10, -50, false },
        { 10, 0, 10, 0, false },
        { 0, 60, 10, 0, false },
        { 0, 60, 10, 0, true },
        { 0, -60, 10, 0, false },
        { 0, -60, 10, 0, true },
        { 40, 60, 10, -50, false },
        { 40, -60, 10, 50, false },
    };

    [Theory]
    [MemberData(nameof(Rests))]
    public void RestBeforeTheFirstCharge_ChangesNothing(double noise, double offset, double hours, double relaxes, bool known)
    {
        NodeRest rest = Rest(noise, offset, relaxes);
        CellTrace noisy = Trace();
        rest.AppendTo(noisy, 3600 * hours);
        Cycles(noisy, between: null);
        CellTrace clean = Trace().Rest(3600 * hours);
        Cycles(clean, between: null);

        AssertSame(clean, noisy, known ? OneAh : null);
    }

    [Theory]
    [MemberData(nameof(Rests))]
    public void RestBetweenCycles_ChangesNothing(double noise, double offset, double hours, double relaxes, bool known)
    {
        CellTrace noisy = Trace();
        Cycles(noisy, (Rest(noise, offset, relaxes), 3600 * hours));
        CellTrace clean = Trace();
        Cycles(clean, (new NodeRest(0), 3600 * hours));

        AssertSame(clean, noisy, known ? OneAh : null);
    }

    [Theory]
    [MemberData(nameof(Rests))]
    public void RestAlone_HasNoCycle(double noise, double offset, double hours, double relaxes, bool known)
    {
        CellTrace trace = Trace();
        trace.IntervalSeconds = 1;
        NodeRest rest = Rest(noise, offset, known ? relaxes : 0);
        rest.AppendTo(trace, 3600 * hours);

        Assert.Empty(Runs.Whole(trace.ToArray(), known ? OneAh : null).Cycles);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OutageDuringTheRestBefore_DoesNotGapTheFirstCharge(bool discharging)
    {
        CellTrace trace = Trace();
        NodeRest rest = Rest(0, discharging ? -60 : 60, 0);
        rest.AppendTo(trace, 3600);
        trace.Skip(1800);
        rest.AppendTo(trace, 3600);
        Cycles(trace, between: null);

        Assert.Equal(CycleQuality.Complete, Runs.Whole(trace.ToArray()).Cycles.First().Quality);
    }

    [Fact]
    public void NoiseThatSavesAndLoadsOnTheWay_TellsTheSame()
    {
        CellTrace trace = Trace();
        Rest(80, 20, -50).AppendTo(trace, 7200);
        Cycles(trace, between: null);
        Sample[] samples = trace.ToArray();
        var straightLog = new EventLog();
        var straight = new ChannelAnalysis(Runs.Unknown, straightLog);
        var brokenLog = new EventLog();
        var broken = new ChannelAnalysis(Runs.Unknown, brokenLog);
        for (int i = 0; i < samples.Length; i++)
        {
            straight.Add(samples[i]);
            broken.Add(samples[i]);

            // Every sample about the first real current, at sample 720.
            if (i % 97 == 0 || Math.Abs(i - 720) < 4)
            {
                broken = Reloaded(broken, brokenLog);
            }
        }

        straight.Complete();
        broken.Complete();
        Assert.Equal(straightLog.Lines, brokenLog.Lines);
        Assert.Equal(CycleCount, straight.Progress.CycleCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CoinCellAtAFiftieth_StillCycles(bool known)
    {
        int seed = Seed();
        var random = new Random(seed);
        var trace = new CellTrace { CapacityAh = 0.0015, ResistanceOhm = 200, IntervalSeconds = 60 };
        CellProfile? profile = known ? new CellProfile { Name = "coin", NominalCapacityAh = 0.0015 } : null;
        for (int cycle = 0; cycle < 3; cycle++)
        {
            trace.Cycle(30 * Microampere);
        }

        trace.Rest(300);
        for (int i = 0; i < trace.Count; i++)
        {
            trace.Spoil(i, SampleColumns.Current,
                trace.Samples[i].Values[SampleColumns.Current] + (0.05 * Microampere * (random.NextDouble() - 0.5)));
        }

        IReadOnlyCollection<CycleSummary> cycles = Runs.Whole(trace.ToArray(), profile).Cycles;

        Assert.Equal([1, 2, 3], cycles.Select(cycle => cycle.Index));
        Assert.All(cycles, cycle => Assert.Equal(0.0015, cycle.DischargeCapacityAh!.Value, 2e-6));
        Assert.All(cycles, cycle => Assert.Equal(CycleQuality.Complete, cycle.Quality));
    }

    [Theory]
    [InlineData(0.0020, 0)]
    [InlineData(0.0030, 3)]
    public void LevelVoltageOfTwoLikeElectrodes_CyclesOnceItJumpsWithTheCurrent(double overvoltageV, int count)
    {
        var trace = new CellTrace { IntervalSeconds = 10 };
        for (int half = 0; half < 6; half++)
        {
            double sign = half % 2 == 0 ? 1 : -1;
            for (int i = 0; i < 360; i++)
            {
                trace.Skip(10).Record(sign * overvoltageV, sign * 0.001);
            }
        }

        Assert.Equal(count, Runs.Whole(trace.ToArray()).Cycles.Count);
    }

    [Theory]
    [InlineData(0.0049, 0.9, false)]
    [InlineData(0.0050, 0.9, true)]
    [InlineData(0.0051, 0.9, true)]
    [InlineData(0.9, 0.0049, false)]
    [InlineData(0.9, 0.0050, true)]
    [InlineData(0.9, 0.0051, true)]
    [InlineData(0.9, -0.9, false)]
    [InlineData(-0.9, 0.9, false)]
    public void VoltageThatTurnsWithTheCurrent_IsAResponse(double upV, double downV, bool responds)
    {
        // About zero, where the sums are exact enough for the threshold itself.
        HalfCycle charge = new() { FirstVoltageV = -upV, LastVoltageV = 0 };
        HalfCycle discharge = new() { FirstVoltageV = 0, LastVoltageV = -downV };
        HalfCycle lowered = new() { FirstVoltageV = upV, LastVoltageV = 0 };
        HalfCycle raised = new() { FirstVoltageV = 0, LastVoltageV = downV };

        Assert.Equal(responds, VoltageResponse.IsShownBy(charge, discharge, 1));
        Assert.Equal(responds, VoltageResponse.IsShownBy(lowered, raised, -1));
    }

    [Fact]
    public void KnownCapacity_ShowsRestAndNoPulsesThroughoutTheNoise()
    {
        CellTrace trace = Trace();
        trace.IntervalSeconds = 1;
        Rest(80, 0, 0).AppendTo(trace, 3600);
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(OneAh, collector);
        foreach (Sample sample in trace.Samples)
        {
            analysis.Add(sample);
            if (analysis.Progress.SampleCount > 60)
            {
                Assert.Equal((StepKind.Rest, null), (analysis.Progress.Step, analysis.Progress.RunningCycle));
            }
        }

        analysis.Complete();
        Assert.Empty(collector.Pulses);
    }

    [Theory]
    [InlineData(1.0, 0.000499, 0)]
    [InlineData(1.0, 0.000500, 0)]
    [InlineData(1.0, 0.000501, 1)]
    [InlineData(1.0, -0.000501, -1)]
    [InlineData(null, 0.000499, 1)]
    public void LessThanATwoThousandthOfAKnownCapacity_IsRest(double? capacityAh, double currentA, int kind) =>
        Assert.Equal(kind, new CurrentScale(capacityAh).Classify(currentA));

    private static CellTrace Trace() => new() { IntervalSeconds = 10 };

    /// <summary>A 1 Ah cell at 0.2 and 0.5 A that loses 2 % a cycle and whose resistance grows.</summary>
    private static void Cycles(CellTrace trace, (NodeRest Noise, double Seconds)? between)
    {
        for (int cycle = 0; cycle < CycleCount; cycle++)
        {
            trace.CapacityAh = 1 - (0.02 * cycle);
            trace.ResistanceOhm = 0.1 + (0.008 * cycle);
            double capacityC = 3600 * trace.CapacityAh;
            trace.Charge(0.2, capacityC / 0.2).Rest(600).Discharge(0.5, capacityC / 0.5).Rest(600);
            if (between is var (rest, seconds) && cycle is 0 or 1 or 7)
            {
                rest.AppendTo(trace, seconds);
            }
        }
    }

    private static ChannelAnalysis Reloaded(ChannelAnalysis analysis, EventLog log)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        analysis.Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var loaded = new ChannelAnalysis(Runs.Unknown, log);
        loaded.Load(reader);
        return loaded;
    }

    private static void AssertSame(CellTrace clean, CellTrace noisy, CellProfile? profile)
    {
        ReportCollector wanted = Runs.Whole(clean.ToArray(), profile);
        ReportCollector got = Runs.Whole(noisy.ToArray(), profile);

        Assert.Equal(CycleCount, wanted.Cycles.Count);
        Assert.Equal(wanted.Cycles, got.Cycles);
        Assert.Contains(wanted.Findings, finding => finding is { Rule: RuleNames.CapacityFade, Cycle: 12 });
        Assert.Contains(wanted.Findings, finding => finding.Rule == RuleNames.PolarizationRise);
        Assert.Equal(wanted.Findings.Where(IsOfCycles), got.Findings.Where(IsOfCycles));

        // A resistance is taken against the rest before its step, so that what the rest does to the voltage is in it.
        Finding[] rises = [.. wanted.Findings.Where(finding => !IsOfCycles(finding))];
        Finding[] gotRises = [.. got.Findings.Where(finding => !IsOfCycles(finding))];
        Assert.Equal(rises.Select(finding => finding.Severity), gotRises.Select(finding => finding.Severity));
        Assert.All(rises.Zip(gotRises), pair => Assert.InRange(pair.Second.Cycle!.Value, pair.First.Cycle!.Value - 1, pair.First.Cycle.Value + 1));

        static bool IsOfCycles(Finding finding) => finding.Rule != RuleNames.ResistanceRise;
    }

    private NodeRest Rest(double noise, double offset, double relaxes) => new(Seed())
    {
        NoiseA = noise * Microampere, OffsetA = offset * Microampere, RelaxesV = relaxes / 1000,
    };

    private int Seed()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
