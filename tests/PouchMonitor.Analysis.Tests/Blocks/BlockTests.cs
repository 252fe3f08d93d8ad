using System.Text.Json;
using System.Text.Json.Serialization;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Blocks;

/// <summary>
/// Samples in blocks of any size tell the same as one by one, digit for digit and in the same order, and leave the same
/// state behind them to the last byte.
/// </summary>
public sealed class BlockTests(ITestOutputHelper output)
{
    private const int SnapshotEvery = 1009;

    private static readonly CellProfile Narrow = new()
    {
        Name = "narrow",
        MinimumVoltageV = 3.0,
        MaximumVoltageV = 4.1,
        WarningTemperatureC = 30,
        MaximumWorkingTemperatureC = 45,
        MaximumHeatingRateCPerS = 0.4,
    };

    private static readonly JsonSerializerOptions AnyNumber = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly CellProfile[] Profiles =
    [
        Runs.Unknown, Narrow, Narrow with { Kind = CellKind.Symmetric }, Runs.Unknown with { Kind = CellKind.Half },
        Runs.Unknown with { Kind = CellKind.AnodeFree, NominalCapacityAh = 0.2, MassG = 8 },
    ];

    public static TheoryData<string> Measured =>
    [
        "arbin_li_si_halfcell_45cc", "bdf_li_gr_r2032", "bdf_li_graphite_pocv", "bdf_li_lnmo_pocv", "beep_maccor_prediag412",
        "dmegc_r1_pulse_data", "dmegc_r1_ref_data", "dmegc_r1_rt_c_2_data", "lgm50_rpt0", "nasa_b0005", "nda_nw4-120-6-1-36",
        "neware_ife_20cyc", "neware_uio_halfcell", "ornl_500mAh1-20S0C", "ornl_500mAh1-100S0C",
    ];

    [Theory]
    [MemberData(nameof(Measured))]
    public void OfAMeasuredSeries_TellTheSame(string name)
    {
        Sample[] samples = name.StartsWith("ornl", StringComparison.Ordinal) ? RealSeries.LoadAbuse(name) : RealSeries.Load(name);
        Compare(samples, Runs.Unknown, new Random(1));
        Sample[] spoiled = [.. samples];
        SpoiledSeries.Spoil(spoiled, new Random(2));
        Compare(spoiled, Narrow, new Random(3));
    }

    [Fact]
    public void OfEmulatedCells_TellTheSame()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seeds from {seed}");
        long inRuns = 0;
        for (int i = 0; i < 60; i++)
        {
            var random = new Random(seed + i);
            Sample[] samples = SpoiledSeries.Emulate(random, random.Next(2000, 12_000));
            if (i % 3 != 0)
            {
                SpoiledSeries.Spoil(samples, random);
            }

            inRuns += Compare(samples, Profiles[i % Profiles.Length], random);
        }

        // Were nothing taken in runs, nothing would have been shown.
        Assert.InRange(inRuns, 10_000, long.MaxValue);
    }

    [Fact]
    public void OfRandomProtocols_TellTheSame()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seeds from {seed}");
        long inRuns = 0;
        for (int i = 0; i < 120; i++)
        {
            Random random = new(seed + i);
            inRuns += Compare(RandomProtocol.Make(random), Profiles[i % Profiles.Length], random);
        }

        Assert.InRange(inRuns, 1000, long.MaxValue);
    }

    [Fact]
    public void OfACellThatNothingHappensTo_AreMostlyTakenInRuns()
    {
        Sample[] samples = new CellTrace { TemperatureC = 25 }.Cycle().Cycle().Cycle().ToArray();
        Assert.InRange(Compare(samples, Narrow, new Random(4)), samples.Length / 2, samples.Length);
    }

    [Fact]
    public void AfterTheEndOfATest_AreRefused()
    {
        Sample[] samples = new CellTrace().Cycle().ToArray();
        var analysis = new ChannelAnalysis(Runs.Unknown, new EventLog());
        analysis.Add(samples.AsSpan());
        analysis.Complete();
        Assert.Throws<InvalidOperationException>(() => analysis.Add(samples.AsSpan()));
    }

    /// <summary>Runs both ways; gives how many samples were taken in runs.</summary>
    private static long Compare(Sample[] samples, CellProfile profile, Random random)
    {
        var singleLog = new EventLog();
        var single = new ChannelAnalysis(profile, singleLog);
        var blockLog = new EventLog();
        var blocks = new ChannelAnalysis(profile, blockLog);
        var singleInside = new NamedTestCollector();
        single.Watch(singleInside);
        var blockInside = new NamedTestCollector();
        blocks.Watch(blockInside);
        int most = random.Next(2, 2000);
        int compared = 0;
        for (int at = 0; at < samples.Length;)
        {
            ReadOnlySpan<Sample> block = samples.AsSpan(at, Math.Min(random.Next(1, most), samples.Length - at));
            blocks.Add(block);
            foreach (ref readonly Sample sample in block)
            {
                single.Add(in sample);
            }

            at += block.Length;
            if (at / SnapshotEvery != compared)
            {
                compared = at / SnapshotEvery;
                Assert.Equal(Save(single), Save(blocks));
                Assert.Equal(single.Progress, blocks.Progress);
            }
        }

        Assert.Equal(Save(single), Save(blocks));
        single.Complete();
        blocks.Complete();
        Assert.Equal(singleLog.Lines, blockLog.Lines);
        Assert.Equal(Save(single), Save(blocks));
        Assert.Equal(Text(singleInside), Text(blockInside));
        return blocks.RunSampleCount;
    }

    private static string Text(NamedTestCollector inside) => JsonSerializer.Serialize(new { inside.Steps, inside.Holds }, AnyNumber);

    private static byte[] Save(ChannelAnalysis analysis)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        analysis.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
