using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class QueueTests
{
    private readonly MemoryFiles files = new();

    [Theory]
    [InlineData(10, 1_000_000, 60)] // bound by entries
    [InlineData(1000, 600, 60)] // bound by bytes
    public async Task AFullQueue_RefusesAndTakesNothing_UntilThereIsRoom(int mostEntries, int mostBytes, int bytes)
    {
        using var gate = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        var journal = FrameJournal.Open(JournalRig.Options(files) with { QueueEntries = mostEntries, QueueBytes = mostBytes });
        files.Before = (call, _) =>
        {
            if (call == "sync")
            {
                isHeld.Set();
                gate.Wait(TimeSpan.FromSeconds(30));
            }
        };
        var entries = Enumerable.Range(0, 10).Select(at => TestEntry.Frame(at, 1, bytes: bytes)).ToArray();
        Assert.True(journal.TryAppend(entries[0]));
        Assert.True(isHeld.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.All(entries[1..], entry => Assert.True(journal.TryAppend(entry)));
        var refused = TestEntry.Frame(10, 1, bytes: bytes);
        Assert.False(journal.TryAppend(refused));
        Assert.Equal((10, 10 * bytes, 1), (journal.Counters().QueueEntries, journal.Counters().QueueBytes, journal.Counters().Refused));
        var room = journal.WhenRoomAsync(TestContext.Current.CancellationToken);
        Assert.False(room.IsCompleted);
        gate.Set();
        await room;
        await journal.Append(refused);
        Assert.Equal((0, 0), (journal.Counters().QueueEntries, journal.Counters().QueueBytes));
        await journal.DisposeAsync();
        Assert.False(journal.TryAppend(TestEntry.Frame(11, 1)));
        Assert.All(entries, entry => Assert.Equal(AppendOutcome.Stored, entry.Outcome));
    }

    [Fact]
    public async Task WaitingForRoom_CanBeGivenUp()
    {
        using var gate = new ManualResetEventSlim();
        await using var journal = FrameJournal.Open(JournalRig.Options(files) with { QueueEntries = 1 });
        files.Before = (call, _) =>
        {
            if (call == "sync")
            {
                gate.Wait(TimeSpan.FromSeconds(30));
            }
        };
        Assert.True(journal.TryAppend(TestEntry.Frame(0, 1)));
        using var stop = new CancellationTokenSource();
        var room = journal.WhenRoomAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room);
        gate.Set();
    }

    [Fact]
    public async Task Reports_ComeInOrderOfAppending_AfterTheSync()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var order = new List<long>();
        var syncsAtReport = new List<int>();
        var entries = Enumerable.Range(0, 500).Select(at => TestEntry.Frame(at, 1, then: entry =>
        {
            order.Add(entry.FirstSampleNumber);
            syncsAtReport.Add(files.Syncs);
        })).ToArray();
        int before = files.Syncs;
        await journal.Append(entries);
        Assert.Equal(entries.Select(entry => entry.FirstSampleNumber), order);
        Assert.All(syncsAtReport, syncs => Assert.True(syncs > before));
        Assert.True(journal.Counters().Groups <= 500 && journal.Counters().LargestGroup > 1);
    }

    [Fact]
    public async Task AFrameTooLargeForTheSegments_IsRefusedByName()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(0, 1, bytes: 4096)));
        var fault = Assert.Throws<ArgumentException>(() => journal.TryAppend(TestEntry.Frame(1, 1, bytes: 4097)));
        Assert.Contains("4097", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppendingInOrder_AllocatesNothingButIndexRoom()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"pouch-journal-{Guid.NewGuid():N}");
        try
        {
            await using var journal = FrameJournal.Open(JournalOptions.ForDirectory(directory) with { SegmentBytes = 16 * 1024 * 1024, ReserveBytes = 0 });
            long before = 0;
            long after = 0;
            await journal.Append(Make(0, 20_000, _ => before = GC.GetAllocatedBytesForCurrentThread()));
            await journal.Append(Make(20_000, 20_000, _ => after = GC.GetAllocatedBytesForCurrentThread()));

            // On the journal's thread: 32 bytes of index and up to 16 of its hash table a frame, and some for each group.
            Assert.InRange((after - before) / 20_000.0, 0, 75);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static TestEntry[] Make(int from, int count, Action<TestEntry> then) =>
        [.. Enumerable.Range(from, count).Select(at => TestEntry.Frame(at, 1, then: then))];
}
