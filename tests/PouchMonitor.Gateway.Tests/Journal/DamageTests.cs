using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class DamageTests
{
    private readonly MemoryFiles files = new();

    [Fact]
    public async Task ARottenByteInASealedSegment_IsNamed_AndTheRestIsReadable()
    {
        var entries = await Fill(60);
        var rotten = entries[5];
        string file = Segment.NameOf(0);
        files.Rot(file, rotten.Position + 40);
        foreach (bool withoutIndex in new[] { false, true })
        {
            if (withoutIndex)
            {
                files.Delete(file.Replace(".log", ".index", StringComparison.Ordinal));
            }

            await using var journal = FrameJournal.Open(JournalRig.Options(files));
            var rest = entries.Where(entry => entry != rotten).Select(StoredFrame.Of);
            Assert.Equal(rest, journal.ReadAll());
            Assert.Equal(rest, journal.ReadStream(0));
            var damage = Assert.Single(journal.Verify(TestContext.Current.CancellationToken));
            Assert.Equal((file, rotten.Position), (damage.File, damage.Offset));
        }
    }

    [Fact]
    public async Task ARottenFrame_IsStoredAgain_WhenItIsSentAgain()
    {
        var entries = await Fill(60);
        files.Rot(Segment.NameOf(0), entries[5].Position + 40);
        await using (var journal = FrameJournal.Open(JournalRig.Options(files)))
        {
            Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(5, 1, bytes: 900)));
            Assert.Equal(1, journal.Counters().Repaired);
            Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(5, 1, bytes: 900)));
            Assert.Equal(Enumerable.Range(0, 60).Select(at => (long)at), journal.ReadStream(0).Select(frame => frame.First));
        }

        await using var reopened = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(AppendOutcome.Duplicate, await reopened.AppendOne(TestEntry.Frame(5, 1, bytes: 900)));
    }

    [Fact]
    public async Task RotAheadOfTheLastGroup_IsNoTornEnd()
    {
        var entries = await Fill(10);
        files.Rot(Segment.NameOf(0), entries[4].Position + 20);
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(entries.Where(entry => entry != entries[4]).Select(StoredFrame.Of), journal.ReadAll());
        Assert.Single(journal.Damage());
    }

    [Fact]
    public async Task ATornLastGroup_IsCut_AndNoFaultOfTheDisk()
    {
        var entries = await Fill(10);
        files.Rot(Segment.NameOf(0), entries[9].Position + 20);
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(entries.Take(9).Select(StoredFrame.Of), journal.ReadAll());
        Assert.Empty(journal.Damage());
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(9, 1, bytes: 900)));
    }

    [Theory]
    [InlineData(2)] // magic
    [InlineData(20)] // length
    [InlineData(60)] // table
    [InlineData(-3)] // a block
    public async Task ADamagedIndex_IsMadeAgain(int offset)
    {
        var entries = await Fill(60);
        string index = files.List().First(name => name.EndsWith(".index", StringComparison.Ordinal));
        files.Rot(index, offset >= 0 ? offset : files.LengthOf(index) + offset);
        await using (var journal = FrameJournal.Open(JournalRig.Options(files)))
        {
            Assert.Equal(entries.Select(StoredFrame.Of), journal.ReadStream(0));
            Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(TestEntry.Frame(3, 1, bytes: 900)));
            Assert.Contains(journal.Damage(), damage => damage.File == index);
        }

        await using var reopened = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(entries.Select(StoredFrame.Of), reopened.ReadStream(0));
        Assert.Empty(reopened.Damage());
    }

    [Fact]
    public async Task OneCopyOfTheHead_IsEnough()
    {
        var entries = await Fill(60);
        files.Rot(Segment.NameOf(0), 10);
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal(entries.Select(StoredFrame.Of), journal.ReadAll());
    }

    [Fact]
    public async Task RecordsInsideAPayload_AreNeverTakenForRecords()
    {
        // A hostile frame that carries whole records: were it damaged, looking for the next record must not find them.
        await Fill(3);
        byte[] smuggled;
        using (var file = files.Open(Segment.NameOf(0), forWriting: false))
        {
            smuggled = new byte[2000];
            file.Read(SegmentHeader.Bytes, smuggled);
        }

        var carrier = TestEntry.Frame(10, 1, bytes: smuggled.Length);
        carrier.Buffer = smuggled;
        await using (var journal = FrameJournal.Open(JournalRig.Options(files)))
        {
            await journal.Append(carrier);
            await journal.Append(TestEntry.Frame(11, 1));
        }

        files.Rot(Segment.NameOf(0), carrier.Position + 12);
        await using var reopened = FrameJournal.Open(JournalRig.Options(files));
        Assert.Equal([0, 1, 2, 11], reopened.ReadAll().Select(frame => frame.First));
    }

    private async Task<TestEntry[]> Fill(int count)
    {
        await using var journal = FrameJournal.Open(JournalRig.Options(files));
        var entries = Enumerable.Range(0, count).Select(at => TestEntry.Frame(at, 1, bytes: 900)).ToArray();
        foreach (var entry in entries)
        {
            await journal.Append(entry);
        }

        return entries;
    }
}
