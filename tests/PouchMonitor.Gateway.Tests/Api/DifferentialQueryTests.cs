using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>The bounds of reading dQ/dV from the journal, and what is said where it cannot be read.</summary>
public sealed class DifferentialQueryTests
{
    private const long Anchor = 1_790_000_000_000_000;
    private const int SamplesPerFrame = 60;
    private const int HalfSeconds = 1200;

    private static readonly DifferentialLimits Wide = new(100_000, TimeSpan.FromMinutes(5), 2);

    private readonly MemoryFiles files = new();
    private readonly List<TestEntry> entries = [];
    private readonly ReportCollector judged = new();

    public DifferentialQueryTests() => Record();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACycle_IsReadFromItsOwnSamples()
    {
        await using FrameJournal journal = await Filled();
        using var query = new DifferentialQuery(journal, Wide);
        DifferentialAnswer answer = await query.ReadAsync(View(), CellProfiles.Default, Cycle(2), Cancellation);
        Assert.Equal(2, answer.Halves.Count);
        Assert.All(answer.Halves, half => Assert.Equal((2, "", 1.0), (half.Half.Cycle, half.Half.Reason, Math.Round(half.Half.RateA!.Value, 6))));

        // 1 V over 1/3 Ah, flat: the curve is the same everywhere but at its ends.
        Assert.All(answer.Halves, half => Assert.Equal(HalfSeconds / 3600.0, half.Curve!.DensityAhPerV[100], 0.003));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100_000, false)]
    public async Task MoreSamplesThanAreRead_IsSaid(long most, bool isTooLarge)
    {
        await using FrameJournal journal = await Filled();
        using var query = new DifferentialQuery(journal, Wide with { MostSamples = most });
        Task<DifferentialAnswer> Ask() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), Cancellation);
        if (!isTooLarge)
        {
            Assert.NotEmpty((await Ask()).Halves);
            return;
        }

        var fault = await Assert.ThrowsAsync<DifferentialException>(Ask);
        Assert.Equal((DifferentialFault.TooLarge, "Cycle 1 has more than 1 samples, which is the most that is read."), (fault.Fault, fault.Message));

        // The place is free again.
        fault = await Assert.ThrowsAsync<DifferentialException>(Ask);
        Assert.Equal(DifferentialFault.TooLarge, fault.Fault);
    }

    [Fact]
    public async Task NoMoreAreAtWorkAtOnce_ThanMay()
    {
        await using FrameJournal journal = await Filled();
        using var query = new DifferentialQuery(journal, Wide with { MostAtOnce = 0 });
        var fault = await Assert.ThrowsAsync<DifferentialException>(() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), Cancellation));
        Assert.Equal(DifferentialFault.Busy, fault.Fault);
        Assert.Contains("0 requests for dQ/dV are at work already", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoAnswerTakesLonger_ThanItMay()
    {
        await using FrameJournal journal = await Filled();
        using var query = new DifferentialQuery(journal, Wide with { MostTime = TimeSpan.Zero });
        var fault = await Assert.ThrowsAsync<DifferentialException>(() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), Cancellation));
        Assert.Equal((DifferentialFault.Busy, "Cycle 1 was not read within 0 s, which is the most."), (fault.Fault, fault.Message));
    }

    [Fact]
    public async Task WhoeverNoLongerWaits_IsNotAnswered()
    {
        await using FrameJournal journal = await Filled();
        using var query = new DifferentialQuery(journal, Wide);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task WhereTheJournalHoldsNothing_OrStepsAreNotKnown_ItIsSaid()
    {
        await using FrameJournal journal = FrameJournal.Open(JournalRig.Options(files));
        using var query = new DifferentialQuery(journal, Wide);
        var fault = await Assert.ThrowsAsync<DifferentialException>(() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), Cancellation));
        Assert.Equal((DifferentialFault.Gone, "The journal holds no samples of cycle 1."), (fault.Fault, fault.Message));
        fault = await Assert.ThrowsAsync<DifferentialException>(() => query.ReadAsync(View() with { Steps = [] }, CellProfiles.Default, Cycle(1), Cancellation));
        Assert.Contains("The steps of cycle 1 of test 'c@1' are not known", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheRetentionRemoved_IsSaid_AndTheRestIsRead()
    {
        // Frames arrive as they are measured; what came in the first half of the test is too old at its end.
        var time = new ManualTime();
        time.Advance(DateTimeOffset.UnixEpoch.AddMicroseconds(Anchor).AddSeconds(8 * HalfSeconds) - time.GetUtcNow());
        JournalOptions options = JournalRig.Options(files) with
        {
            CompactsInBackground = false, SegmentRecords = 20, Time = time, RetentionAge = TimeSpan.FromSeconds(4 * HalfSeconds),
        };
        await using FrameJournal journal = FrameJournal.Open(options);
        await journal.Append([.. entries]);
        while (journal.Store.Segments.SkipLast(1).Any(segment => segment.Memory is not null))
        {
            await Task.Yield();
        }

        journal.Compact(Cancellation);
        Assert.True(journal.RemovedEnd(JournalRig.Stream) > 0, "The retention removed nothing; the test's figures do not fit.");
        using var query = new DifferentialQuery(journal, Wide);
        var fault = await Assert.ThrowsAsync<DifferentialException>(() => query.ReadAsync(View(), CellProfiles.Default, Cycle(1), Cancellation));
        Assert.Equal((DifferentialFault.Gone, "Samples of cycle 1 have been removed by the retention."), (fault.Fault, fault.Message));
        Assert.Equal(2, (await query.ReadAsync(View(), CellProfiles.Default, Cycle(4), Cancellation)).Halves.Count);
    }

    private CycleSummary Cycle(int index) => judged.Cycles.Single(cycle => cycle.Index == index);

    private TestView View() => new(
        new TestRecord { Test = "c@1", Cell = "c", Node = "n1", Channel = "1", Ordinal = 1, Segments = [new TestSegment(7, 0, null)] }, [.. judged.Cycles], [], [])
    {
        Steps = judged.Steps,
    };

    private async Task<FrameJournal> Filled()
    {
        FrameJournal journal = FrameJournal.Open(JournalRig.Options(files));
        await journal.Append([.. entries]);
        return journal;
    }

    /// <summary>Four cycles between 3 and 4 V at 1 A, a sample a second, and their judgement.</summary>
    private void Record()
    {
        var analysis = new ChannelAnalysis(CellProfiles.Default, judged);
        var frame = new SampleFrame(SamplesPerFrame) { Node = "n1", Channel = "1", Boot = 7, Kind = FrameKind.Samples, HasBootAnchor = true, BootAnchorUnixMicroseconds = Anchor };
        frame.Scales[SampleColumns.Voltage].Denominator = 10_000;
        frame.Scales[SampleColumns.Current].Denominator = 1000;
        Sample sample = default;
        for (int second = 0; second < 8 * HalfSeconds; second++)
        {
            int direction = second / HalfSeconds % 2 == 0 ? 1 : -1;
            double share = ((second % HalfSeconds) + 1.0) / HalfSeconds;
            int at = frame.Count++;
            frame.UptimeMicroseconds[at] = second * 1_000_000L;
            frame.States[at] = SensorStates.With(SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good), SampleColumns.Current, SensorState.Good);
            frame.Counts[SampleColumns.Voltage][at] = (long)Math.Round(10_000 * (direction > 0 ? 3 + share : 4 - share));
            frame.Counts[SampleColumns.Current][at] = direction * 1000;
            FrameSamples.Read(frame, at, Anchor, ref sample);
            analysis.Add(in sample);
            if (frame.Count == SamplesPerFrame)
            {
                entries.Add(Entry(frame));
                frame.FirstSampleNumber += frame.Count;
                frame.Count = 0;
            }
        }

        analysis.Complete();
    }

    private static TestEntry Entry(SampleFrame frame)
    {
        byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        var entry = new TestEntry { Buffer = buffer[..length], Length = length, ReceivedAtMicroseconds = Anchor + frame.UptimeMicroseconds[frame.Count - 1], Topic = "pouch/v1/n1/1/frame" };
        entry.Describe(frame);
        return entry;
    }
}
