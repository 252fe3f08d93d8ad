using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>Compaction changes where frames lie and nothing else.</summary>
public sealed class PackTests(ITestOutputHelper output)
{
    private readonly int seed = Environment.TickCount & 0xFFFF;

    [Fact]
    public async Task EveryFrame_ReadsTheSame_BeforeAndAfter()
    {
        output.WriteLine($"seed {seed}");
        var files = new MemoryFiles();
        List<Known> before;
        StreamSummary[] streams;
        await using (var journal = FrameJournal.Open(Options(files)))
        {
            await journal.Append(Mixed(400));
            await Sealed(journal);
            before = Everything(journal);
            streams = [.. journal.Streams().OrderBy(each => $"{each.Id}", StringComparer.Ordinal)];
            var inOrder = streams.Select(each => journal.ReadStream(0, each.Id)).ToList();

            Compact(journal);

            Assert.True(journal.Counters().Compactions > 3);
            Assert.Single(files.List(), name => name.EndsWith(".log", StringComparison.Ordinal));
            Assert.Equal(before, Everything(journal));
            Assert.Equal(inOrder, streams.Select(each => journal.ReadStream(0, each.Id)));
            Assert.Empty(journal.Verify(TestContext.Current.CancellationToken));
        }

        await using var again = FrameJournal.Open(Options(files));
        Assert.Equal(before, Everything(again));
        Assert.Equivalent(streams, again.Streams().OrderBy(each => $"{each.Id}", StringComparer.Ordinal).ToArray(), strict: true);
        Assert.Empty(again.Damage());
    }

