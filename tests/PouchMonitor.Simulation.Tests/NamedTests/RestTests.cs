using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>What a cell with known resistances and a known leak does at rest.</summary>
public sealed class RestTests(ITestOutputHelper output)
{
    private const double LeakA = 2e-4;

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    public void Relaxation_IsTheResistancesOverTime(double currentA)
    {
        var bench = new BenchCell { StoredAh = 0.5, Ohm = 0.05, QuickOhm = 0.04, QuickS = 100, IntervalS = 1 };
        RestRelaxation rest = Rests(bench.Rest(60).Run(currentA, 1800).Rest(1200).Records)[0];
        Assert.Equal(currentA > 0 ? StepKind.Charge : StepKind.Discharge, rest.After);
        Assert.Equal(-currentA * Ohm(10), rest.ChangeAfter10sV!.Value, 2e-4);
        Assert.Equal(-currentA * Ohm(60), rest.ChangeAfter60sV!.Value, 2e-4);
        Assert.Equal(-currentA * Ohm(600), rest.ChangeAfter600sV!.Value, 2e-4);
        Assert.Equal(-currentA * Ohm(1200), rest.ChangeAtEndV!.Value, 2e-4);
        Assert.Null(rest.DriftMvPerH);

        static double Ohm(double seconds) => 0.05 + (0.04 * (1 - Math.Exp(-seconds / 100)));
    }

    [Fact]
    public void AShorterRest_OrSlowSampling_LeavesNull()
    {
        var bench = new BenchCell { StoredAh = 0.5, IntervalS = 1 };
        RestRelaxation brief = Rests(bench.Rest(60).Run(0.5, 600).Rest(40).Run(0.5, 600).Records)[0];
        Assert.NotNull(brief.ChangeAfter10sV);
        Assert.Null(brief.ChangeAfter60sV);
        Assert.NotNull(brief.ChangeAtEndV);

        var slow = new BenchCell { StoredAh = 0.5, IntervalS = 60 };
        BenchRecord[] records = [.. slow.Rest(600).Run(0.5, 1800).Rest(1800).Records];
        RestRelaxation coarse = Rests(records.Where((record, i) => i == 0 || record.TimeS - records[i - 1].TimeS > 50 || record.CurrentA != 0))[0];
        Assert.Null(coarse.ChangeAfter10sV);
        Assert.Null(coarse.ChangeAfter60sV);
        Assert.NotNull(coarse.ChangeAfter600sV);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2e-4, 0)]
    [InlineData(2e-4, 1e-4)]
    public void Drift_IsTheLeakWithinItsInterval(double noiseV, double quantumV)
    {
        var bench = new BenchCell { StoredAh = 0.5, LeakA = _ => LeakA, QuickS = 20 };
        bench.Rest(7200).Run(-0.4, 3600).Rest(7200).Run(0.1, 1800).Rest(24 * 3600);
        RestRelaxation rest = Rests(bench.Records.Noisy(seed: 41, noiseV, 0, quantumV))[^1];
        output.WriteLine($"{rest.DriftMvPerH:F4} ({rest.DriftLowMvPerH:F4} to {rest.DriftHighMvPerH:F4}) mV/h, {rest.SelfDischargeAhPerH:G4} Ah/h");
        double expected = -1000 * 1.2 * LeakA;
        Assert.True(rest.IsSettled);
        Assert.Equal(expected, rest.DriftMvPerH!.Value, 0.03 * Math.Abs(expected));
        Assert.InRange(expected, rest.DriftLowMvPerH!.Value - 5e-3, rest.DriftHighMvPerH!.Value + 5e-3);
        Assert.Equal(LeakA, rest.SelfDischargeAhPerH!.Value, 0.04 * LeakA);
    }

    [Fact]
    public void ARelaxationThatGoesOn_HasNotSettledAndIsNoSelfDischarge()
    {
        var bench = new BenchCell { StoredAh = 0.5, DiffusionPerS = 3e-5 };
        RestRelaxation rest = Rests(bench.Rest(7200).Run(0.1, 1800).Rest(4 * 3600).Records)[^1];
        Assert.False(rest.IsSettled);
        Assert.Null(rest.SelfDischargeAhPerH);
        Assert.InRange(rest.DriftMvPerH!.Value, rest.DriftLowMvPerH!.Value, rest.DriftHighMvPerH!.Value);
    }

    [Fact]
    public void ARestBehindAGap_HasNoChange()
    {
        var bench = new BenchCell { StoredAh = 0.2 };
        bench.Rest(600).Run(0.5, 1800).Skip(3600).Rest(1800).Run(0.5, 600);
        RestRelaxation[] rests = [.. Rests(bench.Records)];
        Assert.All(rests, rest => Assert.Null(rest.ChangeAfter60sV));
        Assert.All(rests, rest => Assert.Null(rest.ChangeAtEndV));
    }

    private static IReadOnlyList<RestRelaxation> Rests(IEnumerable<BenchRecord> records)
    {
        ReportCollector collector = BenchRuns.Report(records, out NamedTestCollector inside);
        return RestRelaxation.Of(collector.Steps, inside);
    }
}
