using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>Small options and shorthands for tests of the journal.</summary>
internal static class JournalRig
{
    public static readonly StreamId Stream = TestEntry.Frame(0, 1).Stream;

    public static JournalOptions Options(IJournalFiles files) => new()
    {
        Files = files,
        SegmentBytes = 16 * 1024,
        SegmentRecords = 1000,
        QueueEntries = 4096,
        QuarantineFileBytes = 64 * 1024,
        QuarantineFiles = 3,
        ReserveBytes = 0,
        GroupWindow = TimeSpan.Zero,
    };

    /// <summary>Appends and waits until all are reported.</summary>
    public static async Task Append(this FrameJournal journal, params TestEntry[] entries)
    {
        foreach (var entry in entries)
        {
            while (!journal.TryAppend(entry))
            {
                await journal.WhenRoomAsync(TestContext.Current.CancellationToken);
            }
        }

        foreach (var entry in entries)
        {
            await entry.Reported.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public static async Task<AppendOutcome> AppendOne(this FrameJournal journal, TestEntry entry)
    {
        await journal.Append(entry);
        return entry.Outcome!.Value;
    }

    /// <summary>Every frame in commit order: stream, first number, count and bytes.</summary>
    public static List<StoredFrame> ReadAll(this FrameJournal journal, long from = 0)
    {
        var all = new List<StoredFrame>();
        using var cursor = journal.ReadFrom(from);
        while (cursor.ReadNext() is { } record)
        {
            all.Add(StoredFrame.Of(record));
        }

        return all;
    }

    public static List<StoredFrame> ReadStream(this FrameJournal journal, long from, StreamId? stream = null)
    {
        var all = new List<StoredFrame>();
        using var cursor = journal.ReadStream(stream ?? Stream, from);
        while (cursor.ReadNext() is { } record)
        {
            all.Add(StoredFrame.Of(record));
        }

        return all;
    }
}

/// <summary>A frame as read back.</summary>
internal sealed record StoredFrame(StreamId Stream, long First, int Count, long Position, string Bytes)
{
    public static StoredFrame Of(JournalRecord record) =>
        new(record.Stream, record.FirstSampleNumber, record.Count, record.Position, Convert.ToHexString(record.Bytes));

    public static StoredFrame Of(TestEntry entry) =>
        new(entry.Stream, entry.FirstSampleNumber, entry.Count, entry.Position, Convert.ToHexString(entry.Bytes));
}
