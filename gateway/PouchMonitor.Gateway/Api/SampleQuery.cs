using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Samples of a test over a range of time, thinned to a number of points in one pass with bounded memory: of each
/// interval the samples with the lowest voltage, the highest voltage and the highest surface temperature are kept, so that
/// no spike goes missing.
/// </summary>
internal sealed class SampleQuery(IFrameHistory history)
{
    public const int FewestPoints = 10;
    public const int MostPoints = 20_000;

    /// <summary>Samples in order of time.</summary>
    /// <param name="test">The test.</param>
    /// <param name="bootStart">Unix microseconds at uptime zero of a boot without an anchor in its frames.</param>
    /// <param name="fromMicroseconds">First time.</param>
    /// <param name="toMicroseconds">Last time.</param>
    /// <param name="points">Most samples wanted, 10 to 20,000.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IReadOnlyList<Sample> Read(
        TestRecord test, Func<SampleFrame, long> bootStart, long fromMicroseconds, long toMicroseconds, int points, CancellationToken cancellation)
    {
        int intervals = Math.Max(1, points / 3);
        double width = Math.Max(1, (toMicroseconds - fromMicroseconds + 1) / (double)intervals);
        List<Sample> result = [];
        Interval interval = new();
        long current = -1;
        SampleFrame frame = new(SampleFrame.MaximumSamples);
        Sample sample = default;
        foreach (TestSegment segment in test.Segments)
        {
            using IFrameCursor cursor = history.Open(test.Node, test.Channel, segment.Boot, segment.FirstNumber);
            while (cursor.TryRead(frame))
            {
                cancellation.ThrowIfCancellationRequested();
                if (segment.EndNumber is { } end && frame.FirstSampleNumber >= end)
                {
                    break;
                }

                long start = bootStart(frame);
                if (start + frame.UptimeMicroseconds[frame.Count - 1] < fromMicroseconds)
                {
                    continue;
                }

                if (start + frame.UptimeMicroseconds[0] > toMicroseconds)
                {
                    break;
                }

                for (int at = 0; at < frame.Count; at++)
                {
                    long time = start + frame.UptimeMicroseconds[at];
                    if (time < fromMicroseconds || time > toMicroseconds)
                    {
                        continue;
                    }

                    FrameSamples.Read(frame, at, start, ref sample);
                    long index = (long)((time - fromMicroseconds) / width);
                    if (index != current)
                    {
                        interval.MoveTo(result);
                        current = index;
                    }

                    interval.Take(in sample);
                }
            }
        }

        interval.MoveTo(result);
        return result;
    }

    private sealed class Interval
    {
        private readonly Sample[] kept = new Sample[3];
        private bool isEmpty = true;

        public void Take(in Sample sample)
        {
            if (isEmpty)
            {
                Array.Fill(kept, sample);
                isEmpty = false;
                return;
            }

            Keep(ref kept[0], in sample, SampleColumns.Voltage, -1);
            Keep(ref kept[1], in sample, SampleColumns.Voltage, 1);
            Keep(ref kept[2], in sample, SampleColumns.Surface, 1);
        }

        public void MoveTo(List<Sample> result)
        {
            if (!isEmpty)
            {
                long last = long.MinValue;
                foreach (Sample sample in kept.OrderBy(sample => sample.TimeMicroseconds).ThenBy(sample => sample.Number))
                {
                    if (sample.Number != last)
                    {
                        result.Add(sample);
                        last = sample.Number;
                    }
                }

                isEmpty = true;
            }
        }

        private static void Keep(ref Sample best, in Sample sample, int column, int sign)
        {
            if (sample.IsGood(column)
                && (!best.IsGood(column) || sign * sample.Values[column] > sign * best.Values[column]))
            {
                best = sample;
            }
        }
    }
}
