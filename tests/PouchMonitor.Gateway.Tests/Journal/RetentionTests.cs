using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>The retention removes whole segments from the beginning, and what it removed is still known.</summary>
public sealed class RetentionTests
{
    private readonly MemoryFiles files = new();
    private long delivered = long.MaxValue;

    [Fact]
    public async Task BeyondItsSize_TheOldestGo_AndAreStillKnown()
    {
        await using var journal = FrameJournal.Open(Options() with { RetentionBytes = 40_000 });
        var entries = await Fill(journal);
        long total = entries.Sum(entry => entry.Count);

        journal.Compact(TestContext.Current.CancellationToken);

        long left = journal.ReadAll().Sum(frame => frame.Count);
        Assert.InRange(left, 1, total - 1);
        Assert.InRange(files.List().Where(name => name.StartsWith("frames-", StringComparison.Ordinal)).Sum(files.LengthOf), 1, 60_000);
        Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(0, 2, bytes: 400)));
        Assert.Equal(total, journal.CommittedBelow(JournalRig.Stream));
        Assert.True(journal.RemovedEnd(JournalRig.Stream) > 0);
    }

    [Fact]
    public async Task AfterOpeningAgain_TheRemovedAreKnown_AndTheRestIsThere()
    {
        List<StoredFrame> left;
        await using (var journal = FrameJournal.Open(Options() with { RetentionBytes = 40_000 }))
        {
            await Fill(journal);
            journal.Compact(TestContext.Current.CancellationToken);
            left = journal.ReadAll();
        }

        await using var again = FrameJournal.Open(Options());
        Assert.Equal(left, again.ReadAll());
        Assert.Equal(left, again.ReadAll(0));
        Assert.Equal(AppendOutcome.Duplicate, await again.AppendOne(TestEntry.Frame(0, 2, bytes: 400)));
        Assert.Equal(400, again.FindStream(JournalRig.Stream)!.SampleCount);
        Assert.Empty(again.Damage());
    }

    [Fact]
    public async Task WhatIsNotDelivered_Stays()
    {
        delivered = 20_000;
        await using var journal = FrameJournal.Open(Options() with { RetentionBytes = 1 });
        await Fill(journal);
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.InRange(journal.RemovedBelow, 1, delivered);
        Assert.Contains(journal.ReadAll(), frame => frame.Position >= delivered && frame.Position < delivered + 1000);
        delivered = long.MaxValue;
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.True(journal.RemovedBelow > 20_000);
    }

    [Fact]
    public async Task BeyondItsAge_TheOldestGo()
    {
        var time = new ManualTime();
        await using var journal = FrameJournal.Open(Options() with { Time = time, RetentionAge = TimeSpan.FromDays(1) });
        await Fill(journal);
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.Equal(0, journal.RemovedBelow);

        time.Advance(TimeSpan.FromDays(2));
        journal.Compact(TestContext.Current.CancellationToken);
        Assert.True(journal.Counters().RemovedSegments > 3);
        Assert.NotEmpty(journal.ReadAll());
    }

    [Fact]
    public async Task ADamagedLedger_IsNamed_AndCostsNothingElse()
    {
        await using (var journal = FrameJournal.Open(Options() with { RetentionBytes = 40_000 }))
        {
            await Fill(journal);
            journal.Compact(TestContext.Current.CancellationToken);
        }

        files.Rot("removed.ledger", 150);
        await using var again = FrameJournal.Open(Options());
        Assert.Contains(again.Damage(), damage => damage.File == "removed.ledger");
        Assert.NotEmpty(again.ReadAll());
        Assert.True(again.RemovedBelow > 0);
    }

    private JournalOptions Options() =>
        JournalRig.Options(files) with { CompactsInBackground = false, DeliveredPosition = () => delivered };

    private static async Task<TestEntry[]> Fill(FrameJournal journal)
    {
        var entries = Enumerable.Range(0, 200).Select(at => TestEntry.Frame(at * 2, 2, bytes: 400)).ToArray();
        await journal.Append(entries);
        while (journal.Store.Segments.SkipLast(1).Any(segment => segment.Memory is not null))
        {
            await Task.Yield();
        }

        return entries;
    }
}
