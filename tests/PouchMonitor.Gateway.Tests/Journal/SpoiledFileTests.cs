using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>
/// A bit that flips, or a last page that is torn, in any file that is no longer written: the journal opens, the damage is named,
/// and nothing is lost but what the damaged bytes held.
/// </summary>
public sealed class SpoiledFileTests(ITestOutputHelper output)
{
    private const int PageBytes = 4096;
    private const int MostBlockFrames = 120;

    private static int Seeds => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 2000 : 40;

    [Fact]
    public async Task OneSpoiledPlace_IsNamed_AndCostsOnlyWhatItHeld()
    {
        int start = Environment.TickCount & 0xFFFF;
        int hurt = 0;
        for (int seed = start; seed < start + Seeds; seed++)
        {
            try
            {
                hurt += await OneJournal(seed) ? 1 : 0;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                output.WriteLine($"seed {seed}");
                throw new InvalidOperationException($"Seed {seed}: {fault.Message}", fault);
            }
        }

        Assert.InRange(hurt, 1, Seeds);
    }

    // Returns true when frames were lost.
    private async Task<bool> OneJournal(int seed)
    {
        var random = new Random(seed);
        var files = new MemoryFiles();
        List<StoredFrame> before = await Fill(files, seed);
        string open = files.List().Last(name => name.EndsWith(".log", StringComparison.Ordinal));
        string[] closed = [.. files.List().Where(name => name != open && !name.StartsWith("quarantine", StringComparison.Ordinal))];
        string file = closed[random.Next(closed.Length)];
        var (blank, blankEnd) = Pack.TryParseName(file, out _, out _) ? Blank(files, file) : (0, 0);
        var (offset, length) = Spoil(files, file, random);

        // Heads are there twice; between the tables of a pack there is nothing.
        bool isSpare = (offset + length <= SegmentHeader.Bytes && !file.EndsWith(".index", StringComparison.Ordinal))
            || (offset >= blank && offset + length <= blankEnd);
        string what = $"{length} bytes at {offset} of {files.LengthOf(file)} of {file}";

        await using var journal = FrameJournal.Open(Options(files, seed));
        List<StoredFrame> found = journal.ReadAll();
        Assert.All(found, frame => Assert.Contains(frame, before));
        var lost = before.Except(found).ToList();
        foreach (var stream in before.Select(frame => frame.Stream).Distinct())
        {
            Assert.Equal(found.Where(frame => frame.Stream == stream).OrderBy(frame => frame.First), journal.ReadStream(0, stream));
        }

        var damage = journal.Verify(TestContext.Current.CancellationToken);
        Assert.True(isSpare || damage.Any(each => each.File == file), $"{what} is not named; {string.Join("; ", damage)}");
        Assert.True(damage.All(each => each.File == file), $"{what}: others are named: {string.Join("; ", damage)}");
        AssertLostOnlyWhatItHeld(lost, file, offset, length, what);
        if (lost.Count == 0)
        {
            RollUpBuckets.AssertEqualARebuild(journal, found);
        }

        // It goes on: what is sent now is stored.
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(0, 3, "after")));
        return lost.Count > 0;
    }

    private static void AssertLostOnlyWhatItHeld(
        List<StoredFrame> lost, string file, long offset, long length, string what)
    {
        if (Pack.TryParseName(file, out long from, out long to))
        {
            // A block holds frames of one stream; the last page is the second copy of the table, without which all can be read.
            Assert.All(lost, frame => Assert.InRange(frame.Position, from, to - 1));
            Assert.True(lost.Select(frame => frame.Stream).Distinct().Count() <= (length > 1 ? 0 : 1), $"{what}: {lost.Count} frames are lost");
        }
        else if (Segment.TryParseName(file, out from))
        {
            // A frame's record begins before the spoiled place, or in it.
            Assert.All(lost, frame => Assert.InRange(frame.Position - from, offset - 1024, offset + length - 1));
            Assert.True(length > 1 || lost.Count <= 1, $"{what}: {lost.Count} frames are lost");
        }
        else
        {
            Assert.True(lost.Count == 0, $"{what}: {lost.Count} frames are lost");
        }
    }

    private static (long From, long To) Blank(MemoryFiles files, string pack)
    {
        using IJournalFile file = files.Open(pack, forWriting: false);
        byte[] head = new byte[PackHeader.Bytes];
        file.ReadAll(0, head);
        Assert.True(PackHeader.TryRead(head, out var header));
        long end = header.TableOffset + header.TableBytes;
        return (end, end + PackHeader.BytesBetweenTables);
    }

    private static (long Offset, long Length) Spoil(MemoryFiles files, string name, Random random)
    {
        long length = files.LengthOf(name);
        if (random.Next(2) == 0)
        {
            long offset = random.NextInt64(length);
            files.Rot(name, offset);
            return (offset, 1);
        }

        // The last page as a disk leaves that lost its power: never written, half written, or not there at all.
        using IJournalFile file = files.Open(name, forWriting: true);
        long page = (length - 1) / PageBytes * PageBytes;
        switch (random.Next(3))
        {
            case 0:
                file.WriteAll(page, new byte[length - page]);
                break;
            case 1:
                page += (length - page) / 2;
                byte[] other = new byte[length - page];
                random.NextBytes(other);
                file.WriteAll(page, other);
                break;
            default:
                page += random.NextInt64(length - page);
                file.Cut(page, page);
                break;
        }

        file.SyncData();
        return (page, length - page);
    }

    private static JournalOptions Options(MemoryFiles files, int seed) =>
        JournalRig.Options(files) with { CompactsInBackground = false, SegmentRecords = MostBlockFrames, RetentionBytes = seed % 3 == 0 ? 30_000 : null };

    // Packs, sealed logs with their indexes, in some a list of what was removed, and the log that is written.
    private static async Task<List<StoredFrame>> Fill(MemoryFiles files, int seed)
    {
        await using var journal = FrameJournal.Open(Options(files, seed));
        var measured = new MeasuredEntry(seed);
        for (int at = 0; at < 600; at++)
        {
            await journal.Append(at % 5 == 0 ? TestEntry.Frame(at, 1, "raw", bytes: 200) : measured.Next($"{at % 3}", most: 20));
            if (at == 400)
            {
                while (journal.Store.Segments.SkipLast(1).Any(segment => segment.Memory is not null))
                {
                    await Task.Yield();
                }

                journal.Compact(TestContext.Current.CancellationToken);
                Assert.Equal("", journal.Counters().CompactionProblem ?? "");
            }
        }

        return journal.ReadAll();
    }
}
