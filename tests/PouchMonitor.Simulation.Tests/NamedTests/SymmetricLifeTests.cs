using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>Lives of lithium against lithium: the papers' hours and overpotentials, from voltage and current alone.</summary>
public sealed class SymmetricLifeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ispn-li-li-baseline", 501, 0.05)]
    [InlineData("pota-li-li-baseline", 308, 0.041)]
    [InlineData("pota-li-li-5ma-baseline", 390, 0.19)]
    [InlineData("copc-li-li-mof", 1000, 0.045)]
    public void Short_ComesAtThePapersHour(string name, double publishedHours, double publishedV)
    {
        NamedTest test = Life(LithiumRuns.Records(name, (int)(publishedHours / 2) + 10, 300));
        output.WriteLine($"{name}: short at {test["hoursToShort"]:F2} h, overvoltage at {test["hoursToOvervoltage"]:F1} h; {test.Why}");
        Assert.Equal(publishedHours, test["hoursToShort"]!.Value, 0.01 * publishedHours);
        Assert.Equal(publishedV, test["firstPlateauV"]!.Value, 0.02 * publishedV);
        Assert.Equal("", test.Reason);
    }

    [Theory]
    [InlineData("tve-li-li", 1300, 0.030)]
    [InlineData("ispn-li-li", 1900, 0.020)]
    [InlineData("pota-li-li-2ma", 6600, 0.075)]
    public void ImprovedCells_HaveTheirPlateauForThePapersHoursWithoutFailure(string name, double publishedHours, double publishedV)
    {
        NamedTest test = Life(LithiumRuns.Records(name, (int)(publishedHours / 2), 300));
        Assert.Null(test["hoursToShort"]);
        Assert.Null(test["hoursToOvervoltage"]);
        Assert.InRange(test["hoursWithoutFailure"]!.Value, 0.98 * publishedHours, 1.05 * publishedHours);
        Assert.InRange(test["lastPlateauV"]!.Value / publishedV, 0.98, 1.02);
        Assert.InRange(test["largestPlateauV"]!.Value / publishedV, 0.98, 1.02);
        Assert.Contains("the life is longer", test.Reason, StringComparison.Ordinal);
        Assert.Equal(test["halfCycles"], test.Groups.Count + test.OmittedGroupCount);
        Assert.True(test.Groups.Count <= 2000);
    }

    [Fact]
    public void BareLithium_RisesTo1700MillivoltsAndFailsBeforeItsShort()
    {
        NamedTest test = Life(LithiumRuns.Records("pota-li-li-baseline", 160, 300));
        Assert.InRange(test["largestPlateauV"]!.Value, 1.6, 1.75);
        Assert.InRange(test["hoursToOvervoltage"]!.Value, 150, 250);
        Assert.Equal(test["hoursToOvervoltage"], test["hoursWithoutFailure"]);
    }

    [Fact]
    public void BareLithiumOfPaperE_HasItsOvervoltageAfterFiveCycles()
    {
        NamedTest test = Life(LithiumRuns.Records("copc-li-li-baseline", 12, 60));
        Assert.InRange(test["hoursToOvervoltage"]!.Value, 10, 13);
        Assert.Null(test["hoursToShort"]);
    }

    [Theory]
    [InlineData("pota-nucleation", 0.049, 0.033)]
    [InlineData("pota-nucleation-baseline", 0.059, 0.045)]
    public void NucleationAndPlateau_AreThePapers(string name, double nucleationV, double plateauV)
    {
        // The same nucleation, on a cell that plates and strips the same charge.
        LithiumCellProfile cell = EmulatedLithiumCells.Create(name) with { Test = LithiumTest.Symmetric };
        NamedTest test = Life(LithiumRun.Records(cell, 6, 1));
        Assert.InRange(test["nucleationV"]!.Value / nucleationV, 0.98, 1.02);
        Assert.InRange(test["firstPlateauV"]!.Value / plateauV, 0.98, 1.02);
    }

    [Fact]
    public void AShortWithinAHalfCycle_IsTimedToASixteenthOfIt()
    {
        LithiumCellProfile cell = EmulatedLithiumCells.Create("tve-li-li") with { ShortsAtHours = 40.9 };
        NamedTest test = Life(LithiumRun.Records(cell, 30, 20));
        Assert.Equal(40.9 - (600.0 / 3600), test["hoursToShort"]!.Value, 1.0 / 16);
    }

    [Theory]
    [InlineData(1e-3, 2e-6, 0)]
    [InlineData(0, 0, 2e-5)]
    [InlineData(1e-3, 2e-6, 2e-5)]
    public void NoiseAndCoarseCurrents_AreBorne(double noiseV, double noiseA, double quantumA)
    {
        NamedTest test = Life(LithiumRuns.Records("pota-li-li-baseline", 165, 120).Noisy(seed: 5, noiseV, noiseA, quantumA));
        Assert.Equal(308, test["hoursToShort"]!.Value, 3.0);
        Assert.InRange(test["firstPlateauV"]!.Value / 0.041, 0.98, 1.02);
    }

    [Fact]
    public void AGap_SpoilsAHalfCycleAndNotTheLife()
    {
        NamedTest test = Life(LithiumRuns.Records("pota-li-li-baseline", 165, 120).Without(100_000, 101_500));
        Assert.Equal(308, test["hoursToShort"]!.Value, 3.0);
        Assert.Equal(CycleQuality.Partial, test.Quality);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1200)]
    public void APause_IsNoLife(double pausedAtS)
    {
        const double PauseS = 90 * 3600;
        LithiumRecord[] records = [.. LithiumRuns.Records("pota-li-li-baseline", 165, 120)];
        double fromS = records[Array.FindIndex(records, record => record.TimeS > 360_000 && record.CurrentA > 0)].TimeS + pausedAtS;
        NamedTest test = Life(records.TakeWhile(record => record.TimeS < fromS)
            .Concat(Enumerable.Range(0, 600).Select(i => new LithiumRecord(fromS + (i * PauseS / 600), 0.001, 0, 1, 1)))
            .Concat(records.SkipWhile(record => record.TimeS < fromS).Select(record => record with { TimeS = record.TimeS + PauseS })));
        Assert.Equal(308, test["hoursToShort"]!.Value, 3.0);
    }

    [Theory]
    [InlineData("ispn-ccd", 1.7)]
    [InlineData("ispn-ccd-baseline", 0.3)]
    public void CriticalCurrentDensity_IsThePapers(string name, double publishedMaPerCm2)
    {
        NamedTest test = Assert.Single(LithiumRuns.Tests(
            LithiumRuns.Records(name, 20, 10), areaCm2: EmulatedLithiumCells.Create(name).AreaCm2));
        output.WriteLine($"{name}: {test["criticalCurrentDensityMaPerCm2"]:F3} mA/cm2; {test.Why}");
        Assert.Equal((NamedTestKind.CriticalCurrent, CycleQuality.Complete, ""), (test.Kind, test.Quality, test.Reason));
        Assert.Equal(publishedMaPerCm2, test["criticalCurrentDensityMaPerCm2"]!.Value, 1e-3);
        Assert.Equal(test["criticalCurrentA"], test["collapseCurrentA"]);
        Assert.Equal(publishedMaPerCm2 - 0.1, 1000 * test["largestPassedCurrentA"]!.Value / 1.131, 1e-3);
    }

    [Fact]
    public void WithoutAnArea_TheCriticalCurrentIsGivenAndNoDensity()
    {
        NamedTest test = Assert.Single(LithiumRuns.Tests(LithiumRuns.Records("ispn-ccd", 20, 10).Noisy(seed: 9, 1e-3, 2e-7, 5e-6)));
        Assert.Equal(1.7 * 1.131e-3, test["criticalCurrentA"]!.Value, 1e-5);
        Assert.Null(test["criticalCurrentDensityMaPerCm2"]);
        Assert.Contains("area", test.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingFails_TheCriticalCurrentLiesAbove()
    {
        NamedTest test = Assert.Single(LithiumRuns.Tests(LithiumRuns.Records("ispn-ccd", 12, 10)));
        Assert.Null(test["criticalCurrentA"]);
        Assert.Contains("above the largest", test.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ALeavingOfOhmsLine_IsADeparture()
    {
        NamedTest test = Assert.Single(LithiumRuns.Tests(LithiumRuns.Records("ispn-ccd", 12, 10)
            .Select(record => Math.Abs(record.CurrentA) > 0.85 * 1.131e-3 ? record with { VoltageV = 2 * record.VoltageV } : record)));
        Assert.Equal(0.9 * 1.131e-3, test["departureCurrentA"]!.Value, 1e-6);
        Assert.Equal(test["departureCurrentA"], test["criticalCurrentA"]);
        Assert.Null(test["collapseCurrentA"]);
    }

    private static NamedTest Life(IEnumerable<LithiumRecord> records)
    {
        NamedTest test = Assert.Single(LithiumRuns.Tests(records));
        Assert.Equal(NamedTestKind.SymmetricLife, test.Kind);
        return test;
    }
}
