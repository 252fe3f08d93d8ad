using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>The papers' rate tests, recognised and measured from voltage and current alone.</summary>
public sealed class RateCapabilityFigureTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    [Theory]
    [InlineData("ispn-622-rate", 32, new[] { 165, 157.5, 151.5, 147.1, 143.3, 165 }, 1)]
    [InlineData("ispn-lfp-rate", 35, new[] { 139, 124, 108.9, 99, 89.2, 81.9, 139 }, 1)]
    [InlineData("copc-lfp-rate", 25, new[] { 162.65, 149.81, 137.71, 118.05, 149.57 }, 149.57 / 149.81)]
    public void Capacities_AreThePapers(string name, int cycles, double[] publishedMahPerG, double publishedRecovery)
    {
        NamedTest test = Assert.Single(FoundTests.Of(AnalysedCell.Report(name, 1, cycles, finerBy: 1)));
        double[] measured = [.. test.Column("capacityAh").Select(ah => AnalysedCell.MahPerG(name, ah!.Value))];
        output.WriteLine($"{test.Why}: {string.Join(", ", measured.Select(value => value.ToString("F1")))}; recovery {test["recoveryShare"]:P2}");

        Assert.Equal((NamedTestKind.RateCapability, CycleQuality.Complete, false), (test.Kind, test.Quality, test.IsDeclared));
        Assert.Equal(publishedMahPerG.Length, measured.Length);
        for (int i = 0; i < measured.Length; i++)
        {
            Assert.InRange(measured[i] / publishedMahPerG[i], 1 - Tolerance, 1 + Tolerance);
        }

        Assert.Equal(publishedRecovery, test["recoveryShare"]!.Value, 0.01);
    }

    [Fact]
    public void PotaFromTenthTo3C_FallsAsThePaperPrints()
    {
        NamedTest test = Assert.Single(FoundTests.Of(AnalysedCell.Report("pota-lco-rate", 1, 20, finerBy: 1)));
        double[] measured = [.. test.Column("capacityAh").Select(ah => AnalysedCell.MahPerG("pota-lco-rate", ah!.Value))];
        Assert.InRange(measured[0] / 186.2, 1 - Tolerance, 1 + Tolerance);
        Assert.InRange(measured[5] / 154.2, 1 - Tolerance, 1 + Tolerance);
        Assert.Equal(154.2 / 186.2, test["shareAtHighestRate"]!.Value, 0.01);
    }

    /// <summary>Two rates in turn, and five slow cycles before a life of fast ones, are no rate tests.</summary>
    [Theory]
    [InlineData("ispn-622-5c", 12)]
    [InlineData("ispn-lfp-10c", 112)]
    [InlineData("dne-pouch", 4)]
    public void Cycling_IsNoRateTest(string name, int cycles) =>
        Assert.Empty(FoundTests.Of(AnalysedCell.Report(name, 1, cycles, finerBy: 1)));
}
