using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>A cell of 1 Ah whose resistance leaves 1 - I R / 1.2 V of it, with a resistance for each temperature.</summary>
public sealed class TemperatureSeriesTests(ITestOutputHelper output)
{
    private const double CurrentA = 0.5;
    private static readonly (double C, double Ohm)[] Chamber = [(25, 0.06), (0, 0.15), (-20, 0.4), (-40, 0.9), (45, 0.04), (60, 0.03), (80, 0.025), (25, 0.06)];

    [Fact]
    public void CapacityByTemperature_IsTheCells()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(Chamber).Records));
        output.WriteLine($"{test.Why}: {string.Join(", ", test.Column("shareOf25C").Select(share => $"{share:P1}"))}");
        Assert.Equal((NamedTestKind.TemperatureSeries, CycleQuality.Complete, ""), (test.Kind, test.Quality, test.Reason));
        Assert.Equal(Chamber.Select(point => point.C), test.Column("temperatureC").Select(value => Math.Round(value!.Value, 1)));
        Assert.All(test.Column("capacityAh").Zip(Chamber), pair => Assert.Equal(Capacity(pair.Second.Ohm), pair.First!.Value, 3e-3));
        Assert.Equal(Capacity(0.9) / Capacity(0.06), test["shareAtLowestTemperature"]!.Value, 3e-3);
        Assert.Equal(Capacity(0.025) / Capacity(0.06), test["shareAtHighestTemperature"]!.Value, 3e-3);
        Assert.Equal(25, test["referenceTemperatureC"]);
    }

    [Fact]
    public void NoiseAndCoarseCurrents_AreBorne()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(Chamber).Records.Noisy(seed: 6, 1e-3, 1e-3, 0, 5e-3)));
        Assert.All(test.Column("capacityAh").Zip(Chamber), pair => Assert.InRange(pair.First!.Value / Capacity(pair.Second.Ohm), 0.99, 1.01));
    }

    [Fact]
    public void WithoutAGroupAt25C_SharesAreNullAndSaid()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench([(0, 0.15), (-20, 0.4), (-40, 0.9)]).Records));
        Assert.All(test.Column("shareOf25C"), share => Assert.Null(share));
        Assert.All(test.Column("capacityAh"), capacity => Assert.NotNull(capacity));
        Assert.Contains("25 C", test.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ACycleWithAGap_DoesNotCount()
    {
        BenchRecord[] records = [.. Bench(Chamber).Records];
        int cold = Array.FindIndex(records, record => record.TemperatureC < -30 && record.CurrentA < 0);
        double gapS = records[cold + 40].TimeS;
        NamedTest test = Assert.Single(BenchRuns.Tests(records.Where(record => record.TimeS < gapS || record.TimeS > gapS + 900)));
        Assert.Equal(2, test.Column("cycles")[3]);
        Assert.Equal(Capacity(0.9), test.Column("capacityAh")[3]!.Value, 3e-3);
    }

    [Fact]
    public void OtherSeries_AreNone()
    {
        Assert.Empty(BenchRuns.Tests(Bench([(25, 0.06), (35, 0.05), (25, 0.06)]).Records));
        Assert.Empty(BenchRuns.Tests(Bench([.. Enumerable.Range(0, 14).Select(i => (20.0 + (2 * i), 0.05))], cycles: 1).Records));
        Assert.Empty(BenchRuns.Tests(Bench([.. Chamber.Select(point => (25.0, point.Ohm))]).Records));
    }

    private static double Capacity(double ohm) => 1 - (CurrentA * (ohm + 5e-4) / 1.2);

    /// <summary>Charged at 25 C until 4.2 V at a small current, discharged in the chamber.</summary>
    private static BenchCell Bench(IEnumerable<(double C, double Ohm)> chamber, int cycles = 3)
    {
        var bench = new BenchCell { QuickOhm = 5e-4, IntervalS = 10 };
        foreach ((double temperatureC, double ohm) in chamber)
        {
            for (int i = 0; i < cycles; i++)
            {
                bench.TemperatureC = 25;
                bench.Ohm = 1e-3;
                bench.Run(0.5, 20_000, 4.2).Rest(600);
                bench.TemperatureC = temperatureC;
                bench.Ohm = ohm;
                bench.Rest(1800).Run(-CurrentA, 20_000, 3.0).Rest(1800);
            }
        }

        return bench;
    }
}
