using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.NamedTests;

/// <summary>Rate tests of a cell whose capacity at a current is known by hand: of 1 Ah, 0.1 Ah less for each ampere.</summary>
public sealed class RateCapabilityTests
{
    private static readonly double[] Rising = [0.2, 0.5, 1, 2, 0.2];

    [Fact]
    public void Capacities_AreWhatTheResistanceLeaves()
    {
        NamedTest test = Assert.Single(Named.In(Trace(Rising, 3).ToArray(), profile: new CellProfile { Name = "c", NominalCapacityAh = 1 }));

        Assert.Equal(CycleQuality.Complete, test.Quality);
        double[] expected = [0.98, 0.95, 0.9, 0.8, 0.98];
        Assert.All(test.Column("capacityAh").Zip(expected), pair => Assert.Equal(pair.Second, pair.First!.Value, 1e-3));
        Assert.All(test.Column("rateC").Zip(Rising), pair => Assert.Equal(pair.Second, pair.First!.Value, 1e-3));
        Assert.Equal(0.8 / 0.98, test["shareAtHighestRate"]!.Value, 1e-3);
        Assert.Equal(1, test["recoveryShare"]!.Value, 1e-3);
        Assert.All(test.Column("cycles"), count => Assert.Equal(3, count));
    }

    [Theory]
    [InlineData(0.002, 0)]
    [InlineData(0, 0.01)]
    [InlineData(0.002, 0.01)]
    public void NoiseAndCoarseCurrents_MoveItByLessThanAHundredth(double noiseA, double quantumA)
    {
        const int Seed = 20;
        NamedTest test = Assert.Single(Named.In(Named.Spoilt(Trace(Rising, 3), Seed, noiseA, quantumA)));
        double[] expected = [0.98, 0.95, 0.9, 0.8, 0.98];
        Assert.All(test.Column("capacityAh").Zip(expected), pair => Assert.InRange(pair.First!.Value / pair.Second, 0.99, 1.01));
    }

    [Fact]
    public void ACycleWithAGap_IsLeftOutAndNamed()
    {
        NamedTest test = Assert.Single(Named.In(Trace(Rising, 3, gapInCycle: 5).ToArray()));
        Assert.Equal(2, test.Column("cycles")[1]);
        Assert.Equal(0.95, test.Column("capacityAh")[1]!.Value, 1e-3);
        Assert.Equal(CycleQuality.Partial, test.Groups[1].Quality);
        Assert.Contains("cycle 5", test.Groups[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAReturn_RecoveryIsNotKnownAndSaid()
    {
        NamedTest test = Assert.Single(Named.In(Trace([0.2, 0.5, 1, 2], 3).ToArray()));
        Assert.Null(test["recoveryShare"]);
        Assert.Equal(CycleQuality.Partial, test.Quality);
        Assert.Contains("no return", test.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AFallingSeries_IsARateTestToo()
    {
        NamedTest test = Assert.Single(Named.In(Trace([2, 1, 0.5, 0.2], 2).ToArray()));
        Assert.Equal(0.8 / 0.98, test["shareAtHighestRate"]!.Value, 1e-3);
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1 })]
    [InlineData(new[] { 0.2, 1, 0.2, 1, 0.2, 1 })]
    [InlineData(new[] { 1, 0.2, 2, 0.5, 1.5, 0.3 })]
    [InlineData(new[] { 0.1, 0.2, 1 })]
    [InlineData(new[] { 1, 1.15, 1.35, 1.55, 1 })]
    public void OtherSeries_AreNone(double[] currents) => Assert.Empty(Named.In(Trace(currents, 2).ToArray()));

    [Fact]
    public void FormationBeforeManyCycles_IsNone()
    {
        CellTrace trace = Trace([0.1, 0.25, 0.5], 2);
        int none = -1;
        Add(trace, 1, 25, ref none);
        Assert.Empty(Named.In(trace.ToArray()));
    }

    [Fact]
    public void DeclaredWhereItIsNot_SaysSo()
    {
        NamedTest test = Assert.Single(Named.In(Trace([1], 4).ToArray(), NamedTestKind.RateCapability));
        Assert.True(test.IsDeclared);
        Assert.Equal(CycleQuality.Unusual, test.Quality);
        Assert.Empty(test.Groups);
        Assert.NotEmpty(test.Reason);
    }

    [Fact]
    public void DeclaredWithTwoRates_IsComputed()
    {
        NamedTest test = Assert.Single(Named.In(Trace([0.5, 1], 2).ToArray(), NamedTestKind.RateCapability));
        Assert.Equal(0.9 / 0.95, test["shareAtHighestRate"]!.Value, 1e-3);
    }

    [Fact]
    public void WhereTheChargeChangesRate_ItsConstantCurrentPartCounts()
    {
        var trace = new CellTrace { IntervalSeconds = 10 };
        foreach (double currentA in Rising)
        {
            for (int i = 0; i < 2; i++)
            {
                double seconds = 3600 * (1 - (0.1 * currentA)) / currentA;
                trace.Rest(300).Charge(currentA, seconds).Rest(300).Discharge(0.5, 3600 * (1 - (0.1 * currentA)) / 0.5);
            }
        }

        NamedTest test = Assert.Single(Named.In(trace.ToArray()));
        Assert.Contains("charge currents", test.Why, StringComparison.Ordinal);
        Assert.Equal(0.8 / 0.98, test["shareAtHighestRate"]!.Value, 2e-3);
    }

    /// <summary>So many cycles at each current, charged at 0.2 A.</summary>
    private static CellTrace Trace(double[] currents, int cycles, int gapInCycle = -1)
    {
        var trace = new CellTrace { IntervalSeconds = 10 };
        trace.Rest(300).Charge(0.2, 18_000);
        foreach (double currentA in currents)
        {
            Add(trace, currentA, cycles, ref gapInCycle);
        }

        return trace;
    }

    private static void Add(CellTrace trace, double currentA, int cycles, ref int gapInCycle)
    {
        for (int i = 0; i < cycles; i++)
        {
            double seconds = 3600 * (1 - (0.1 * currentA)) / currentA;
            trace.Rest(300).Discharge(currentA, 0.5 * seconds);
            if (--gapInCycle == 0)
            {
                trace.Skip(3600);
            }

            trace.Discharge(currentA, 0.5 * seconds).Rest(300).Charge(0.2, currentA * seconds / 0.2);
        }
    }
}
