using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.State;

/// <summary>A run that is saved and loaded on the way tells the same, digit for digit, and ends in the same state.</summary>
public sealed class SnapshotTests
{
    private static readonly CellProfile Profile = new()
    {
        Name = "test",
        MinimumVoltageV = 2.5,
        MaximumVoltageV = 4.2,
        WarningTemperatureC = 38,
        MaximumWorkingTemperatureC = 60,
        MaximumHeatingRateCPerS = 1,
    };

    /// <summary>Series, how many samples of it, and after how many samples each it is saved and loaded.</summary>
    public static TheoryData<string, int, int> Series => new()
    {
        { "neware_ife_20cyc", int.MaxValue, 1 },
        { "nasa_b0005", 36_000, 13 },
        { "nasa_b0005", int.MaxValue, 4999 },
        { "lgm50_rpt0", int.MaxValue, 101 },
        { "beep_maccor_prediag412", int.MaxValue, 1 },
        { "ornl_500mAh1-100S0C", int.MaxValue, 7 },
    };

    [Theory]
    [MemberData(nameof(Series))]
    public void SaveAndLoadOnTheWay_ChangesNothing(string name, int most, int every)
    {
        Sample[] samples = name.StartsWith("ornl", StringComparison.Ordinal) ? RealSeries.LoadAbuse(name) : RealSeries.Load(name);
        ReadOnlySpan<Sample> part = samples.AsSpan(0, Math.Min(most, samples.Length));
        var straightLog = new EventLog();
        var straight = new ChannelAnalysis(Profile, straightLog);
        var brokenLog = new EventLog();
        var broken = new ChannelAnalysis(Profile, brokenLog);

        for (int i = 0; i < part.Length; i++)
        {
            straight.Add(part[i]);
            broken.Add(part[i]);
            if (i % every == 0)
            {
                byte[] snapshot = Save(broken);
                Assert.InRange(snapshot.Length, 1, 64 * 1024);
                broken = new ChannelAnalysis(Profile, brokenLog);
                Load(broken, snapshot);
            }
        }

        Assert.Equal(Save(straight), Save(broken));
        Assert.Equal(straight.Progress, broken.Progress);
        straight.Complete();
        broken.Complete();
        Assert.Equal(straightLog.Lines, brokenLog.Lines);
        Assert.Equal(straight.Findings, broken.Findings);
        Assert.Equal(Save(straight), Save(broken));
        Assert.NotEmpty(straightLog.Lines);
    }

    [Fact]
    public void Load_GoesBackToWhereItWasSaved()
    {
        Sample[] samples = RealSeries.Load("neware_ife_20cyc");
        var log = new EventLog();
        var analysis = new ChannelAnalysis(Profile, log);
        foreach (Sample sample in samples.AsSpan(0, 4000))
        {
            analysis.Add(sample);
        }

        byte[] snapshot = Save(analysis);
        int told = log.Lines.Count;
        foreach (Sample sample in samples.AsSpan(4000))
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        string[] first = [.. log.Lines.Skip(told)];
        int toldBeforeLoad = log.Lines.Count;
        Load(analysis, snapshot);
        Assert.Equal(toldBeforeLoad, log.Lines.Count);
        foreach (Sample sample in samples.AsSpan(4000))
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        Assert.Equal(first, log.Lines.Skip(toldBeforeLoad));
    }

    /// <summary>Saved by the program of before boards were known, after half of four cycles.</summary>
    [Fact]
    public void ASnapshotOfBeforeBoards_GoesOn_WithUncertaintiesFromItsNextCycle()
    {
        CellTrace trace = new() { IntervalSeconds = 10 };
        trace.Cycle().Cycle().Cycle().Cycle();
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(Runs.Unknown, collector);
        using (var reader = new BinaryReader(typeof(SnapshotTests).Assembly.GetManifestResourceStream("analysis-layout5.bin")!))
        {
            analysis.Load(reader);
        }

        ReadOnlySpan<Sample> rest = trace.ToArray().AsSpan(trace.Count / 2);
        analysis.MeasureWith(new MeasuringBoard(0.1, default, default), rest[0].TimeMicroseconds);
        analysis.Add(rest);
        analysis.Complete();
        ReportCollector whole = Runs.Whole(trace.ToArray());
        CycleSummary[] cycles = [.. collector.Cycles];
        Assert.Null(cycles[0].DischargeCapacityUncertaintyAh);
        Assert.NotNull(cycles[^1].DischargeCapacityUncertaintyAh);
        Assert.Equal(whole.Cycles.TakeLast(cycles.Length).Select(cycle => cycle.DischargeCapacityAh), cycles.Select(cycle => cycle.DischargeCapacityAh));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(997)]
    public void BoardsOfAChannel_ArePartOfTheState(int every)
    {
        Sample[] samples = new CellTrace { IntervalSeconds = 10 }.Cycle().Cycle().Cycle().ToArray();
        var straight = new ReportCollector();
        var one = new ChannelAnalysis(Runs.Unknown, straight);
        var broken = new ReportCollector();
        var other = new ChannelAnalysis(Runs.Unknown, broken);
        MeasuringBoard bought = new(0.1, default, default);
        MeasuringBoard calibrated = new(0.1, new MeasuringInput(7, HasZero: true, HasGain: true), new MeasuringInput(7, HasZero: true, HasGain: false));
        for (int i = 0; i < samples.Length; i++)
        {
            MeasuringBoard board = i < samples.Length / 2 ? bought : calibrated;
            foreach (ChannelAnalysis analysis in (ChannelAnalysis[])[one, other])
            {
                analysis.MeasureWith(board, samples[i].TimeMicroseconds);
                analysis.Add(samples[i]);
            }

            if (i % every == 0)
            {
                byte[] snapshot = Save(other);
                other = new ChannelAnalysis(Runs.Unknown, broken);
                Load(other, snapshot);
            }
        }

        Assert.Equal(Save(one), Save(other));
        one.Complete();
        other.Complete();
        Assert.Equal(straight.Cycles, broken.Cycles);
        Assert.Equal([true, false, true], straight.Cycles.Select(cycle => cycle.CoulombicEfficiencyUncertainty is not null));
    }

    [Fact]
    public void DamagedOrForeignSnapshot_IsRefusedAndChangesNothing()
    {
        var analysis = new ChannelAnalysis(Profile, new EventLog());
        foreach (Sample sample in new CellTrace().Rest(10).Charge(1, 100).Samples)
        {
            analysis.Add(sample);
        }

        byte[] good = Save(analysis);
        for (int position = 0; position < good.Length; position += 37)
        {
            byte[] damaged = [.. good];
            damaged[position] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Load(analysis, damaged));
        }

        Assert.Throws<InvalidDataException>(() => Load(analysis, good[..^1]));
        Assert.Throws<InvalidDataException>(() => Load(analysis, []));
        Assert.Equal(good, Save(analysis));
    }

    private static byte[] Save(ChannelAnalysis analysis)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        analysis.Save(writer);
        return stream.ToArray();
    }

    private static void Load(ChannelAnalysis analysis, byte[] snapshot)
    {
        using var reader = new BinaryReader(new MemoryStream(snapshot));
        analysis.Load(reader);
    }
}
