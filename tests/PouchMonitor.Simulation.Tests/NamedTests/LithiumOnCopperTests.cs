using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>Efficiencies of lithium on copper: the papers', recognised from voltage and current alone; and what spoils them.</summary>
public sealed class LithiumOnCopperTests(ITestOutputHelper output)
{
    private const string Name = "dne-li-cu";
    private const double Published = 0.985;

    [Theory]
    [InlineData("dne-li-cu", 0.985)]
    [InlineData("dne-li-cu-baseline", 0.943)]
    [InlineData("tve-li-cu", 0.989)]
    [InlineData("tve-li-cu-baseline", 0.971)]
    [InlineData("pota-li-cu", 0.9881)]
    [InlineData("pota-li-cu-baseline", 0.9064)]
    public void AurbachEfficiency_IsThePapers(string name, double published)
    {
        NamedTest test = Assert.Single(FoundTests.Of(LithiumRuns.Report(LithiumRuns.Records(name, 10, 10))));
        output.WriteLine($"{name}: {test["coulombicEfficiency"]:P3}, published {published:P2}; {test.Why}");
        Assert.Equal((NamedTestKind.AurbachEfficiency, CycleQuality.Complete, ""), (test.Kind, test.Quality, test.Reason));
        Assert.Equal(published, test["coulombicEfficiency"]!.Value, 0.02 * (1 - published));
        Assert.Equal(published, test["conditioningEfficiency"]!.Value, 0.02 * (1 - published));
        Assert.Equal(10, test["cycles"]);
        Assert.Equal(4 * 1.131e-3, test["reservoirAh"]!.Value, 1e-6);
        Assert.Equal(
            AurbachEfficiency.Of(test["reservoirAh"]!.Value, test["partAh"]!.Value, 10, test["finalStripAh"]!.Value),
            test["coulombicEfficiency"]!.Value, 1e-6);
        Assert.Null(test["coulombicEfficiencyUncertainty"]);
    }

    [Fact]
    public void Uncertainty_IsTheOffsetsOverBothDirections()
    {
        NamedTest test = Assert.Single(NamedTestFinder.Find(new NamedTestInput
        {
            Profile = LithiumRuns.Unknown, Cycles = [], Steps = LithiumRuns.Report(LithiumRuns.Records(Name, 10, 10)).Steps,
            Uncertainty = new MeasurementUncertainty(1e-6, 0),
        }));

        // 0.5 mA/cm2 on 1.131 cm2 both ways: the offset over the current, twice.
        Assert.Equal(Published * 2 * 1e-6 / (0.5e-3 * 1.131), test["coulombicEfficiencyUncertainty"]!.Value, 1e-5);
    }

    [Theory]
    [InlineData(2e-4, 1e-6, 0)]
    [InlineData(0, 0, 5e-6)]
    [InlineData(2e-4, 1e-6, 5e-6)]
    public void NoiseAndCoarseCurrents_AreBorne(double noiseV, double noiseA, double quantumA)
    {
        NamedTest test = Assert.Single(FoundTests.Of(LithiumRuns.Report(
            LithiumRuns.Records(Name, 10, 10).Noisy(seed: 31, noiseV, noiseA, quantumA))));
        Assert.Equal(Published, test["coulombicEfficiency"]!.Value, 0.02 * (1 - Published));
    }

    [Fact]
    public void WithoutItsLastStripping_ThereIsNoEfficiency()
    {
        LithiumRecord[] records = [.. LithiumRuns.Records(Name, 10, 10)];
        int lastPlating = Array.FindLastIndex(records, record => record.CurrentA < 0);
        ExpectNone(records.Take(lastPlating + 1), "missing", CycleQuality.Partial);
    }

    [Fact]
    public void CutOffInItsLastStripping_ThereIsNoEfficiency()
    {
        LithiumRecord[] records = [.. LithiumRuns.Records(Name, 10, 10)];
        int lastPlating = Array.FindLastIndex(records, record => record.CurrentA < 0);
        ExpectNone(records.Take(lastPlating + 2000), "not whole: the test ended", CycleQuality.Partial);
    }

    [Fact]
    public void StoppedBeforeTheLimit_ThereIsNoEfficiency()
    {
        LithiumRecord[] records = [.. LithiumRuns.Records(Name, 10, 10)];
        int lastPlating = Array.FindLastIndex(records, record => record.CurrentA < 0);
        double stopS = records[lastPlating + 2000].TimeS;
        ExpectNone(
            records.Take(lastPlating + 2001).Concat(Enumerable.Range(1, 60).Select(i => new LithiumRecord(stopS + (10 * i), 0, 0, 1, 1))),
            "before it reached its limit", CycleQuality.Partial);
    }

    [Fact]
    public void AGapInside_TakesTheEfficiency()
    {
        LithiumRecord[] records = [.. LithiumRuns.Records(Name, 10, 10)];
        double middleS = records[records.Length / 2].TimeS;
        foreach (NamedTest test in FoundTests.Of(LithiumRuns.Report(records.Without(middleS, middleS + 3000))))
        {
            Assert.Null(test["coulombicEfficiency"]);
            Assert.NotEqual(CycleQuality.Complete, test.Quality);
        }
    }

    [Theory]
    [InlineData("pota-li-cu-cycling", 140, 120, null)]
    [InlineData("pota-li-cu-cycling-baseline", 60, 43, null)]
    [InlineData("copc-li-cu", 650, 650, 0.9885)]
    public void CyclesAndAverage_AreThePapers(string name, int cycles, int publishedCycles, double? publishedAverage)
    {
        NamedTest test = Assert.Single(FoundTests.Of(LithiumRuns.Report(LithiumRuns.Records(name, cycles, 60))));
        output.WriteLine($"{name}: {test["cyclesAbove98Percent"]} cycles above 98 %, average {test["averageCoulombicEfficiency"]:P3}; {test.Why}");
        Assert.Equal(NamedTestKind.PlatingEfficiency, test.Kind);
        Assert.Equal(cycles, test["cycles"]);
        Assert.InRange(test["cyclesAbove98Percent"]!.Value / publishedCycles, 0.98, 1.02);
        if (publishedAverage is { } average)
        {
            Assert.Equal(average, test["averageCoulombicEfficiency"]!.Value, 0.0003);
        }
    }

    [Fact]
    public void APlatingCycleWithAGap_DoesNotCount()
    {
        NamedTest test = Assert.Single(FoundTests.Of(LithiumRuns.Report(
            LithiumRuns.Records("copc-li-cu", 12, 60).Without(600 + (4.5 * 7380), 600 + (4.5 * 7380) + 900))));
        Assert.Equal(11, test["cycles"]);
        Assert.Equal(0.9885, test["averageCoulombicEfficiency"]!.Value, 0.0003);
        Assert.Equal(CycleQuality.Partial, test.Quality);
    }

    private static void ExpectNone(IEnumerable<LithiumRecord> records, string why, CycleQuality quality)
    {
        NamedTest test = Assert.Single(FoundTests.Of(LithiumRuns.Report(records)));
        Assert.Equal(NamedTestKind.AurbachEfficiency, test.Kind);
        Assert.Null(test["coulombicEfficiency"]);
        Assert.Contains(why, test.Reason, StringComparison.Ordinal);
        Assert.Equal(quality, test.Quality);
    }
}
