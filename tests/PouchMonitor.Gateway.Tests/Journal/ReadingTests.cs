using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class ReadingTests
{
    private readonly MemoryFiles files = new();

    [Fact]
    public async Task AFrame_ComesBackWithAllItsFacts_FromMemoryAndFromTheIndex()
    {
        var journal = FrameJournal.Open(JournalRig.Options(files));
        var plain = TestEntry.Frame(100, 10, bytes: 77, dropped: 100);
        var anchored = TestEntry.Frame(110, 10, anchor: 1_763_700_000_000_123);
        var moved = TestEntry.Frame(120, 10, anchor: 1_763_700_000_000_456, variant: 1);
        moved.EndsTest = true;
        await journal.Append(plain, anchored, moved);
        Check(journal);
        await journal.DisposeAsync();
        await using var reopened = FrameJournal.Open(JournalRig.Options(files));
        Check(reopened);

        void Check(FrameJournal from)
        {
            using var cursor = from.ReadStream(JournalRig.Stream, 0);
            var record = cursor.ReadNext()!;
            Assert.Equal((100, 10, 100), (record.FirstSampleNumber, record.Count, record.DroppedBeforeCount));
            Assert.Equal((100_000, 109_000), (record.FirstTimeMicroseconds, record.LastTimeMicroseconds));
            Assert.Equal(1_763_700_000_000_100, record.ReceivedAtMicroseconds);
            Assert.True(record is { IsLive: true, EndsTest: false, AnchorUnixMicroseconds: null, Length: 77 });
            Assert.Equal(plain.Position, record.Position);
            Assert.True(record.Bytes.SequenceEqual(plain.Bytes));
            Assert.Equal(1_763_700_000_000_123, cursor.ReadNext()!.AnchorUnixMicroseconds);
            record = cursor.ReadNext()!;
            Assert.Equal(1_763_700_000_000_456, record.AnchorUnixMicroseconds);
            Assert.True(record is { IsLive: false, EndsTest: true });
            Assert.Null(cursor.ReadNext());
            var summary = from.FindStream(JournalRig.Stream)!;
            Assert.Equal(1_763_700_000_000_456, summary.AnchorUnixMicroseconds);
            Assert.Equal((3, 30, 130), (summary.FrameCount, summary.SampleCount, summary.CommittedBelow));
            Assert.Equal((1_763_700_000_000_100, true), (summary.FirstArrivalMicroseconds, summary.EndsTest));
        }
    }

    [Fact]
    public async Task CommitOrder_GoesOnFromAnyPosition()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var entries = Enumerable.Range(0, 100).Select(at => TestEntry.Frame((at * 37) % 100, 1, bytes: 800)).ToArray();
        await journal.Append(entries);
        Assert.Equal(entries.Select(StoredFrame.Of), journal.ReadAll());
        for (int at = 0; at < entries.Length; at += 7)
        {
            Assert.Equal(entries.Skip(at).Select(StoredFrame.Of), journal.ReadAll(entries[at].Position));
        }

        using var cursor = journal.ReadFrom(entries[41].Position);
        cursor.ReadNext();
        Assert.Equal(entries.Skip(42).Select(StoredFrame.Of), journal.ReadAll(cursor.NextPosition));
        Assert.Empty(journal.ReadAll(journal.CommittedPosition));
    }

    [Fact]
    public async Task SampleOrder_IsKept_WhateverTheOrderOfArrival()
    {
        int seed = Environment.TickCount;
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var entries = Enumerable.Range(0, 600).Select(at => TestEntry.Frame(at * 10, 10, bytes: 300)).ToArray();
        var shuffled = entries.ToArray();
        new Random(seed).Shuffle(shuffled);
        await journal.Append(shuffled);
        Assert.True(journal.ReadStream(0).SequenceEqual(entries.Select(StoredFrame.Of)), $"seed {seed}");
        Assert.Equal(990, journal.ReadStream(999)[0].First);
        Assert.Equal(1000, journal.ReadStream(1000)[0].First);
        Assert.Empty(journal.ReadStream(6000));
        Assert.Equal(6000, journal.CommittedBelow(JournalRig.Stream));
    }

    [Fact]
    public async Task AChannelOverTime_PutsBootsInOrderOfTheirAnchors()
    {
        const long day = 86_400_000_000;
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        for (int at = 0; at < 50; at++)
        {
            await journal.Append(
                TestEntry.Frame(at * 10, 10, boot: 1, anchor: 10 * day, bytes: 400),
                TestEntry.Frame(at * 10, 10, boot: 2, anchor: 5 * day, bytes: 400),
                TestEntry.Frame(at * 10, 10, boot: 3, bytes: 400));
        }

        Assert.Equal([(2UL, 50), (1UL, 50)], Boots(0, long.MaxValue));

        // Samples of frame k are at uptimes 10 k ms to 10 k + 9 ms.
        Assert.Equal([(1UL, 2)], Boots((10 * day) + 19_000, (10 * day) + 20_001));
        Assert.Equal([(1UL, 1)], Boots((10 * day) + 19_001, (10 * day) + 20_001));
        Assert.Equal([(1UL, 1)], Boots((10 * day) + 19_000, (10 * day) + 20_000));
        Assert.Empty(Boots((10 * day) + 499_001, long.MaxValue));
        Assert.Empty(Boots(0, 5 * day));

        // Its anchor becomes known later and holds for all of the boot.
        await journal.Append(TestEntry.Frame(500, 10, boot: 3, anchor: day));
        Assert.Equal([(3UL, 51), (2UL, 50), (1UL, 50)], Boots(0, long.MaxValue));

        List<(ulong Boot, int Frames)> Boots(long from, long to)
        {
            var boots = new List<(ulong Boot, int Frames)>();
            using var cursor = journal.ReadChannel("n1", "1", FrameKind.Samples, from, to);
            while (cursor.ReadNext() is { } record)
            {
                if (boots.Count == 0 || boots[^1].Boot != record.Stream.Boot)
                {
                    boots.Add((record.Stream.Boot, 0));
                }

                boots[^1] = (record.Stream.Boot, boots[^1].Frames + 1);
            }

            return boots;
        }
    }

    [Fact]
    public async Task ReadersAndWriters_WorkAtTheSameTime()
    {
        const int writers = 4;
        const int each = 1500;
        await using var journal = FrameJournal.Open(JournalRig.Options(files) with { QueueEntries = 64 });
        var token = TestContext.Current.CancellationToken;
        var follower = Task.Run(
            async () =>
            {
                using var cursor = journal.ReadFrom(0);
                var next = new long[writers];
                for (int read = 0; read < writers * each;)
                {
                    if (cursor.ReadNext() is not { } record)
                    {
                        await cursor.WhenMoreAsync(token);
                        continue;
                    }

                    read++;
                    int channel = record.Stream.Channel[0] - '0';
                    Assert.Equal(next[channel]++, record.FirstSampleNumber);
                    Assert.True(record.Bytes.SequenceEqual(
                        TestEntry.BytesOf(record.Stream.Channel, 7, record.FirstSampleNumber, 1, 0, record.Length)));
                    if (read % 500 == 0)
                    {
                        long committed = journal.CommittedBelow(record.Stream);
                        var all = journal.ReadStream(0, record.Stream);
                        Assert.Equal(Enumerable.Range(0, all.Count).Select(at => (long)at), all.Select(frame => frame.First));
                        Assert.True(all.Count >= committed);
                    }
                }
            },
            token);
        var appenders = Enumerable.Range(0, writers).Select(channel => Task.Run(
            async () =>
            {
                var entries = Enumerable.Range(0, each).Select(at => TestEntry.Frame(at, 1, $"{channel}", bytes: 100)).ToArray();
                await journal.Append(entries);
                Assert.All(entries, entry => Assert.Equal((AppendOutcome.Stored, 1), (entry.Outcome!.Value, entry.Reports)));
            },
            token));
        await Task.WhenAll([follower, .. appenders]).WaitAsync(TimeSpan.FromSeconds(60), token);
        Assert.Equal(writers * each, journal.Counters().Stored);
        Assert.True(journal.Counters().Refused > 0);
    }
}
