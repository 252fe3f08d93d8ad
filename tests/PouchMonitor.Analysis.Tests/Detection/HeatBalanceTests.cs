using PouchMonitor.Analysis.Detection.Heat;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>The heat balance that people are shown, by figures worked out by hand.</summary>
public sealed class HeatBalanceTests
{
    private const double CapacityJPerK = 12;

    [Fact]
    public void ASteadyRise_IsLostHeatAlone()
    {
        // 1 K above ambient through 500 s of still air: 12 J/K * 1 K / 500 s = 24 mW, none of it stored.
        HeatBalance balance = Balance([.. Enumerable.Range(0, 5).Select(at => new HeatMeans(at * 60, 26, 25, 1))]);
        Assert.Equal(500, balance.TimeConstantS);
        Assert.False(balance.IsLearned);
        Assert.Equal(5, balance.Points.Count);
        Assert.All(balance.Points, point => Assert.Equal(0.024, point.HeatW, 1e-12));
        Assert.All(balance.Points, point => Assert.Equal((0, 1), (point.StoredW, point.RiseK)));
    }

    [Fact]
    public void ARamp_IsStoredHeat()
    {
        // 0.6 K a minute is 0.01 K/s: 120 mW; at ambient nothing else is lost at that moment.
        HeatBalance balance = Balance([.. Enumerable.Range(0, 3).Select(at => new HeatMeans(at * 60, 25 + (0.6 * at), 25 + (0.6 * at), 1))]);
        Assert.All(balance.Points, point => Assert.Equal(0.12, point.StoredW, 1e-9));
        Assert.All(balance.Points, point => Assert.Equal(point.StoredW, point.HeatW, 1e-12));
    }

    [Fact]
    public void JouleHeat_IsCurrentSquaredTimesTheResistanceOfTheTime()
    {
        HeatMeans[] blocks = [.. Enumerable.Range(0, 4).Select(at => new HeatMeans(at * 60, 26, 25, -2))];
        HeatBalance balance = HeatBalance.Of(blocks, 60, CapacityJPerK, time => time < 120 ? null : 0.03);
        Assert.Equal([double.NaN, double.NaN, 0.12, 0.12], balance.Points.Select(point => point.JouleW));
    }

    [Fact]
    public void RestsTellTheCooling()
    {
        // Cools with 300 s from 6 K above ambient after a charge.
        HeatMeans[] blocks =
        [
            .. Enumerable.Range(0, 5).Select(at => new HeatMeans(at * 60, 31, 25, 1)),
            .. Enumerable.Range(0, 20).Select(at => new HeatMeans((at + 5) * 60, 25 + (6 * Math.Exp(-at * 60 / 300.0)), 25, 0)),
        ];
        HeatBalance balance = Balance(blocks);
        Assert.True(balance.IsLearned);
        Assert.Equal(300, balance.TimeConstantS, 15.0);
        Assert.All(balance.Points.Skip(8).Take(10), point => Assert.Equal(0, point.HeatW, 0.006));
    }

    [Fact]
    public void NothingIsTaken_AcrossAGapOrWithoutBothTemperatures()
    {
        HeatBalance balance = Balance(
        [
            new HeatMeans(0, 26, 25, 1), new HeatMeans(60, 26, 25, 1), new HeatMeans(1000, 40, 25, 1),
            new HeatMeans(2000, 26, double.NaN, 1), new HeatMeans(2060, double.NaN, 25, 1),
        ]);
        Assert.Equal([0, 60], balance.Points.Select(point => point.TimeS));
        Assert.All(balance.Points, point => Assert.Equal(0, point.StoredW));
    }

    [Fact]
    public void CoarseBlocks_TeachNoCooling()
    {
        HeatMeans[] blocks = [.. Enumerable.Range(0, 20).Select(at => new HeatMeans(at * 600, 25 + (6 * Math.Exp(-at)), 25, at == 0 ? 1 : 0))];
        Assert.False(HeatBalance.Of(blocks, 600, CapacityJPerK, _ => null).IsLearned);
    }

    [Theory]
    [InlineData(10.0, 1.0, 11.0)]
    [InlineData(null, 1.0, 12.0)]
    [InlineData(null, null, null)]
    public void HeatCapacity_IsFromTheMass_ElseFromTheCapacity(double? massG, double? capacityAh, double? expected) =>
        Assert.Equal(expected, HeatBalance.HeatCapacityJPerK(massG, capacityAh));

    private static HeatBalance Balance(HeatMeans[] blocks) => HeatBalance.Of(blocks, 60, CapacityJPerK, _ => null);
}
