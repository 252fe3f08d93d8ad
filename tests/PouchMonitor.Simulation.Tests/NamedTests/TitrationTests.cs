using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>Titrations of an electrode whose diffusion is known, solved exactly for its finite thickness.</summary>
public sealed class TitrationTests(ITestOutputHelper output)
{
    private const double Tau = 600;
    private const double CurrentA = 0.1;
    private const double RatePerS = 1e-4;

    [Theory]
    [InlineData(3e-5)]
    [InlineData(1e-4)]
    [InlineData(3e-4)]
    [InlineData(1e-3)]
    public void DiffusionRate_IsTheElectrodes(double ratePerS)
    {
        // Longer than L^2/D for the last of them: there only the first part of the pulse counts.
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(ratePerS).Records));
        output.WriteLine($"{ratePerS:G3}: {test["medianDiffusionRatePerS"]:G5} 1/s; {test.Why}; {test.Groups[1].Reason}");
        Assert.Equal((NamedTestKind.Gitt, CycleQuality.Complete), (test.Kind, test.Quality));
        Assert.Equal(8, test["pulses"]);
        Assert.InRange(test["medianDiffusionRatePerS"]!.Value / ratePerS, 0.97, 1.03);
    }

    [Fact]
    public void Overpotentials_AreWhatTheCellHas()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(RatePerS).Records));

        // 50 and 20 mOhm at once, and the surface ahead of the mean by a third of I L^2/D less what has not built up yet.
        double surfaceV = 1.2 * CurrentA / 3600 / RatePerS / 3 * BenchCell.LeadShare(RatePerS * Tau);
        Assert.Equal(0.07 * CurrentA, test["medianIrOverpotentialV"]!.Value, 0.03 * surfaceV);
        Assert.Equal((0.07 * CurrentA) + surfaceV, test["medianTotalOverpotentialV"]!.Value, 0.01 * surfaceV);
        Assert.All(test.Column("r0Ohm"), ohm => Assert.InRange(ohm!.Value, 0.05, 0.065));
    }

    [Fact]
    public void WithTheLength_TheCoefficientIsGiven()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(RatePerS).Records, diffusionLengthUm: 20));
        Assert.InRange(test["medianDiffusionCoefficientCm2PerS"]!.Value / (RatePerS * 4e-6), 0.97, 1.03);
        Assert.Equal("", test.Reason);
        Assert.Null(Assert.Single(BenchRuns.Tests(Bench(RatePerS).Records))["medianDiffusionCoefficientCm2PerS"]);
    }

    [Theory]
    [InlineData(2e-4, 0)]
    [InlineData(0, 1e-3)]
    [InlineData(2e-4, 1e-4)]
    public void NoiseAndCoarseVoltages_ShowInTheUncertainty(double noiseV, double quantumV)
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(RatePerS).Records.Noisy(seed: 77, noiseV, 1e-5, quantumV, 1e-5)));
        double?[] uncertainties = test.Column("diffusionRateUncertaintyPerS");
        output.WriteLine($"{test["medianDiffusionRatePerS"]:G4} +- {uncertainties[3]:G2}");
        Assert.InRange(test["medianDiffusionRatePerS"]!.Value / RatePerS, 0.9, 1.1);
        Assert.All(test.Column("diffusionRatePerS").Zip(uncertainties).Where(pair => pair.First is not null), pair =>
            Assert.InRange(Math.Abs(pair.First!.Value - RatePerS), 0, (5 * pair.Second!.Value) + (0.03 * RatePerS)));
    }

    [Fact]
    public void AShortRest_IsSaid()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(RatePerS, restS: 700).Records));
        Assert.NotEqual(CycleQuality.Complete, test.Quality);
        Assert.All(test.Groups.Skip(1), pulse => Assert.Contains("still moves", pulse.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void AFirstPulseWithoutARestBefore_HasNoDiffusionRate()
    {
        var bench = new BenchCell { DiffusionPerS = RatePerS, StoredAh = 0.1 };
        NamedTest test = Assert.Single(BenchRuns.Tests(Pulses(bench, 8, 7200).Records));
        Assert.Null(test.Column("diffusionRatePerS")[0]);
        Assert.Contains("no rest before", test.Groups[0].Reason, StringComparison.Ordinal);
        Assert.Equal(7, test["pulsesWithDiffusion"]);
    }

    [Fact]
    public void OnAPlateau_ThereIsNoDiffusionRate()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(
            Bench(RatePerS, slopeVPerAh: 0.15, ohm: 2).Records.Noisy(seed: 3, 5e-3, 0)));
        Assert.All(test.Groups, pulse => Assert.Contains("plateau", pulse.Reason, StringComparison.Ordinal));
        Assert.Null(test["medianDiffusionRatePerS"]);
    }

    [Fact]
    public void ThePulseThatIsFarTooLong_HasNoDiffusionRate()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(0.03).Records));
        Assert.Null(test["medianDiffusionRatePerS"]);
        Assert.All(test.Groups, pulse => Assert.Contains("too long", pulse.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void AGapInAPulse_SpoilsThatOneAlone()
    {
        BenchRecord[] records = [.. Bench(RatePerS).Records];
        double thirdS = 1800 + (2 * 7800) + 100;
        NamedTest test = Assert.Single(BenchRuns.Tests(records.Where(record => record.TimeS < thirdS || record.TimeS > thirdS + 400)));
        Assert.InRange(test["medianDiffusionRatePerS"]!.Value / RatePerS, 0.97, 1.03);
        Assert.Equal(CycleQuality.Gapped, test.Groups[2].Quality);
        Assert.Equal(7, test["pulsesWithDiffusion"]);
        Assert.Equal(CycleQuality.Partial, test.Quality);
    }

    [Fact]
    public void NotWatched_ItSaysSo()
    {
        NamedTest test = Assert.Single(BenchRuns.Tests(Bench(RatePerS).Records, isWatched: false));
        Assert.Null(test["medianDiffusionRatePerS"]);
        Assert.NotNull(test["medianTotalOverpotentialV"]);
        Assert.Contains("not watched", test.Groups[1].Reason, StringComparison.Ordinal);
    }

    /// <summary>Short pulses at rest, and cycles with long rests, are no titrations.</summary>
    [Fact]
    public void OtherSeries_AreNone()
    {
        var pulses = new BenchCell { StoredAh = 0.5, IntervalS = 1 };
        var cycles = new BenchCell { StoredAh = 0.05 };
        for (int i = 0; i < 8; i++)
        {
            pulses.Rest(300).Run(-1, 18);
            cycles.Run(0.5, 6000).Rest(6500).Run(-0.5, 6000).Rest(6500);
        }

        Assert.Empty(BenchRuns.Tests(pulses.Records));
        Assert.Empty(BenchRuns.Tests(cycles.Records));
    }

    private static BenchCell Bench(double ratePerS, double restS = 7200, double slopeVPerAh = 1.2, double ohm = 0.05) => Pulses(
        new BenchCell { DiffusionPerS = ratePerS, StoredAh = 0.1, SlopeVPerAh = slopeVPerAh, Ohm = ohm }.Rest(1800),
        8, Math.Max(restS, restS < 7200 ? 0 : 0.7 / ratePerS));

    private static BenchCell Pulses(BenchCell bench, int count, double restS)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Run(CurrentA, Tau).Rest(restS);
        }

        return bench;
    }
}
