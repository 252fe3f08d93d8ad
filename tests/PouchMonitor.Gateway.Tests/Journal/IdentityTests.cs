using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class IdentityTests
{
    private readonly MemoryFiles files = new();

    [Fact]
    public async Task TheSameFrameAgain_IsADuplicate_AndIsStoredOnce()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var first = TestEntry.Frame(0, 32);
        var again = TestEntry.Frame(0, 32);
        await journal.Append(first, again);
        Assert.Equal((AppendOutcome.Stored, AppendOutcome.Duplicate), (first.Outcome, again.Outcome));
        Assert.Equal(first.Position, again.Position);
        Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(0, 32)));
        Assert.Single(journal.ReadAll());
        Assert.Equal((1, 2), (journal.Counters().Stored, journal.Counters().Duplicates));
    }

    [Fact]
    public async Task TheSameIdentityWithOtherBytes_IsAConflict_KeptRawAndDurable()
    {
        var journal = FrameJournal.Open(JournalRig.Options(files));
        await journal.Append(TestEntry.Frame(0, 32));
        var other = TestEntry.Frame(0, 32, variant: 1);
        Assert.Equal(AppendOutcome.Conflict, await journal.AppendOne(other));
        Assert.NotNull(other.Failure);
        var after = files.LosePower(new Random(1));
        await journal.DisposeAsync();
        await using var reopened = FrameJournal.Open(JournalRig.Options(after));
        var item = Assert.Single(reopened.ReadQuarantine(10));
        Assert.Equal(
            (QuarantinedItem.ConflictReason, "pouch/v1/n1/1/frame", other.Position), (item.Reason, item.Topic, item.Position));
        Assert.True(item.Bytes.Span.SequenceEqual(other.Bytes));
        Assert.Single(reopened.ReadAll());
    }

    [Theory]
    [InlineData(32, 32, AppendOutcome.Duplicate)] // the very frame, other bytes aside
    [InlineData(32, 31, AppendOutcome.Conflict)]
    [InlineData(32, 33, AppendOutcome.Conflict)]
    [InlineData(33, 31, AppendOutcome.Conflict)]
    [InlineData(31, 2, AppendOutcome.Conflict)]
    [InlineData(31, 1, AppendOutcome.Stored)] // ends where it starts
    [InlineData(63, 2, AppendOutcome.Conflict)]
    [InlineData(64, 1, AppendOutcome.Stored)] // starts where it ends
    [InlineData(0, 100, AppendOutcome.Conflict)]
    [InlineData(40, 1, AppendOutcome.Conflict)]
    public async Task AFrameBesideOneOf32To63_IsJudgedByTheSamplesTheyShare(long first, int count, AppendOutcome expected)
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        await journal.Append(TestEntry.Frame(32, 32), TestEntry.Frame(200, 10));
        Assert.Equal(expected, await journal.AppendOne(TestEntry.Frame(first, count)));
        await journal.Append(TestEntry.Frame(300, 1));
        Assert.Equal(expected == AppendOutcome.Stored ? 4 : 3, journal.ReadStream(0).Count);
    }

    [Fact]
    public async Task OtherNodesChannelsBootsAndKinds_ShareNoNumbers()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var entries = new[]
        {
            TestEntry.Frame(0, 32), TestEntry.Frame(0, 32, channel: "2"), TestEntry.Frame(0, 32, boot: 8),
            TestEntry.Frame(0, 32, kind: FrameKind.Capture), TestEntry.Frame(0, 32, kind: FrameKind.Image), TestEntry.Frame(0, 32),
        };
        entries[5].Stream = entries[5].Stream with { Node = "n2" };
        await journal.Append(entries);
        Assert.All(entries, entry => Assert.Equal(AppendOutcome.Stored, entry.Outcome));
        Assert.Equal(6, journal.Streams().Count);
        Assert.Equal(5, journal.StreamsOf("n1", "1").Count + journal.StreamsOf("n1", "2").Count);
    }

    [Fact]
    public async Task Captures_MayOverlap_ButEachIdentityIsStoredOnce()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(100, 50, kind: FrameKind.Capture)));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(120, 50, kind: FrameKind.Capture)));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(100, 51, kind: FrameKind.Capture)));
        Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(100, 50, kind: FrameKind.Capture)));
        Assert.Equal(AppendOutcome.Conflict, await journal.AppendOne(TestEntry.Frame(120, 50, variant: 1, kind: FrameKind.Capture)));
    }

    // Also where closed segments become packs meanwhile, of which a slow machine makes more: there are fewer segments then.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ForeignDevices_AreKnownByTime_InAnyOrder_AcrossSegmentsAndPacks(bool compacts)
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files) with { CompactsInBackground = compacts });
        int seed = Environment.TickCount;
        long[] times = [.. Enumerable.Range(0, 1500).Select(at => 1_763_700_000_000_000L + (at * 1_000_003L))];
        new Random(seed).Shuffle(times);
        foreach (long time in times)
        {
            Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(time, 1, boot: 0)));
        }

        Assert.True(compacts || journal.Counters().Segments > 3, $"seed {seed}: only {journal.Counters().Segments} segments");
        foreach (long time in times.Take(300))
        {
            Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(time, 1, boot: 0)));
            Assert.Equal(AppendOutcome.Conflict, await journal.AppendOne(TestEntry.Frame(time, 1, boot: 0, variant: 1)));
            Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(time + 1, 1, boot: 0)));
        }

        var stream = TestEntry.Frame(0, 1, boot: 0).Stream;
        Assert.True(journal.ReadStream(long.MinValue, stream).Select(frame => frame.First).SequenceEqual(
            times.Concat(times.Take(300).Select(time => time + 1)).Order()), $"seed {seed}");
        Assert.Equal(0, journal.CommittedBelow(stream));
    }

    [Fact]
    public async Task CommittedBelow_CountsFromZero_OverWhatIsStoredOrDeclaredDropped()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(0, journal.CommittedBelow(JournalRig.Stream));
        await journal.Append(TestEntry.Frame(10, 10));
        Assert.Equal(0, journal.CommittedBelow(JournalRig.Stream));
        await journal.Append(TestEntry.Frame(0, 9));
        Assert.Equal(9, journal.CommittedBelow(JournalRig.Stream));
        await journal.Append(TestEntry.Frame(9, 1));
        Assert.Equal(20, journal.CommittedBelow(JournalRig.Stream));
        await journal.Append(TestEntry.Frame(30, 5, dropped: 9));
        Assert.Equal(20, journal.CommittedBelow(JournalRig.Stream));
        await journal.Append(TestEntry.Frame(40, 5, dropped: 5));
        await journal.Append(TestEntry.Frame(20, 1));
        Assert.Equal(45, journal.CommittedBelow(JournalRig.Stream));

        // Declared dropped and yet it comes: it is stored all the same.
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(22, 3)));
        Assert.Equal(45, journal.CommittedBelow(JournalRig.Stream));
        var summary = journal.FindStream(JournalRig.Stream)!;
        Assert.Equal([new(0, 21), new(22, 25), new(30, 35), new(40, 45)], summary.Stored);
        Assert.Equal([new(0, 45)], summary.Accounted);
    }

    [Fact]
    public async Task CommittedBelow_IsTheSameAfterOpeningAgain_FromIndexesAndFromSegments()
    {
        var journal = FrameJournal.Open(JournalRig.Options(files));
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 800)
            .Select(at => TestEntry.Frame(at * 5, at % 7 == 0 ? 3 : 5, bytes: 100, dropped: at % 7 == 1 ? 2 : 0)).ToArray();
        random.Shuffle(entries);
        await journal.Append(entries);
        Assert.Equal(4000, journal.CommittedBelow(JournalRig.Stream));
        var before = journal.FindStream(JournalRig.Stream)!;
        await journal.DisposeAsync();
        foreach (bool withoutIndexes in new[] { false, true })
        {
            foreach (string name in files.List().Where(name => withoutIndexes && name.EndsWith(".index", StringComparison.Ordinal)))
            {
                files.Delete(name);
            }

            await using var reopened = FrameJournal.Open(JournalRig.Options(files));
            var after = reopened.FindStream(JournalRig.Stream)!;
            Assert.Equal(4000, after.CommittedBelow);
            Assert.Equal(before.Stored, after.Stored);
            Assert.Equal((before.FrameCount, before.SampleCount), (after.FrameCount, after.SampleCount));
            Assert.Equal(
                entries.Select(entry => entry.FirstSampleNumber).Order(), reopened.ReadStream(0).Select(frame => frame.First));
            Assert.Equal(AppendOutcome.Duplicate, await reopened.AppendOne(TestEntry.Frame(2500, 5, bytes: 100)));
            Assert.Empty(reopened.Damage());
        }
    }

    [Fact]
    public async Task MoreGapsThanAllowed_GoToTheQuarantine_ByName()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files) with { RangesPerStream = 3 });
        await journal.Append(TestEntry.Frame(0, 1), TestEntry.Frame(10, 1), TestEntry.Frame(20, 1));
        var tooMany = TestEntry.Frame(30, 1);
        Assert.Equal(AppendOutcome.Quarantined, await journal.AppendOne(tooMany));
        Assert.Equal(QuarantinedItem.TooManyGapsReason, tooMany.Failure);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(21, 9)));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(30, 1)));
        Assert.Equal(1, journal.Counters().QuarantinedByReason[QuarantinedItem.TooManyGapsReason]);
    }

    [Fact]
    public async Task MoreStreamsThanAllowed_GoToTheQuarantine_ByName()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files) with { Streams = 2 });
        await journal.Append(TestEntry.Frame(0, 1, boot: 1), TestEntry.Frame(0, 1, boot: 2));
        Assert.Equal(AppendOutcome.Quarantined, await journal.AppendOne(TestEntry.Frame(0, 1, boot: 3)));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(1, 1, boot: 2)));
    }

    [Theory]
    [InlineData(-1, 1, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(5, 1, 6)]
    [InlineData(5, 1, -1)]
    [InlineData(long.MaxValue, 1, 0)]
    public async Task NumbersThatCannotBe_GoToTheQuarantine(long first, int count, long dropped)
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var entry = TestEntry.Frame(first, count, dropped: dropped);
        Assert.Equal(AppendOutcome.Quarantined, await journal.AppendOne(entry));
        Assert.Equal(QuarantinedItem.BadIdentityReason, entry.Failure);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(5, 1, dropped: 5)));
    }
}
