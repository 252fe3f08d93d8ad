using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class FailureTests
{
    private readonly MemoryFiles files = new();
    private readonly ManualTime time = new();

    private JournalOptions Options => JournalRig.Options(files) with { Time = time };

    [Fact]
    public async Task AFailedSync_FailsTheGroup_LeavesTheSegment_AndRecovers()
    {
        var journal = FrameJournal.Open(Options);
        await journal.Append(TestEntry.Frame(0, 10));
        files.Before = (call, _) => Throw(call == "sync", "input/output error");
        var failed = TestEntry.Frame(10, 10);
        Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(failed));
        Assert.Equal(-1, failed.Position);
        Assert.Contains("input/output error", failed.Failure, StringComparison.Ordinal);
        Assert.True(journal.IsFailing);
        Assert.Equal(10, journal.CommittedBelow(JournalRig.Stream));
        Assert.Single(journal.ReadAll());

        // Within the pause nothing is tried.
        files.Before = null;
        Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(TestEntry.Frame(10, 10)));
        time.Advance(Options.FirstRetryPause);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(10, 10)));
        Assert.False(journal.IsFailing);
        Assert.Equal(2, journal.Counters().Segments);

        // The kernel called the lost pages clean: had the segment been gone on with, this would lose what was reported.
        var after = files.LosePower(new Random(5));
        await journal.DisposeAsync();
        await using var reopened = FrameJournal.Open(JournalRig.Options(after));
        Assert.Equal([0, 10], reopened.ReadAll().Select(frame => frame.First));
    }

    [Fact]
    public async Task AFullDisk_IsRefusedBeforeTheLastByte_AndOverByItself()
    {
        await using var journal = FrameJournal.Open(Options with { ReserveBytes = 1000 });
        await journal.Append(TestEntry.Frame(0, 10));
        time.Advance(TimeSpan.FromSeconds(2));
        files.FreeBytes = 1000;
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(10, 10)));
        time.Advance(TimeSpan.FromSeconds(2));
        files.FreeBytes = 999;
        var refused = TestEntry.Frame(20, 10);
        Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(refused));
        Assert.Contains("reserve", refused.Failure, StringComparison.Ordinal);
        Assert.Equal(refused.Failure, journal.FailureReason);

        // No entry comes: the journal finds out by itself.
        files.FreeBytes = 1_000_000;
        time.Advance(Options.FirstRetryPause);
        await Soon.Until(() => !journal.IsFailing);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(20, 10)));
        Assert.Equal(1, journal.Counters().Segments);
    }

    [Fact]
    public async Task NoRoomForANewSegment_FailsUntilThereIs()
    {
        await using var journal = FrameJournal.Open(Options);
        long first = 0;
        files.Before = (call, _) => Throw(call == "create", "no space left on device");
        var entry = TestEntry.Frame(first, 1, bytes: 3000);
        Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(entry));
        files.Before = null;
        time.Advance(Options.FirstRetryPause);
        for (; first < 5; first++)
        {
            Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(first, 1, bytes: 3000)));
        }

        files.Before = (call, name) => Throw(call == "create" && name.EndsWith(".log", StringComparison.Ordinal), "no space left on device");
        Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(TestEntry.Frame(first, 1, bytes: 3000)));
        files.Before = null;
        time.Advance(Options.FirstRetryPause);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(first, 1, bytes: 3000)));
        Assert.Equal(6, journal.ReadAll().Count);
    }

    [Fact]
    public async Task PausesDouble_UpToTheLongest()
    {
        await using var journal = FrameJournal.Open(Options);
        int attempts = 0;
        files.Before = (call, _) =>
        {
            attempts += call == "create" ? 1 : 0;
            Throw(call == "create", "no space left on device");
        };
        await journal.AppendOne(TestEntry.Frame(0, 1));
        foreach (int pause in new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 })
        {
            int before = attempts;
            time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(AppendOutcome.Failed, await journal.AppendOne(TestEntry.Frame(0, 1)));
            Assert.Equal(before, attempts);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Soon.Until(() => attempts == before + 1);
            await journal.AppendOne(TestEntry.Frame(0, 1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(511)]
    public async Task ShortWrites_AreGoneOnWith(int most)
    {
        files.MostWrittenAtOnce = most;
        var journal = FrameJournal.Open(Options);
        var entries = Enumerable.Range(0, 40).Select(at => TestEntry.Frame(at, 1, bytes: 900)).ToArray();
        await journal.Append(entries);
        var after = files.LosePower(new Random(3));
        await journal.DisposeAsync();
        await using var reopened = FrameJournal.Open(JournalRig.Options(after));
        Assert.Equal(entries.Select(StoredFrame.Of), reopened.ReadAll());
    }

    [Fact]
    public async Task AFailureOfTheQuarantine_FailsWhatBelongsThere_AndNothingElse()
    {
        await using var journal = FrameJournal.Open(Options);
        files.Before = (call, name) => Throw(call == "sync" && name.StartsWith("quarantine", StringComparison.Ordinal), "bad sector");
        var poison = TestEntry.Poison("bad-checksum");
        var frame = TestEntry.Frame(0, 5);
        await journal.Append(poison, frame);
        Assert.Equal((AppendOutcome.Failed, AppendOutcome.Stored), (poison.Outcome, frame.Outcome));
        Assert.True(journal.IsFailing);
        files.Before = null;
        time.Advance(Options.FirstRetryPause);
        Assert.Equal(AppendOutcome.Quarantined, await journal.AppendOne(TestEntry.Poison("bad-checksum")));
        Assert.False(journal.IsFailing);
        Assert.Single(journal.ReadQuarantine(10));
    }

    [Fact]
    public async Task AnIndexThatCannotBeWritten_StaysInMemory_AndBoundsTheSegments()
    {
        await using var journal = FrameJournal.Open(Options);
        files.Before = (call, name) => Throw(call == "create" && name.Contains(".index", StringComparison.Ordinal), "no space left on device");
        var outcomes = new List<AppendOutcome>();
        for (int at = 0; at < 40; at++)
        {
            outcomes.Add(await journal.AppendOne(TestEntry.Frame(at, 1, bytes: 3000)));
        }

        Assert.Equal(3, journal.Counters().Segments); // all three waiting; no further one is begun
        Assert.Equal(AppendOutcome.Failed, outcomes[^1]);
        int stored = outcomes.Count(each => each == AppendOutcome.Stored);
        Assert.Equal(stored, journal.ReadStream(0).Count);
        files.Before = null;
        time.Advance(Options.LongestRetryPause);
        Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(0, 1, bytes: 3000)));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(100, 1, bytes: 3000)));
    }

    [Fact]
    public async Task AThrowingOwner_DoesNotKeepOthersFromBeingReported()
    {
        await using var journal = FrameJournal.Open(Options);
        var other = TestEntry.Frame(1, 1);
        Assert.True(journal.TryAppend(TestEntry.Frame(0, 1, then: _ => throw new InvalidOperationException("mine"))));
        await journal.Append(other);
        Assert.Equal(AppendOutcome.Stored, other.Outcome);
        Assert.Equal(1, journal.Counters().CallbackFaults);
    }

    [Fact]
    public async Task TwoProcesses_CannotHaveTheSameFolder()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"pouch-journal-{Guid.NewGuid():N}");
        try
        {
            await using var journal = FrameJournal.Open(JournalOptions.ForDirectory(directory));
            var fault = Assert.Throws<IOException>(() => FrameJournal.Open(JournalOptions.ForDirectory(directory)));
            Assert.Contains(directory, fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Throw(bool really, string message)
    {
        if (really)
        {
            throw new IOException(message);
        }
    }
}
