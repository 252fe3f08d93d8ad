using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>A cell of 1 Ah that leaks while it is stored, and loses a part for good.</summary>
public sealed class StorageTests(ITestOutputHelper output)
{
    private const double LeakA = 2e-4;
    private const double Days = 14;
    private const double Lost = 0.03;

    [Fact]
    public void RetainedAndRecovered_AreTheCells()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Stored(Days).Records));
        double left = (1 - (LeakA * Days * 24)) * (1 - Lost);
        output.WriteLine($"{test.Why}: {test.Column("retainedShare")[0]:P2} retained, {test.Column("recoveredShare")[0]:P2} recovered");
        Assert.Equal((NamedTestKind.Storage, CycleQuality.Complete, ""), (test.Kind, test.Quality, test.Reason));
        Assert.Equal(left, test.Column("retainedShare")[0]!.Value, 1e-3);
        Assert.Equal(1 - Lost, test.Column("recoveredShare")[0]!.Value, 1e-3);
        Assert.Equal((1 - left) / Days, test.Column("selfDischargePerDay")[0]!.Value, 1e-4);
        Assert.Equal(Lost, test.Column("irreversibleShare")[0]!.Value, 1e-3);
        Assert.Equal(Days * 24, test.Column("storageH")[0]!.Value, 0.1);
        Assert.Equal(60, test.Column("temperatureC")[0]!.Value, 0.1);
        Assert.Equal(1000 * 1.2 * LeakA * Days * 24, test.Column("voltageLossMv")[0]!.Value, 2.0);
    }

    [Theory]
    [InlineData(2e-4, 1e-4, 0)]
    [InlineData(0, 0, 1e-2)]
    [InlineData(1e-3, 1e-3, 1e-2)]
    public void NoiseAndCoarseCurrents_AreBorne(double noiseV, double noiseA, double quantumA)
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Stored(Days).Records.Noisy(seed: 4, noiseV, noiseA, 0, quantumA)));
        Assert.Equal((1 - (LeakA * Days * 24)) * (1 - Lost), test.Column("retainedShare")[0]!.Value, 3e-3);
        Assert.Equal(1 - Lost, test.Column("recoveredShare")[0]!.Value, 3e-3);
    }

    [Fact]
    public void WithoutADischargeBefore_OrAfter_TheShareIsNullAndSaid()
    {
        NamedTest first = Assert.Single(BenchRuns.Tests(Stored(Days, before: 0).Records));
        Assert.Null(first.Column("retainedShare")[0]);
        Assert.Contains("before it", first.Groups[0].Reason, StringComparison.Ordinal);
        NamedTest last = Assert.Single(BenchRuns.Tests(Stored(Days, after: 0).Records));
        Assert.Null(last.Column("recoveredShare")[0]);
        Assert.NotNull(last.Column("retainedShare")[0]);
        Assert.Contains("after the next charge", last.Groups[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AGapInTheDischargeAfter_TakesTheRetained()
    {
        BenchRecord[] records = [.. Stored(Days).Records];
        int rest = Array.FindLastIndex(records, record => record.TemperatureC > 50);
        double gapS = records[rest].TimeS + 3000;
        NamedTest test = Assert.Single(BenchRuns.Tests(records.Where(record => record.TimeS < gapS || record.TimeS > gapS + 1500)));
        Assert.Null(test.Column("retainedShare")[0]);
        Assert.NotNull(test.Column("recoveredShare")[0]);
        Assert.Equal(CycleQuality.Partial, test.Quality);
    }

    [Fact]
    public void APauseWithoutRecords_AShortRest_AndARestWhenEmpty_AreNone()
    {
        Assert.Empty(BenchRuns.Tests(Stored(0.5).Records));
        var bench = new BenchCell { Ohm = 0.001, QuickOhm = 5e-4, IntervalS = 5 };
        for (int i = 0; i < 3; i++)
        {
            Discharge(Charge(bench).Rest(600).Skip(7 * 86_400).Rest(600)).Rest(3 * 86_400);
        }

        Assert.Empty(BenchRuns.Tests(bench.Records));
    }

    private static BenchCell Stored(double days, int before = 2, int after = 2)
    {
        var bench = new BenchCell { Ohm = 0.001, QuickOhm = 5e-4, IntervalS = 5 };
        for (int i = 0; i < before; i++)
        {
            Discharge(Charge(bench).Rest(1800)).Rest(1800);
        }

        Charge(bench);
        bench.LeakA = _ => LeakA;
        bench.TemperatureC = 60;
        bench.IntervalS = 300;
        bench.Rest(days * 86_400);
        bench.IntervalS = 5;
        bench.LeakA = _ => 0;
        bench.TemperatureC = 25;
        Discharge(bench.Lose(Lost)).Rest(1800);
        for (int i = 0; i < after; i++)
        {
            Discharge(Charge(bench).Rest(1800)).Rest(1800);
        }

        return bench;
    }

    private static BenchCell Charge(BenchCell bench) => bench.Run(0.5, 20_000, 4.2);

    private static BenchCell Discharge(BenchCell bench) => bench.Run(-0.5, 20_000, 3.0);
}
