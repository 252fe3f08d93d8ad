namespace PouchMonitor.Simulation.Tests;

/// <summary>
/// The emulated cells give the figures of the papers, measured as a cycler measures them. Where a paper has no figure for
/// one side, only the tendency is asserted.
/// </summary>
public sealed class CellFigureTests(ITestOutputHelper output)
{
    /// <summary>Share of capacity by which an emulated cell may miss a published one.</summary>
    private const double Tolerance = 0.005;

    [Theory]
    [InlineData("dne-pouch", 100, 0.988)]
    [InlineData("tve-pouch", 100, 0.913)]
    [InlineData("dne-4v7", 100, 0.8576)]
    [InlineData("dne-4v7", 200, 0.7743)]
    [InlineData("dne-4v7-baseline", 100, 0.6784)]
    [InlineData("tve-4v6", 300, 0.81)]
    [InlineData("tve-4v6-baseline", 119, 0.80)]
    [InlineData("pota-lco-lean", 100, 0.96)]
    [InlineData("pota-lco-lean-baseline", 100, 0.51)]
    [InlineData("pota-lco-baseline", 220, 0.12)]
    public void Retention_IsThePapersFigure(string name, int cycle, double published)
    {
        MeasuredCycles measured = MeasuredCycles.Of(name, cycle);
        double retention = measured.Retention(cycle);
        output.WriteLine(
            $"{name}: {measured.Cycles[0].DischargeAh:F5} Ah, retention at {cycle} {retention:P3}, CE {measured.Cycles[1].CoulombicEfficiency:P3}, "
            + $"gap {measured.Cycles[1].PolarizationV * 1000:F1} -> {measured.Cycles[^1].PolarizationV * 1000:F1} mV, {measured.Cycles[1].Hours:F2} h, max {measured.Cycles[1].MaximumC:F2} C");
        Assert.InRange(retention, published - Tolerance, published + Tolerance);
    }

    [Theory]
    [InlineData("dne-pouch", 1.0)]
    [InlineData("dne-pouch-baseline", 1.0)]
    [InlineData("tve-pouch", 3.0)]
    [InlineData("tve-pouch-baseline", 3.0)]
    [InlineData("copc-anode-free", 1.0)]
    [InlineData("copc-anode-free-baseline", 1.0)]
    public void FirstDischarge_IsTheNominalCapacity(string name, double nominalAh)
    {
        MeasuredCycles measured = MeasuredCycles.Of(name, 1, stepS: 1);
        Assert.InRange(measured.Cycles[0].DischargeAh, 0.993 * nominalAh, 1.007 * nominalAh);
    }

    [Theory]
    [InlineData("dne-pouch", 331)]
    [InlineData("tve-pouch", 490)]
    public void SpecificEnergy_IsThePapersFigure(string name, double publishedWhPerKg)
    {
        MeasuredCycles measured = MeasuredCycles.Of(name, 1, stepS: 1);
        double whPerKg = measured.Cycles[0].DischargeWh / (EmulatedCells.Create(name).MassG / 1000);
        output.WriteLine($"{name}: {whPerKg:F1} Wh/kg");
        Assert.InRange(whPerKg, 0.97 * publishedWhPerKg, 1.03 * publishedWhPerKg);
    }

    [Fact]
    public void AnodeFree_LivesNearlyFourTimesAsLongAsBareCopper()
    {
        int improved = CyclesTo80Percent(MeasuredCycles.Of("copc-anode-free", 215, stepS: 30));
        int baseline = CyclesTo80Percent(MeasuredCycles.Of("copc-anode-free-baseline", 60, stepS: 30));
        output.WriteLine($"80 % after {improved} and {baseline} cycles: {(double)improved / baseline:F2} times");
        Assert.InRange((double)improved / baseline, 3.7, 4.0);
    }

    [Theory]
    [InlineData("dne-pouch")]
    [InlineData("tve-pouch")]
    [InlineData("copc-anode-free")]
    public void Baseline_FadesFasterPolarizesMoreAndIsLessEfficient(string name)
    {
        MeasuredCycles improved = MeasuredCycles.Of(name, 40, stepS: 10);
        MeasuredCycles baseline = MeasuredCycles.Of(name + "-baseline", 40, stepS: 10);
        Assert.True(baseline.Retention(40) < improved.Retention(40) - 0.02);
        Assert.True(Growth(baseline) > Growth(improved));
        Assert.True(baseline.Cycles[1].CoulombicEfficiency < improved.Cycles[1].CoulombicEfficiency);

        static double Growth(MeasuredCycles cell) => cell.Cycles[39].PolarizationV - cell.Cycles[1].PolarizationV;
    }

    [Fact]
    public void BaselineAt4V7_ShortsAfterCycle102()
    {
        MeasuredCycles measured = MeasuredCycles.Of("dne-4v7-baseline", 200);
        Assert.Equal(CyclerPhase.Aborted, measured.Run.Cycler.Phase);
        Assert.Equal(102, measured.Run.Cell.CompletedCycles);
    }

    [Fact]
    public void UnknownName_IsRefusedWithTheNamesThereAre()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => EmulatedCells.Create("dne-puch"));
        Assert.Contains("'dne-puch'", error.Message, StringComparison.Ordinal);
        Assert.Contains("dne-pouch-baseline", error.Message, StringComparison.Ordinal);
    }

    private static int CyclesTo80Percent(MeasuredCycles measured)
    {
        for (int cycle = 1; cycle <= measured.Cycles.Count; cycle++)
        {
            if (measured.Retention(cycle) < 0.8)
            {
                return cycle;
            }
        }

        throw new InvalidOperationException("80 % is never crossed.");
    }
}
