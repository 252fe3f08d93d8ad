using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>A coin cell of 5 mAh that leaks 1 uA at 4.2 V and e times that for each 0.1 V more, held at rising voltages.</summary>
public sealed class FloatingTests(ITestOutputHelper output)
{
    private static readonly double[] Levels = [4.2, 4.3, 4.4, 4.5, 4.6];

    [Fact]
    public void LeakageByPotential_IsTheCells()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(Levels, 10).Records));
        output.WriteLine($"{test.Why}: {string.Join(", ", test.Column("leakageCurrentA").Select(amps => $"{amps:G4} A"))}");
        Assert.Equal((NamedTestKind.Floating, CycleQuality.Complete, ""), (test.Kind, test.Quality, test.Reason));
        Assert.Equal(Levels, test.Column("voltageV").Select(volts => Math.Round(volts!.Value, 3)));
        Assert.All(test.Column("leakageCurrentA").Zip(Levels), pair => Assert.InRange(pair.First!.Value / Leak(pair.Second), 0.98, 1.02));
        Assert.Equal(Leak(4.6), test["leakageAtHighestVoltageA"]!.Value, 0.02 * Leak(4.6));
        Assert.All(test.Column("holdH"), hours => Assert.Equal(10, hours!.Value, 0.1));
    }

    [Theory]
    [InlineData(2e-4, 2e-6, 0)]
    [InlineData(0, 0, 1e-6)]
    [InlineData(5e-4, 1e-6, 1e-6)]
    public void NoiseAndCoarseCurrents_AreBorne(double noiseV, double noiseA, double quantumA)
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(Levels, 10).Records.Noisy(seed: 12, noiseV, noiseA, 0, quantumA)));
        double?[] uncertainties = test.Column("leakageUncertaintyA");
        double?[] leaks = test.Column("leakageCurrentA");
        Assert.Equal(Levels.Length, leaks.Length);
        for (int i = 0; i < leaks.Length; i++)
        {
            // A coarse current is rounded, however long it is averaged where nothing shakes it.
            double allowed = (4 * uncertainties[i]!.Value) + (0.02 * Leak(Levels[i])) + (noiseA > 0 ? 0 : 0.5 * quantumA);
            Assert.InRange(leaks[i]!.Value, Leak(Levels[i]) - allowed, Leak(Levels[i]) + allowed);
        }
    }

    [Fact]
    public void AShortHold_HasNotSettledAndSaysSo()
    {
        var slow = new BenchCell
        {
            CapacityAh = 0.005, SlopeVPerAh = 240, Ohm = 100, QuickOhm = 2, LeakA = Leak, StoredAh = 0.0049,
        };
        NamedTest test = Assert.Single(BenchRuns.Tests(Held(slow, Levels, 1.5).Records));
        Assert.Equal(CycleQuality.Unusual, test.Quality);
        Assert.All(test.Groups, hold => Assert.Contains("not settled", hold.Reason, StringComparison.Ordinal));
        Assert.All(test.Column("leakageCurrentA").Zip(Levels), pair => Assert.True(pair.First > Leak(pair.Second)));
    }

    /// <summary>A current that decays with 1500 s: a mean over more than the end of five hours would hold several times the leak.</summary>
    [Fact]
    public void OfASlowDecay_OnlyTheEndCounts()
    {
        var slow = new BenchCell { CapacityAh = 0.005, SlopeVPerAh = 240, Ohm = 100, QuickOhm = 2, LeakA = Leak, StoredAh = 0.0049 };
        NamedTest test = Assert.Single(BenchRuns.Tests(Held(slow, [4.2, 4.25, 4.3], 5).Records));
        Assert.All(test.Column("leakageCurrentA").Zip([4.2, 4.25, 4.3]), pair => Assert.InRange(pair.First!.Value / Leak(pair.Second), 0.97, 1.1));
    }

    [Fact]
    public void ACurrentThatIsOnlyNoise_IsNotToldFromZero()
    {
        BenchCell bench = Held(new BenchCell { CapacityAh = 0.005, SlopeVPerAh = 240, Ohm = 10, QuickOhm = 2, StoredAh = 0.0049 }, Levels, 10);
        NamedTest test = Assert.Single(BenchRuns.Tests(bench.Records.Noisy(seed: 8, 1e-4, 5e-7)));
        Assert.True(test.Groups.Count(hold => hold.Reason.Contains("zero", StringComparison.Ordinal)) >= 3);
    }

    [Fact]
    public void AGapInAHold_LeavesItsLongerPart()
    {
        BenchRecord[] records = [.. Bench(Levels, 10).Records];
        double secondS = records[0].TimeS + 600 + (15 * 3600);
        NamedTest test = Assert.Single(BenchRuns.Tests(records.Where(record => record.TimeS < secondS || record.TimeS > secondS + 1800)));
        Assert.Equal(Levels.Length, test.Groups.Count);
        Assert.All(test.Column("leakageCurrentA").Zip(Levels), pair => Assert.InRange(pair.First!.Value / Leak(pair.Second), 0.97, 1.03));
    }

    [Fact]
    public void FallingLevels_AreNone_UnlessDeclared()
    {
        BenchCell bench = Bench([4.6, 4.4, 4.2], 10);
        Assert.Empty(BenchRuns.Tests(bench.Records));
        NamedTest test = Assert.Single(BenchRuns.Tests(bench.Records, NamedTestKind.Floating));
        Assert.True(test.IsDeclared);
        Assert.Contains(test.Column("leakageCurrentA"), amps => Math.Abs((amps!.Value / Leak(4.4)) - 1) < 0.02);
    }

    [Fact]
    public void ChargesWithHeldVoltage_AreNone()
    {
        var bench = new BenchCell { CapacityAh = 0.005, SlopeVPerAh = 240, Ohm = 10, QuickOhm = 2, StoredAh = 0.001, LeakA = Leak };
        foreach (double volts in Levels)
        {
            // Formation: each charge to a higher voltage, held two hours, and a discharge after each.
            bench.Run(5e-4, 1e6, volts).Hold(volts, 7200).Rest(600).Run(-5e-4, 1e6, 3.2).Rest(600);
        }

        Assert.Empty(BenchRuns.Tests(bench.Records));
    }

    [Fact]
    public void APlateauAtConstantCurrent_IsNoHold()
    {
        var bench = new BenchCell { CapacityAh = 1, SlopeVPerAh = 0.005, StoredAh = 0.2 };
        bench.Rest(600).Run(0.02, 20_000).Run(0.5, 1200).Run(0.02, 20_000).Run(0.8, 1200).Run(0.02, 20_000).Run(-0.5, 3000);
        Assert.Empty(BenchRuns.Tests(bench.Records));
    }

    private static double Leak(double volts) => 1e-6 * Math.Exp((volts - 4.2) / 0.1);

    private static BenchCell Bench(double[] levels, double hours) => Held(
        new BenchCell { CapacityAh = 0.005, SlopeVPerAh = 240, Ohm = 10, QuickOhm = 2, LeakA = Leak, StoredAh = 0.0049 }, levels, hours);

    private static BenchCell Held(BenchCell bench, double[] levels, double hours)
    {
        bench.Rest(600);
        foreach (double volts in levels)
        {
            bench.Hold(volts, hours * 3600, largestA: 5e-3);
        }

        return bench.Rest(600);
    }
}
