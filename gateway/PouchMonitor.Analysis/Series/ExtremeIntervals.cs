using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// A range of time cut into intervals, each of which keeps the lowest and the highest value of every column, and which of
/// the two came first, so that no spike goes missing. Memory depends on the number of intervals alone.
/// </summary>
public sealed class ExtremeIntervals(long fromMicroseconds, long toMicroseconds, int count)
{
    private readonly double width = Math.Max(1, (toMicroseconds - fromMicroseconds + 1) / (double)count);
    private readonly Interval?[] intervals = new Interval?[count];

    /// <summary>Width of an interval, seconds.</summary>
    public double WidthSeconds => width / 1e6;

    /// <summary>The interval in which a time lies; times outside the range count to the first or the last.</summary>
    public int IndexOf(long microseconds) => (int)Math.Clamp((microseconds - fromMicroseconds) / width, 0, intervals.Length - 1);

    /// <summary>First and last time of an interval, microseconds.</summary>
    public (long First, long Last) SpanOf(int interval)
    {
        long start = fromMicroseconds + (long)(interval * width);
        return (start, start + (long)width - 1);
    }

    /// <summary>Says that an interval holds samples between two times.</summary>
    public void Cover(int interval, long fromTime, long toTime, long samples) => At(interval).Cover(fromTime, toTime, samples);

    /// <summary>Takes a value.</summary>
    public void Take(int interval, int column, double value, long time) => At(interval).Take(column, value, time);

    /// <summary>Takes the believed values of a sample.</summary>
    public void Take(in Sample sample)
    {
        Interval interval = At(IndexOf(sample.TimeMicroseconds));
        interval.Cover(sample.TimeMicroseconds, sample.TimeMicroseconds, 1);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (sample.IsGood(column))
            {
                interval.Take(column, sample.Values[column], sample.TimeMicroseconds);
            }
        }
    }

    /// <summary>Two rows an interval: in the first the extreme of each column that came first, in the second the other.</summary>
    public IEnumerable<SampleRow> Rows()
    {
        foreach (Interval? interval in intervals)
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

    private Interval At(int interval) => intervals[interval] ??= new Interval();

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

/// <summary>A row of thinned samples: microseconds and a value for each column, not a number where there is none.</summary>
public sealed record SampleRow(long TimeMicroseconds, IReadOnlyList<double> Values);
