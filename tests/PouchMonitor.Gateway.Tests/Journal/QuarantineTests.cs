using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class QuarantineTests
{
    private readonly MemoryFiles files = new();

    [Fact]
    public async Task WhatIsNotUnderstood_IsDurable_AndReadNewestFirst()
    {
        var journal = FrameJournal.Open(JournalRig.Options(files));
        for (byte at = 0; at < 20; at++)
        {
            await journal.Append(TestEntry.Poison($"reason-{at % 3}", bytes: 50 + at, fill: at));
        }

        Assert.Equal(7, journal.Counters().QuarantinedByReason["reason-0"]);
        var after = files.LosePower(new Random(2));
        await journal.DisposeAsync();
        await using var reopened = FrameJournal.Open(JournalRig.Options(after));
        Assert.Equal(20, reopened.QuarantineCount);
        var newest = reopened.ReadQuarantine(5);
        Assert.Equal([19, 18, 17, 16, 15], newest.Select(item => (int)item.Bytes.Span[0]));
        Assert.Equal("reason-1", newest[0].Reason);
        Assert.Equal(69, newest[0].Bytes.Length);
        Assert.Equal(20, reopened.ReadQuarantine(100).Count);
        Assert.Empty(reopened.ReadAll());
    }

    [Fact]
    public async Task AFlood_FillsABoundedRing_AndWhatIsDroppedIsCounted()
    {
        var options = JournalRig.Options(files);
        await using var journal = FrameJournal.Open(options);
        for (int at = 0; at < 60; at++)
        {
            await journal.Append(TestEntry.Poison("flood", bytes: 10_000, fill: (byte)at));
        }

        var logs = files.List().Where(name => name.StartsWith("quarantine-", StringComparison.Ordinal)).ToList();
        Assert.Equal(options.QuarantineFiles, logs.Count);
        Assert.True(logs.Sum(files.LengthOf) <= options.QuarantineFiles * options.QuarantineFileBytes);
        Assert.Equal(60, journal.QuarantineCount + journal.Counters().QuarantineDropped);
        Assert.True(journal.Counters().QuarantineDropped > 0);
        Assert.Equal(59, journal.ReadQuarantine(1)[0].Bytes.Span[0]);
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(0, 1)));
    }

    [Fact]
    public async Task AnOversizedPiece_IsKeptUpToABound()
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(AppendOutcome.Quarantined, await journal.AppendOne(TestEntry.Poison("oversized", bytes: 3_000_000)));
        Assert.Equal(((64 * 1024) / 2) - 8192, journal.ReadQuarantine(1)[0].Bytes.Length);
    }
}
