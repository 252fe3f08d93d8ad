using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>What was reported as stored survives any loss of what was not synced.</summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private int rollUpRows;

    private static int Seeds => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 5000 : 60;

    [Fact]
    public async Task EverythingReportedAsStored_SurvivesPowerLoss_OnceAndUnchanged()
    {
        int start = Environment.TickCount & 0xFFFF;
        for (int seed = start; seed < start + Seeds; seed++)
        {
            try
            {
                await OneLife(seed);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                output.WriteLine($"seed {seed}");
                throw new InvalidOperationException($"Seed {seed}: {fault.Message}", fault);
            }
        }

        Assert.True(rollUpRows > 0, "no life had roll-ups");
    }

    // Several lives on one folder, each ended by power loss or a kill, with frames sent again until they are acknowledged.
    private async Task OneLife(int seed)
    {
        var random = new Random(seed);
        var files = new MemoryFiles();
        var acknowledged = new Dictionary<(StreamId Stream, long First), StoredFrame>();
        var sent = new HashSet<StoredFrame>();
        long[] next = new long[3];
        var measured = new MeasuredEntry(seed);
        for (int life = 0; life < 4; life++)
        {
            if (random.Next(4) == 0)
            {
                // A kill at opening must be survived as well.
                int calls = random.Next(40);
                files.Before = (_, _) => files.IsDead = --calls < 0 || files.IsDead;
                try
                {
                    await using var opening = FrameJournal.Open(Options(files, seed));
                }
                catch (IOException)
                {
                    // Dead while opening.
                }

                files = End(files, random);
            }

            var journal = FrameJournal.Open(Options(files, seed));
            CheckAll(journal, acknowledged, sent);
            await CheckKnown(journal, acknowledged, random);
            int deadAfter = random.Next(10, 120);
            bool failsBefore = random.Next(3) == 0;
            files.Before = (call, _) =>
            {
                if (call is "write" or "sync" or "create" or "syncdir" or "rename" && --deadAfter <= 0)
                {
                    files.IsDead = true;
                    throw new IOException("power lost");
                }

                if (failsBefore && call == "sync" && deadAfter % 17 == 0)
                {
                    throw new IOException("the disk reports an error");
                }
            };
            await Load(journal, files, random, measured, next, acknowledged, sent);
            files = End(files, random);
            await journal.DisposeAsync();
        }

        await using var last = FrameJournal.Open(Options(files, seed));
        CheckAll(last, acknowledged, sent);
        last.Compact(TestContext.Current.CancellationToken);
        CheckAll(last, acknowledged, sent);
        Assert.DoesNotContain(
            last.Verify(TestContext.Current.CancellationToken),
            damage => damage.File.EndsWith(".pack", StringComparison.Ordinal)
                || (damage.File.EndsWith(".log", StringComparison.Ordinal) && damage.Offset > 0));
    }

    // Small segments, several of which are merged; half of the frames are real ones, so that both ways of packing are used.
    private static JournalOptions Options(MemoryFiles files, int seed) =>
        JournalRig.Options(files) with { CompactsInBackground = false, SegmentRecords = 25, RetentionBytes = seed % 4 == 0 ? 12_000 : null };

    private static MemoryFiles End(MemoryFiles files, Random random)
    {
        files.Before = null;
        return random.Next(3) == 0 ? files.KillProcess() : files.LosePower(random);
    }

    private static async Task Load(
        FrameJournal journal, MemoryFiles files, Random random, MeasuredEntry measured, long[] next,
        Dictionary<(StreamId Stream, long First), StoredFrame> acknowledged, HashSet<StoredFrame> sent)
    {
        while (!files.IsDead)
        {
            if (random.Next(6) == 0)
            {
                Compact(journal);
            }

            var batch = new TestEntry[random.Next(1, 30)];
            for (int at = 0; at < batch.Length; at++)
            {
                int channel = random.Next(3);
                int count = 1 + ((int)next[channel] % 5);
                batch[at] = random.Next(12) switch
                {
                    0 => TestEntry.Poison("bad-checksum", random.Next(1, 200)),
                    1 when acknowledged.Count > 0 => Again(acknowledged, random),
                    > 6 => measured.Next($"m{channel}", most: 5),
                    _ => TestEntry.Frame(next[channel], count, $"{channel}", bytes: random.Next(16, 700)),
                };
                if (batch[at].QuarantineReason is null && batch[at].Stream.Channel == $"{channel}" && batch[at].FirstSampleNumber == next[channel])
                {
                    next[channel] += count;
                }
            }

            foreach (var entry in batch)
            {
                if (entry.QuarantineReason is null)
                {
                    sent.Add(StoredFrame.Of(entry) with { Position = 0 });
                }
            }

            await journal.Append(batch);
            foreach (var entry in batch)
            {
                Assert.Equal(1, entry.Reports);
                if (entry.QuarantineReason is null && entry.Outcome is AppendOutcome.Stored or AppendOutcome.Duplicate)
                {
                    var key = (entry.Stream, entry.FirstSampleNumber);
                    Assert.True(entry.Outcome == AppendOutcome.Duplicate || !acknowledged.ContainsKey(key), "stored twice");
                    acknowledged[key] = StoredFrame.Of(entry);
                }
            }
        }
    }

    // In the middle of it the power may go: what it has begun is then finished, or forgotten, at the next opening.
    private static void Compact(FrameJournal journal)
    {
        try
        {
            journal.Compact(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Dead, or a disk that reports an error: it is tried again later.
        }
    }

    private static TestEntry Again(Dictionary<(StreamId Stream, long First), StoredFrame> acknowledged, Random random)
    {
        var known = acknowledged.ElementAt(random.Next(acknowledged.Count)).Value;
        var again = TestEntry.Frame(known.First, known.Count, known.Stream.Channel);
        again.Buffer = Convert.FromHexString(known.Bytes);
        again.Length = again.Buffer.Length;
        return again;
    }

    private void CheckAll(
        FrameJournal journal, Dictionary<(StreamId Stream, long First), StoredFrame> acknowledged, HashSet<StoredFrame> sent)
    {
        var found = journal.ReadAll();
        Assert.Equal(found.Count, found.Select(frame => (frame.Stream, frame.First)).Distinct().Count());
        Assert.All(found, frame => Assert.Contains(frame with { Position = 0 }, sent));
        var byKey = found.ToDictionary(frame => (frame.Stream, frame.First));
        foreach (var (key, frame) in acknowledged)
        {
            if (frame.Position < journal.RemovedBelow)
            {
                continue; // Removed by the retention, and known by its number.
            }

            Assert.True(
                byKey.TryGetValue(key, out var stored),
                $"{key} at {frame.Position} was acknowledged and is gone; {string.Join("; ", journal.Damage())}; {string.Join(", ", journal.Store.Segments.Select(each => $"{each.Base:x}+{each.Length}"))}");
            Assert.Equal(frame, stored);
        }

        rollUpRows += RollUpBuckets.AssertEqualARebuild(journal, found);
        foreach (var stream in found.Select(frame => frame.Stream).Distinct())
        {
            var inOrder = journal.ReadStream(0, stream);
            Assert.Equal(found.Where(frame => frame.Stream == stream).OrderBy(frame => frame.First), inOrder);
        }
    }

    private static async Task CheckKnown(
        FrameJournal journal, Dictionary<(StreamId Stream, long First), StoredFrame> acknowledged, Random random)
    {
        if (acknowledged.Count == 0)
        {
            return;
        }

        Assert.Equal(AppendOutcome.Duplicate, await journal.AppendOne(Again(acknowledged, random)));
        var other = Again(acknowledged, random);
        bool isRemoved = acknowledged[(other.Stream, other.FirstSampleNumber)].Position < journal.RemovedBelow;
        other.Buffer[0] ^= 1;
        Assert.Equal(isRemoved ? AppendOutcome.Duplicate : AppendOutcome.Conflict, await journal.AppendOne(other));
    }
}
