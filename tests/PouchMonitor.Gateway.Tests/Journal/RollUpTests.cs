using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>Roll-ups equal a sum over the samples, whatever came late and wherever packs end.</summary>
public sealed class RollUpTests(ITestOutputHelper output)
{
    private readonly int seed = Environment.TickCount & 0xFFFF;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EveryBucket_EqualsOneMadeFromTheSamplesAlone(int level)
    {
        output.WriteLine($"seed {seed}");
        await using var journal = await Filled(spread: true);
        var all = new TimeRange(long.MinValue / 4, long.MaxValue / 4);
        var expected = new RollUpBuckets(level);
        Sum(journal, all, Everything).Run(-1, expected, TestContext.Current.CancellationToken);
        var rolledUp = new RollUpBuckets(level);
        Sum(journal, all, Everything).Run(level, rolledUp, TestContext.Current.CancellationToken);
        Assert.True(rolledUp.FromRows > 0 || level == 0, "no roll-up was used");
        Assert.Equal(expected.Text(), rolledUp.Text());
    }

    [Fact]
    public async Task AnyRange_OfTimesAndNumbers_GivesTheSameExtremes_WithRollUpsAndWithout()
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var journal = await Filled(spread: true);
        var stream = journal.FindStream(Id)!;
        for (int round = 0; round < 50; round++)
        {
            long from = random.NextInt64(stream.FirstTimeMicroseconds, stream.LastTimeMicroseconds);
            long to = random.NextInt64(from, stream.LastTimeMicroseconds + 60_000_000);
            long first = random.Next(3) == 0 ? random.NextInt64(0, stream.SampleCount) : 0;
            var numbers = new SampleRange(first, random.Next(3) == 0 ? first + random.NextInt64(1, 5000) : long.MaxValue);
            var samples = new Extremes();
            Sum(journal, new TimeRange(from, to), numbers).Run(-1, samples, TestContext.Current.CancellationToken);
            var buckets = new Extremes();
            Sum(journal, new TimeRange(from, to), numbers).Run(round % 3, buckets, TestContext.Current.CancellationToken);
            Assert.Equal(samples.Text(), buckets.Text());
        }
    }

    [Fact]
    public async Task AThinnedAnswer_KeepsTheOneSpike_AndAShortOneIsExact()
    {
        await using var journal = await Filled(spread: false);
        var stream = journal.FindStream(Id)!;
        var test = new TestRecord
        {
            Test = "c@1", Cell = "c", Node = "n1", Channel = "0", Ordinal = 1, Segments = [new TestSegment(7, 0, null)],
        };
        long zero = stream.UptimeZeroMicroseconds;
        var query = new SampleQuery(journal);
        var thinned = await query.ReadAsync(test, zero, zero + stream.LastTimeMicroseconds, 100, TestContext.Current.CancellationToken);
        var rows = thinned.Rows.ToList();
        Assert.InRange(rows.Count, 50, 100);
        Assert.NotNull(thinned.IntervalSeconds);
        Assert.Equal(rows.OrderBy(row => row.TimeMicroseconds), rows);
        var whole = await query.ReadAsync(test, zero, zero + stream.LastTimeMicroseconds, 20_000, TestContext.Current.CancellationToken);
        Assert.Null(whole.IntervalSeconds);
        var samples = whole.Rows.ToList();
        Assert.Equal(stream.SampleCount, samples.Count);
        for (int column = 0; column < 5; column++)
        {
            Assert.Equal(samples.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).Min(), rows.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).Min());
            Assert.Equal(samples.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).Max(), rows.Select(row => row.Values[column]).Where(value => !double.IsNaN(value)).Max());
        }
    }

    private static readonly StreamId Id = new("n1", "0", 7, FrameKind.Samples);

    private static readonly SampleRange Everything = new(long.MinValue, long.MaxValue);

    private static StreamSummation Sum(FrameJournal journal, TimeRange times, SampleRange numbers) => new(journal.Store, Id, times, numbers);

    // Frames of two channels; some come much later than their neighbours, so that a bucket lies in several packs.
    private async Task<FrameJournal> Filled(bool spread)
    {
        var random = new Random(seed);
        var journal = FrameJournal.Open(JournalRig.Options(new MemoryFiles()) with { CompactsInBackground = false });
        var source = new MeasuredEntry(seed) { HasExtremes = spread };
        var late = new Queue<TestEntry>();
        for (int at = 0; at < 500; at++)
        {
            var entry = source.Next($"{at % 2}");
            if (random.Next(10) == 0)
            {
                late.Enqueue(entry);
                continue;
            }

            await journal.Append(entry);
            if (late.Count > 20)
            {
                await journal.Append(late.Dequeue());
            }
        }

        await journal.Append([.. late]);
        while (journal.Store.Segments.SkipLast(1).Any(segment => segment.Memory is not null))
        {
            await Task.Yield();
        }

        journal.Compact(TestContext.Current.CancellationToken);
        Assert.Equal("", journal.Counters().CompactionProblem ?? "");
        return journal;
    }

    private sealed class Extremes : ISummationSink
    {
        private readonly SampleIntervals one = new(0, 1, 1, new CalibratedValue(static _ => null));
        private long samples;

        public void Take(RollUpRows rows, int at, int level)
        {
            samples += rows.Samples[at];
            one.Take(rows, at, level);
        }

        public void Take(SampleFrame frame, int at)
        {
            samples++;
            one.Take(frame, at);
        }

        public string Text() => $"{samples}: " + string.Join(" ", one.Rows().SelectMany(row => row.Values).Order());
    }
}
