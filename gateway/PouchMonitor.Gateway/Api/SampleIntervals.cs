using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>Thins roll-ups, frames and samples of a range of time to intervals with their extremes (<see cref="ExtremeIntervals"/>).</summary>
internal sealed class SampleIntervals(long fromMicroseconds, long toMicroseconds, int count, CalibratedValue values) : ISummationSink
{
    private readonly ExtremeIntervals intervals = new(fromMicroseconds, toMicroseconds, count);

    /// <summary>Unix microseconds at uptime zero of the boot that is being taken.</summary>
    public long StartMicroseconds { get; set; }

    /// <summary>Width of an interval, seconds.</summary>
    public double WidthSeconds => intervals.WidthSeconds;

    public void Take(RollUpRows rows, int at, int level)
    {
        long bucket = RollUpBuilder.LevelMicroseconds[level];
        long from = StartMicroseconds + (rows.Bucket[at] * bucket);
        long middle = from + (bucket / 2);
        int interval = intervals.IndexOf(middle);

        // A bucket may reach over the ends of its interval; rows stay in order of time all the same.
        (long first, long last) = intervals.SpanOf(interval);
        intervals.Cover(interval, Math.Max(from, first), Math.Min(from + bucket - 1, last), rows.Samples[at]);
        var scales = rows.Scales[(int)rows.ScaleOf[at]];
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (rows.Good[column][at] > 0)
            {
                intervals.Take(interval, column, values.Of(rows.Lowest[column][at], scales[column], column), middle);
                intervals.Take(interval, column, values.Of(rows.Highest[column][at], scales[column], column), middle);
            }
        }
    }

    public void Take(SampleFrame frame, int at)
    {
        long time = StartMicroseconds + frame.UptimeMicroseconds[at];
        int interval = intervals.IndexOf(time);
        intervals.Cover(interval, time, time, 1);
        uint states = frame.States[at];
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (SensorStates.Get(states, column) == SensorState.Good)
            {
                intervals.Take(interval, column, values.Of(frame.Counts[column][at], frame.Scales[column], column), time);
            }
        }

        if (frame.HasVoltageExtremes && SensorStates.Get(states, SampleColumns.Voltage) == SensorState.Good)
        {
            var scale = frame.Scales[SampleColumns.Voltage];
            intervals.Take(interval, SampleColumns.Voltage, values.Of(frame.VoltageMinimumCounts[at], scale, SampleColumns.Voltage), time);
            intervals.Take(interval, SampleColumns.Voltage, values.Of(frame.VoltageMaximumCounts[at], scale, SampleColumns.Voltage), time);
        }
    }

    /// <summary>Takes a sample as it came back from a time-series server.</summary>
    public void Take(in Sample sample) => intervals.Take(in sample);

    /// <summary>Two rows an interval: in the first the extreme of each column that came first, in the second the other.</summary>
    public IEnumerable<SampleRow> Rows() => intervals.Rows();
}
