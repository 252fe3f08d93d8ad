using System.Collections.Concurrent;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Backup;

/// <summary>A backup made at any moment of a journal in use holds every frame that was reported before it began.</summary>
public sealed class BackupUnderLoadTests : IDisposable
{
    private static readonly int Moments = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 300 : 12;
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-backup-").FullName;

    [Fact]
    public async Task BackupsAtRandomMoments_HoldEveryFrameReportedBefore()
    {
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        string data = Path.Combine(folder, "data");
        using (var state = new StateDatabase(Made(data, "state.db")))
        {
            await using var journal = FrameJournal.Open(
                JournalRig.Options(new DiskJournalFiles(Path.Combine(data, "journal"))) with { SegmentBytes = 512 * 1024 });
            var reported = new ConcurrentQueue<StoredFrame>();
            using var stop = new CancellationTokenSource();
            Task load = Task.Run(() => Append(journal, reported, seed, stop.Token), TestContext.Current.CancellationToken);
            for (int moment = 0; moment < Moments; moment++)
            {
                int goal = reported.Count + random.Next(1, 300);
                await Soon.Until(() => reported.Count >= goal || load.IsCompleted);
                Assert.False(load.IsFaulted, load.Exception?.ToString());
                StoredFrame[] before = [.. reported];
                string to = Path.Combine(folder, $"backup-{moment}");
                DataBackup.Make(data, to, config: null, verify: true, TestContext.Current.CancellationToken);
                AssertHolds(to, before, $"seed {seed}, moment {moment}");
            }

            await stop.CancelAsync();
            await load;
        }

        // The folder the backups were taken from is as sound as ever.
        using var view = JournalView.Open(Path.Combine(data, "journal"));
        Assert.Empty(view.Verify(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AJournalThatIsReadWhileItIsWritten_IsAsItWasWhenTheReadingBegan()
    {
        string data = Path.Combine(folder, "journal");
        await using var journal = FrameJournal.Open(JournalRig.Options(new DiskJournalFiles(data)));
        for (int at = 0; at < 60; at++)
        {
            await journal.Append(TestEntry.Frame(at, 1, bytes: 900));
        }

        List<StoredFrame> before = journal.ReadAll();
        using var view = JournalView.Open(data);
        for (int at = 60; at < 120; at++)
        {
            await journal.Append(TestEntry.Frame(at, 1, bytes: 900));
        }

        // Files that are removed meanwhile are read on.
        foreach (string index in Directory.EnumerateFiles(data, "*.index"))
        {
            File.Delete(index);
        }

        Assert.Equal(before, view.Journal.ReadAll());
        Assert.Equal(before.Count, view.Journal.ReadStream(0).Count);
        Assert.Empty(view.Verify(TestContext.Current.CancellationToken));
        Assert.Equal(120, journal.ReadAll().Count);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Made(string data, string name)
    {
        Directory.CreateDirectory(data);
        return Path.Combine(data, name);
    }

    private static async Task Append(FrameJournal journal, ConcurrentQueue<StoredFrame> reported, int seed, CancellationToken stop)
    {
        var random = new Random(seed + 1);
        for (long number = 0; !stop.IsCancellationRequested;)
        {
            TestEntry[] group = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => TestEntry.Frame(number++, 1, bytes: random.Next(40, 3000)))];
            await journal.Append(group);
            foreach (TestEntry entry in group)
            {
                Assert.Equal(AppendOutcome.Stored, entry.Outcome);
                reported.Enqueue(StoredFrame.Of(entry));
            }
        }
    }

    // All that was reported before, at its position, and nothing but a continuation after it.
    private static void AssertHolds(string backup, StoredFrame[] before, string when)
    {
        using var view = JournalView.Open(Path.Combine(backup, "journal"));
        List<StoredFrame> found = view.Journal.ReadAll();
        Assert.True(found.Count >= before.Length, $"{when}: {before.Length} were reported before, {found.Count} are in the backup");
        for (int at = 0; at < found.Count; at++)
        {
            Assert.True(at >= before.Length || found[at] == before[at], $"{when}: frame {at} differs");
            Assert.Equal(at, found[at].First);
        }

        Assert.Equal(found.Count, view.Journal.ReadStream(0).Count);
    }
}
