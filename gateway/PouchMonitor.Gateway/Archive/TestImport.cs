using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>What an import did.</summary>
/// <param name="Test">Name of the test in this gateway.</param>
/// <param name="NewFrames">Frames that were not stored yet.</param>
/// <param name="KnownFrames">Frames that were.</param>
/// <param name="IsChanged">False where everything was there already.</param>
public sealed record ImportResult(string Test, long NewFrames, long KnownFrames, bool IsChanged);

/// <summary>
/// Brings a test from elsewhere into the data directory of a gateway that is not running: its frames into the journal,
/// as they came and under their own identity, its judgement and its alarms into the database. Doing it again changes nothing.
/// </summary>
public sealed class TestImport
{
    private readonly ITestSource source;
    private readonly CancellationToken cancellation;
    private readonly TaskCompletionSource allReported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Frames under way; goes below zero when, after the last was read, all are reported.
    private long waiting;
    private long added;
    private long known;
    private string? problem;

    private TestImport(ITestSource source, CancellationToken cancellation)
    {
        this.source = source;
        this.cancellation = cancellation;
    }

    /// <exception cref="IOException">A gateway runs on the directory, or it cannot be written.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged, or contradicts what is stored.</exception>
    public static async Task<ImportResult> RunAsync(ITestSource source, string data, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(data);
        await Task.Run(() => source.Verify(cancellation), cancellation);
        FileCopy.MakePrivateFolder(data);
        return await new TestImport(source, cancellation).ImportAsync(data);
    }

    private async Task<ImportResult> ImportAsync(string data)
    {
        await using FrameJournal journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(data, DataBackup.JournalName)));
        using var database = new StateDatabase(Path.Combine(data, "state.db"));
        IReadOnlyList<TestRecord> tests = database.ReadTestRecords();
        TestRecord? before = tests.FirstOrDefault(IsSame);
        TestRecord? open = tests.FirstOrDefault(test =>
            test.Node == source.Record.Node && test.Channel == source.Record.Channel && !test.Ended && test.Test != before?.Test);
        if (open is not null)
        {
            throw new IOException($"Channel {open.Node}/{open.Channel} has a running test, {open.Test}; a test of the same channel can be imported when that has ended.");
        }

        await StoreFramesAsync(journal);
        long ordinal = before?.Ordinal ?? tests.Select(test => test.Ordinal).DefaultIfEmpty(0).Max() + 1;
        string name = before?.Test ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{source.Record.Cell}@{ordinal}");
        if (before is not null && before.SampleCount >= source.SampleCount)
        {
            return new ImportResult(name, added, known, IsChanged: false);
        }

        TestRun run = ArchiveJudgement.Judge(source, source.Record with { Test = name, Ordinal = ordinal }, cancellation);
        (IReadOnlyList<Alarm> alarms, IReadOnlyList<AlarmHistoryLine> history) = source.ReadAlarms();
        database.Save([.. source.Calibrations.Select(record => new KnownCalibration(source.Record.Node, source.Record.Channel, record))]);
        database.SaveImported(run.Checkpoint(), [.. alarms.Where(alarm => alarm.Cell == source.Record.Cell)], history);
        return new ImportResult(name, added, known, IsChanged: true);
    }

    // The name and the number of a test are its gateway's own; what it consists of is the same everywhere.
    private bool IsSame(TestRecord test) => test.Node == source.Record.Node && test.Channel == source.Record.Channel
        && test.Segments.Count > 0 && test.Segments[0].Boot == source.Record.Segments[0].Boot
        && test.Segments[0].FirstNumber == source.Record.Segments[0].FirstNumber;

    private async Task StoreFramesAsync(FrameJournal journal)
    {
        // Appended from one thread and waited for at the end: the journal's queue is the bound between.
        await Task.Run(
            () => source.ReadFrames(
                (frame, bytes, receivedAt) =>
                {
                    var entry = new Entry(this) { Buffer = bytes.ToArray(), Length = bytes.Length, ReceivedAtMicroseconds = receivedAt };
                    entry.Describe(frame);
                    entry.Topic = TopicNames.Frame(frame.Node, frame.Channel);
                    Interlocked.Increment(ref waiting);
                    while (!journal.TryAppend(entry))
                    {
                        journal.WhenRoomAsync(cancellation).AsTask().GetAwaiter().GetResult();
                    }
                },
                cancellation),
            cancellation);
        if (Interlocked.Decrement(ref waiting) >= 0)
        {
            await allReported.Task.WaitAsync(cancellation);
        }

        if (problem is not null)
        {
            throw new InvalidDataException($"Not imported: {problem}.");
        }
    }

    private void Reported(AppendOutcome outcome, string? failure)
    {
        switch (outcome)
        {
            case AppendOutcome.Stored:
                Interlocked.Increment(ref added);
                break;
            case AppendOutcome.Duplicate:
                Interlocked.Increment(ref known);
                break;
            case AppendOutcome.Conflict:
                problem ??= $"a frame contradicts one that is stored ({failure}); it lies in the quarantine";
                break;
            default:
                problem ??= failure ?? outcome.ToString();
                break;
        }

        if (Interlocked.Decrement(ref waiting) < 0)
        {
            allReported.TrySetResult();
        }
    }

    private sealed class Entry(TestImport owner) : JournalEntry
    {
        public override void OnCommitted(AppendOutcome outcome, long position, string? failure) => owner.Reported(outcome, failure);
    }
}
