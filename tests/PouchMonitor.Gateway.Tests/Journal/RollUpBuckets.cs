using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>
/// The buckets of one level, from rows of roll-ups or from samples: of each bucket the number of samples, and of each column and
/// scale the number of good values, the lowest, the highest and the sum.
/// </summary>
/// <param name="level">Index into <see cref="RollUpBuilder.LevelMicroseconds"/>.</param>
internal sealed class RollUpBuckets(int level) : ISummationSink
{
    private static readonly TimeRange Always = new(long.MinValue / 4, long.MaxValue / 4);
    private static readonly SampleRange Everything = new(long.MinValue, long.MaxValue);
    private readonly SortedDictionary<(long Bucket, int Column, Scale Scale), (long Good, long Low, long High, long Sum)> cells = [];

    /// <summary>Rows of roll-ups that were taken.</summary>
    public int FromRows { get; private set; }

    /// <summary>
    /// Compares what the journal's roll-ups give of each stream with buckets made anew from the frames it holds.
    /// </summary>
    /// <returns>Rows of roll-ups that were used.</returns>
    public static int AssertEqualARebuild(FrameJournal journal, IReadOnlyCollection<StoredFrame> held)
    {
        int rows = 0;
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        foreach (var stream in held.Where(each => each.Stream.Kind == FrameKind.Samples).GroupBy(each => each.Stream))
        {
            var rebuilt = RollUpBuilder.LevelMicroseconds.Select((_, each) => new RollUpBuckets(each)).ToArray();
            foreach (byte[] bytes in stream.Select(each => Convert.FromHexString(each.Bytes)))
            {
                if (SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame) == DecodeFault.None)
                {
                    Array.ForEach(rebuilt, each => each.Take(frame));
                }
            }

            for (int at = 0; at < rebuilt.Length; at++)
            {
                var rolledUp = new RollUpBuckets(at);
                new StreamSummation(journal.Store, stream.Key, Always, Everything).Run(at, rolledUp, TestContext.Current.CancellationToken);
                Assert.True(rebuilt[at].cells.SequenceEqual(rolledUp.cells), $"roll-ups of level {at} of {stream.Key} differ: {rebuilt[at].Difference(rolledUp)}");
                rows += rolledUp.FromRows;
            }
        }

        return rows;
    }

    public void Take(RollUpRows rows, int at, int rowLevel)
    {
        FromRows++;
        Assert.Equal(level, rowLevel);
        Add(rows.Bucket[at], default, -1, rows.Samples[at], 0, 0, 0);
        var scales = rows.Scales[(int)rows.ScaleOf[at]];
        for (int column = 0; column < rows.Good.Length; column++)
        {
            if (rows.Good[column][at] > 0)
            {
                Add(rows.Bucket[at], Scale.Of(scales[column]), column, rows.Good[column][at], rows.Lowest[column][at], rows.Highest[column][at], rows.Sum[column][at]);
            }
        }
    }

    public void Take(SampleFrame frame, int at)
    {
        long bucket = RollUpBuilder.Floor(frame.UptimeMicroseconds[at], RollUpBuilder.LevelMicroseconds[level]);
        Add(bucket, default, -1, 1, 0, 0, 0);
        for (int column = 0; column < frame.Counts.Length; column++)
        {
            if (SensorStates.Get(frame.States[at], column) == SensorState.Good)
            {
                long count = frame.Counts[column][at];
                bool hasExtremes = column == SampleColumns.Voltage && frame.HasVoltageExtremes;
                Add(bucket, Scale.Of(frame.Scales[column]), column, 1,
                    hasExtremes ? Math.Min(count, frame.VoltageMinimumCounts[at]) : count,
                    hasExtremes ? Math.Max(count, frame.VoltageMaximumCounts[at]) : count, count);
            }
        }
    }

    public string Text() => string.Join('\n', cells);

    private void Take(SampleFrame frame)
    {
        for (int at = 0; at < frame.Count; at++)
        {
            Take(frame, at);
        }
    }

    private string Difference(RollUpBuckets other) =>
        $"only rebuilt {string.Join(", ", cells.Except(other.cells).Take(3))}; only rolled up {string.Join(", ", other.cells.Except(cells).Take(3))}";

    private void Add(long bucket, in Scale scale, int column, long good, long low, long high, long sum)
    {
        var key = (bucket, column, scale);
        cells[key] = cells.TryGetValue(key, out var before)
            ? (before.Good + good, Math.Min(before.Low, low), Math.Max(before.High, high), unchecked(before.Sum + sum))
            : (good, low, high, sum);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Scale(long Numerator, long Denominator, long Offset, uint CalibrationId) : IComparable<Scale>
    {
        public static Scale Of(ColumnScale scale) => new(scale.Numerator, scale.Denominator, scale.Offset, scale.CalibrationId);

        public int CompareTo(Scale other) => (Numerator, Denominator, Offset, CalibrationId).CompareTo((other.Numerator, other.Denominator, other.Offset, other.CalibrationId));
    }
}