    [Fact]
    public async Task KnownFrames_AreStillKnown()
    {
        output.WriteLine($"seed {seed}");
        await using var journal = FrameJournal.Open(Options(new MemoryFiles()));
        var entries = Mixed(200);
        await journal.Append(entries);
        await Sealed(journal);
        Compact(journal);
        foreach (var entry in entries.Where((_, at) => at % 7 == 0))
        {
            Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(Copy(entry)));
            var other = Copy(entry);
            other.Buffer[^1] ^= 1;
            Assert.Equal(AppendOutcome.Conflict, await journal.AppendOne(other));
        }
    }

    [Fact]
    public async Task ACursorInTheMiddle_GoesOnWhereItWas()
    {
        output.WriteLine($"seed {seed}");
        await using var journal = FrameJournal.Open(Options(new MemoryFiles()));
        await journal.Append(Mixed(300));
        await Sealed(journal);
        var all = journal.ReadAll();
        using var held = journal.ReadFrom(0);
        var read = new List<StoredFrame>();
        for (int at = 0; at < all.Count / 2; at++)
        {
            read.Add(StoredFrame.Of(held.ReadNext()!));
        }

        long place = held.NextPosition;
        Compact(journal);
        Assert.Equal(all[read.Count..], journal.ReadAll(place));
        while (held.ReadNext() is { } record)
        {
            read.Add(StoredFrame.Of(record));
        }

        Assert.Equal(all, read);
    }

    [Fact]
    public async Task ManySmallPacks_BecomeOne()
    {
        var files = new MemoryFiles();
        await using var journal = FrameJournal.Open(Options(files) with { SegmentRecords = 5 });
        var source = new MeasuredEntry(seed);
        for (int at = 0; at < 400; at++)
        {
            await journal.Append(source.Next($"{at % 3}", most: 3));
        }

        await Sealed(journal);
        var before = journal.ReadAll();
        Compact(journal);
        int packs = files.List().Count(name => name.EndsWith(".pack", StringComparison.Ordinal));
        Assert.InRange(packs, 1, 25);
        Assert.Equal(before, journal.ReadAll());
        Assert.Empty(journal.Verify(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhileSomebodyReads_NothingIsDeleted()
    {
        var files = new MemoryFiles();
        await using var journal = FrameJournal.Open(Options(files));
        await journal.Append(Mixed(300));
        await Sealed(journal);
        int logs = files.List().Count(name => name.EndsWith(".log", StringComparison.Ordinal));
        using (var cursor = journal.ReadFrom(0))
        {
            Assert.NotNull(cursor.ReadNext());
            Compact(journal);
            Assert.Equal(logs, files.List().Count(name => name.EndsWith(".log", StringComparison.Ordinal)));
        }

        Compact(journal);
        Assert.Single(files.List(), name => name.EndsWith(".log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADamagedBlock_IsNamed_AndCostsOnlyItsFrames()
    {
        output.WriteLine($"seed {seed}");
        var files = new MemoryFiles();
        int whole;
        await using (var journal = FrameJournal.Open(Options(files)))
        {
            await journal.Append(Mixed(300));
            await Sealed(journal);
            Compact(journal);
            whole = journal.ReadAll().Count;
        }

        string pack = files.List().First(name => name.EndsWith(".pack", StringComparison.Ordinal));
        files.Rot(pack, 300);
        await using var damaged = FrameJournal.Open(Options(files));
        int readable = damaged.ReadAll().Count;
        var named = Assert.Single(damaged.Verify(TestContext.Current.CancellationToken));
        Assert.Equal(pack, named.File);

        // At about one seed in three hundred that place holds roll-ups, which are made of the frames and cost none.
        Assert.InRange(readable, whole - 100, named.Reason.Contains("roll-ups", StringComparison.Ordinal) ? whole : whole - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ADamagedTable_CostsNothing_WhereItsCopyIsWhole(bool isCopyDamaged)
    {
        var files = new MemoryFiles();
        List<StoredFrame> before;
        await using (var journal = FrameJournal.Open(Options(files)))
        {
            await journal.Append(Mixed(300));
            await Sealed(journal);
            Compact(journal);
            before = journal.ReadAll();
        }

        string name = files.List().First(each => each.EndsWith(".pack", StringComparison.Ordinal));
        PackPiece[] tables;
        using (var file = files.Open(name, forWriting: false))
        {
            tables = [.. Pack.Open(file, name, out _)!.Value.Pack.Tables];
        }

        var spoiled = tables[isCopyDamaged ? 1 : 0];
        files.Rot(name, spoiled.Offset + (spoiled.Bytes / 2));
        await using var damaged = FrameJournal.Open(Options(files));
        Assert.Equal(before, damaged.ReadAll());
        var named = Assert.Single(damaged.Verify(TestContext.Current.CancellationToken));
        Assert.Equal((name, spoiled.Offset), (named.File, named.Offset));
    }

    [Fact]
    public async Task ADamagedSegment_IsLeftAsItIs()
    {
        var files = new MemoryFiles();
        await using var journal = FrameJournal.Open(Options(files));
        await journal.Append(Mixed(100));
        await Sealed(journal);
        string log = files.List().First(name => name.EndsWith(".log", StringComparison.Ordinal));
        files.Rot(log, 3000);
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.Contains(log, files.List());
        Assert.Contains(log, journal.Counters().CompactionProblem, StringComparison.Ordinal);
    }

    private static JournalOptions Options(MemoryFiles files) => JournalRig.Options(files) with { CompactsInBackground = false };

    private static void Compact(FrameJournal journal)
    {
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.Equal("", journal.Counters().CompactionProblem ?? "");
    }

    private static async Task Sealed(FrameJournal journal)
    {
        // All but the last segment: the indexes of the others are written beside the journal's thread.
        while (journal.Store.Segments.SkipLast(1).Any(segment => segment.Memory is not null))
        {
            await Task.Yield();
        }
    }

    private static List<Known> Everything(FrameJournal journal)
    {
        var all = new List<Known>();
        using var cursor = journal.ReadFrom(0);
        while (cursor.ReadNext() is { } record)
        {
            all.Add(new Known(StoredFrame.Of(record), record.DroppedBeforeCount, record.FirstTimeMicroseconds, record.LastTimeMicroseconds,
                record.AnchorUnixMicroseconds, record.ReceivedAtMicroseconds / 1000, record.IsLive, record.EndsTest));
        }

        return all;
    }

    private static TestEntry Copy(TestEntry entry) => new()
    {
        Stream = entry.Stream,
        FirstSampleNumber = entry.FirstSampleNumber,
        Count = entry.Count,
        DroppedBeforeCount = entry.DroppedBeforeCount,
        FirstTimeMicroseconds = entry.FirstTimeMicroseconds,
        LastTimeMicroseconds = entry.LastTimeMicroseconds,
        HasAnchor = entry.HasAnchor,
        AnchorUnixMicroseconds = entry.AnchorUnixMicroseconds,
        ReceivedAtMicroseconds = entry.ReceivedAtMicroseconds,
        Buffer = [.. entry.Bytes],
        Length = entry.Length,
    };

    // Three channels with late frames, a foreign device, captures, and bytes that are no frame of ours.
    private TestEntry[] Mixed(int count)
    {
        var random = new Random(seed);
        var source = new MeasuredEntry(seed);
        var entries = new List<TestEntry>();
        TestEntry? late = null;
        for (int at = 0; entries.Count < count; at++)
        {
            var entry = random.Next(10) switch
            {
                0 => source.Next("json", boot: 0),
                1 => source.Next("1", kind: FrameKind.Capture),
                2 => TestEntry.Frame(at * 10, 1 + random.Next(9), "odd", anchor: random.Next(2) == 0 ? 5 : null, dropped: Math.Min(at, 1)),
                var channel => source.Next($"{channel % 3}"),
            };
            if (late is not null && random.Next(3) == 0)
            {
                entries.Add(late);
                late = null;
            }

            if (late is null && random.Next(12) == 0)
            {
                late = entry;
            }
            else
            {
                entries.Add(entry);
            }
        }

        return [.. entries];
    }

    private sealed record Known(
        StoredFrame Frame, long Dropped, long FirstTime, long LastTime, long? Anchor, long ReceivedMilliseconds, bool IsLive, bool EndsTest);
}
