using PouchMonitor.Analysis.Detection.Heat;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Means of a test's temperatures and current over blocks of a minute and more, from roll-ups where there are some. Memory
/// depends on the number of blocks alone.
/// </summary>
/// <param name="journal">The frames.</param>
/// <param name="calibrations">What is applied to the current; null takes it as read.</param>
internal sealed class HeatQuery(FrameJournal journal, CalibrationBook? calibrations = null)
{
    public const int FewestBlocks = 10;
    public const int MostBlocks = 3000;

    /// <summary>As the rule's blocks: shorter ones are noise.</summary>
    public const double ShortestBlockSeconds = 60;

    /// <summary>Reads the blocks of a range.</summary>
    /// <param name="test">The test.</param>
    /// <param name="fromMicroseconds">First time.</param>
    /// <param name="toMicroseconds">Last time, not before the first.</param>
    /// <param name="most">Most blocks.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public (double BlockSeconds, IReadOnlyList<HeatMeans> Blocks) Read(
        TestRecord test, long fromMicroseconds, long toMicroseconds, int most, CancellationToken cancellation)
    {
        double spanS = Math.Max(1, toMicroseconds - fromMicroseconds + 1) / 1e6;
        double blockS = Math.Max(ShortestBlockSeconds, spanS / most);
        var means = new Means(fromMicroseconds, blockS * 1e6, (int)Math.Ceiling(spanS / blockS),
            new CalibratedValue(id => calibrations?.Find(test.Node, test.Channel, id)));
        int level = Array.FindLastIndex(RollUpBuilder.LevelMicroseconds, width => width <= blockS * 1e6);
        foreach (TestSegment segment in test.Segments)
        {
            var id = new StreamId(test.Node, test.Channel, segment.Boot, FrameKind.Samples);
            if (journal.FindStream(id) is not { } stream)
            {
                continue;
            }

            long start = means.StartMicroseconds = stream.UptimeZeroMicroseconds;
            var times = new TimeRange(fromMicroseconds - start, toMicroseconds - start + 1);
            var numbers = new SampleRange(segment.FirstNumber, segment.EndNumber ?? long.MaxValue);
            new StreamSummation(journal.Store, id, times, numbers).Run(level, means, cancellation);
        }

        return (blockS, means.Blocks());
    }

    // Sums of what is needed, a place each block.
    private sealed class Means(long fromMicroseconds, double widthMicroseconds, int count, CalibratedValue values) : ISummationSink
    {
        private static readonly int[] Columns = [SampleColumns.Surface, SampleColumns.Infrared, SampleColumns.Ambient, SampleColumns.Current];
        private readonly double[] timeS = new double[count];
        private readonly double[] samples = new double[count];
        private readonly double[,] sums = new double[count, Columns.Length];
        private readonly double[,] good = new double[count, Columns.Length];

        public long StartMicroseconds { get; set; }

        public void Take(RollUpRows rollUps, int at, int level)
        {
            long width = RollUpBuilder.LevelMicroseconds[level];
            int block = Count(StartMicroseconds + (rollUps.Bucket[at] * width) + (width / 2), rollUps.Samples[at]);
            ColumnScale[] scales = rollUps.Scales[(int)rollUps.ScaleOf[at]];
            for (int place = 0; place < Columns.Length; place++)
            {
                long number = rollUps.Good[Columns[place]][at];
                if (number > 0)
                {
                    double mean = (double)rollUps.Sum[Columns[place]][at] / number;
                    sums[block, place] += values.OfMean(mean, scales[Columns[place]], Columns[place]) * number;
                    good[block, place] += number;
                }
            }
        }

        public void Take(SampleFrame frame, int at)
        {
            int block = Count(StartMicroseconds + frame.UptimeMicroseconds[at], 1);
            for (int place = 0; place < Columns.Length; place++)
            {
                if (SensorStates.Get(frame.States[at], Columns[place]) == SensorState.Good)
                {
                    sums[block, place] += values.Of(frame.Counts[Columns[place]][at], frame.Scales[Columns[place]], Columns[place]);
                    good[block, place]++;
                }
            }
        }

        public IReadOnlyList<HeatMeans> Blocks()
        {
            List<HeatMeans> blocks = [];
            int cell = HasAny(0) ? 0 : 1;
            for (int block = 0; block < count; block++)
            {
                if (samples[block] > 0)
                {
                    double middleS = (fromMicroseconds / 1e6) + (timeS[block] / samples[block]);
                    blocks.Add(new HeatMeans(middleS, Mean(block, cell), Mean(block, 2), Mean(block, 3)));
                }
            }

            return blocks;
        }

        private int Count(long microseconds, long number)
        {
            int block = (int)Math.Clamp((microseconds - fromMicroseconds) / widthMicroseconds, 0, count - 1);
            timeS[block] += (microseconds - fromMicroseconds) / 1e6 * number;
            samples[block] += number;
            return block;
        }

        private bool HasAny(int place)
        {
            for (int block = 0; block < count; block++)
            {
                if (good[block, place] > 0)
                {
                    return true;
                }
            }

            return false;
        }

        private double Mean(int block, int place) => good[block, place] > 0 ? sums[block, place] / good[block, place] : double.NaN;
    }
}
