using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// A range of time cut into intervals, each of which keeps the lowest and the highest good value of every column, and which
/// of the two came first. Memory depends on the number of intervals alone.
/// </summary>
internal sealed class SampleIntervals(long fromMicroseconds, long toMicroseconds, int count) : ISummationSink
{
    private readonly double width = Math.Max(1, (toMicroseconds - fromMicroseconds + 1) / (double)count);
    private readonly Interval?[] intervals = new Interval?[count];

    /// <summary>Unix microseconds at uptime zero of the boot that is being taken.</summary>
    public long StartMicroseconds { get; set; }

    /// <summary>Width of an interval, seconds.</summary>
    public double WidthSeconds => width / 1e6;

    public void Take(RollUpRows rows, int at, int level)
    {
        long bucket = RollUpBuilder.LevelMicroseconds[level];
        long from = StartMicroseconds + (rows.Bucket[at] * bucket);
        long middle = from + (bucket / 2);
        var interval = At(middle);

        // A bucket may reach over the ends of its interval; rows stay in order of time all the same.
        long start = fromMicroseconds + (long)(IndexOf(middle) * width);
        interval.Cover(Math.Max(from, start), Math.Min(from + bucket - 1, start + (long)width - 1), rows.Samples[at]);
        var scales = rows.Scales[(int)rows.ScaleOf[at]];
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (rows.Good[column][at] > 0)
            {
                interval.Take(column, ScaledValue.Of(rows.Lowest[column][at], scales[column]), middle);
                interval.Take(column, ScaledValue.Of(rows.Highest[column][at], scales[column]), middle);
            }
        }
    }

    public void Take(SampleFrame frame, int at)
    {
        long time = StartMicroseconds + frame.UptimeMicroseconds[at];
        var interval = At(time);
        interval.Cover(time, time, 1);
        uint states = frame.States[at];
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (SensorStates.Get(states, column) == SensorState.Good)
            {
                interval.Take(column, ScaledValue.Of(frame.Counts[column][at], frame.Scales[column]), time);
            }
        }

        if (frame.HasVoltageExtremes && SensorStates.Get(states, SampleColumns.Voltage) == SensorState.Good)
        {
            var scale = frame.Scales[SampleColumns.Voltage];
            interval.Take(SampleColumns.Voltage, ScaledValue.Of(frame.VoltageMinimumCounts[at], scale), time);
            interval.Take(SampleColumns.Voltage, ScaledValue.Of(frame.VoltageMaximumCounts[at], scale), time);
        }
    }

    /// <summary>Two rows an interval: in the first the extreme of each column that came first, in the second the other.</summary>
    public IEnumerable<SampleRow> Rows()
    {
        foreach (var interval in intervals)
        {
            if (interval is null)
            {
                continue;
            }

            yield return interval.Row(isFirst: true);
            if (interval.Samples > 1)
            {
                yield return interval.Row(isFirst: false);
            }
        }
    }

    private Interval At(long time) => intervals[IndexOf(time)] ??= new Interval();

    private int IndexOf(long time) => (int)Math.Clamp((time - fromMicroseconds) / width, 0, intervals.Length - 1);

    private sealed class Interval
    {
        private readonly double[] lowest = new double[SampleColumns.Count];
        private readonly double[] highest = new double[SampleColumns.Count];
        private readonly long[] lowestAt = new long[SampleColumns.Count];
        private readonly long[] highestAt = new long[SampleColumns.Count];
        private long firstTime = long.MaxValue;
        private long lastTime = long.MinValue;

        public Interval()
        {
            Array.Fill(lowest, double.NaN);
            Array.Fill(highest, double.NaN);
        }

        public long Samples { get; private set; }

        public void Cover(long from, long to, long samples)
        {
            firstTime = Math.Min(firstTime, from);
            lastTime = Math.Max(lastTime, to);
            Samples += samples;
        }

        public void Take(int column, double value, long time)
        {
            if (!(value >= lowest[column]))
            {
                (lowest[column], lowestAt[column]) = (value, time);
            }

            if (!(value <= highest[column]))
            {
                (highest[column], highestAt[column]) = (value, time);
            }
        }

        public SampleRow Row(bool isFirst)
        {
            var values = new double[SampleColumns.Count];
            for (int column = 0; column < values.Length; column++)
            {
                bool takesLowest = lowestAt[column] <= highestAt[column] == isFirst;
                values[column] = takesLowest ? lowest[column] : highest[column];
            }

            return new SampleRow(isFirst ? firstTime : lastTime, values);
        }
    }
}

/// <summary>A row of an answer: Unix microseconds and a value for each column, not a number where there is none.</summary>
internal sealed record SampleRow(long TimeMicroseconds, IReadOnlyList<double> Values);
