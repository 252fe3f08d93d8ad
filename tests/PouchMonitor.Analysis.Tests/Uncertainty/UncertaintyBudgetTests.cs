using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Uncertainty;

/// <summary>The arithmetic of JCGM 100:2008, against its own tables and examples.</summary>
public sealed class UncertaintyBudgetTests
{
    /// <summary>Table G.2, column 95.45 %.</summary>
    [Theory]
    [InlineData(1, 13.97)]
    [InlineData(2, 4.53)]
    [InlineData(3, 3.31)]
    [InlineData(4, 2.87)]
    [InlineData(5, 2.65)]
    [InlineData(10, 2.28)]
    [InlineData(20, 2.13)]
    [InlineData(50, 2.05)]
    [InlineData(100, 2.025)]
    [InlineData(double.PositiveInfinity, 2.0)]
    public void CoverageFactor_IsThatOfTheTable(double degreesOfFreedom, double factor) =>
        Assert.Equal(factor, StudentFactor.For(degreesOfFreedom), 0.0051);

    [Theory]
    [InlineData(16.99, 16)]
    [InlineData(0.3, 1)]
    public void DegreesOfFreedom_AreCutToAWholeNumber(double given, double used) =>
        Assert.Equal(StudentFactor.For(used), StudentFactor.For(given));

    /// <summary>Example H.1, calibration of an end gauge: u_c = 32 nm, 16 degrees of freedom (table H.1 and H.1.6).</summary>
    [Fact]
    public void EndGauge_IsThatOfTheGuide()
    {
        var budget = new UncertaintyBudget("end gauge", 50.000838e6, "nm",
        [
            Normal("standard", 25, 18), Normal("repeated observations", 5.8, 24), Normal("random effects", 3.9, 5),
            Normal("systematic effects", 6.7, 8), Normal("difference of expansion", 2.9, 50), Normal("difference of temperature", 16.6, 2),
        ]);
        Assert.Equal(32, budget.CombinedStandardUncertainty, 0.5);
        Assert.Equal(16, Math.Floor(budget.EffectiveDegreesOfFreedom));
        Assert.Equal(StudentFactor.For(16) * budget.CombinedStandardUncertainty, budget.ExpandedUncertainty, 1e-9);
    }

    [Theory]
    [InlineData(UncertaintyDistribution.Normal, 1)]
    [InlineData(UncertaintyDistribution.Rectangular, 1.7320508)]
    [InlineData(UncertaintyDistribution.Triangular, 2.4494897)]
    [InlineData(UncertaintyDistribution.ArcSine, 1.4142136)]
    public void HalfWidths_AreDividedByTheirDistribution(UncertaintyDistribution distribution, double divisor)
    {
        var component = new UncertaintyComponent("x", distribution, 3, -2, "V", "");
        Assert.Equal(divisor, component.Divisor, 1e-7);
        Assert.Equal(2 * 3 / divisor, component.Contribution, 1e-6);
    }

    [Fact]
    public void WhatIsTheSameInEveryCycle_CancelsFromADifference()
    {
        var budget = new UncertaintyBudget("x", 1, "", [Normal("a", 3, 10) with { IsSameInEveryCycle = true }, Normal("b", 4, 10)]);
        Assert.Equal(5, budget.CombinedStandardUncertainty, 1e-12);
        Assert.Equal(2 * Math.Sqrt(2) * 4, budget.ExpandedUncertaintyOfDifference, 1e-12);
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void HalfWidthsThatAreNone_AreRefusedByName(double halfWidth)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new UncertaintyComponent("drift", UncertaintyDistribution.Normal, halfWidth, 1, "V", ""));
        Assert.Contains("'drift'", refused.Message);
    }

    private static UncertaintyComponent Normal(string name, double standard, double degreesOfFreedom) =>
        new(name, UncertaintyDistribution.Normal, standard, 1, "nm", "JCGM 100:2008, table H.1") { DegreesOfFreedom = degreesOfFreedom };
}
