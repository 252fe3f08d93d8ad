using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// What was before the event: medians of the 5 s before the earliest moment that anyone told of it, or before the fall of the voltage
/// where that came first. The moment that counts may be a later one, such as a trigger input that closes seconds after the cell shorted:
/// what the cell had become by then is not what it was before.
/// </summary>
/// <param name="BeforeMicroseconds">The moment before which this was so, microseconds.</param>
internal readonly record struct Beginning(
    double VoltageV, double HalfWidthV, double HottestC, long VoltageMicroseconds, double SpanS, long BeforeMicroseconds)
{
    // A part of a decimal is not exact in binary; a nanovolt is below every converter's step.
    private const double Rounding = 1e-9;

    /// <summary>Nothing is known.</summary>
    public static Beginning Unknown { get; } = new(double.NaN, double.NaN, double.NaN, long.MinValue, 0, long.MinValue);

    /// <summary>From the samples kept; a trigger at the first sample has none before it, and takes that one.</summary>
    /// <param name="log">The samples.</param>
    /// <param name="earliestMicroseconds">Earliest moment told of the event, microseconds.</param>
    /// <param name="searchMicroseconds">How far before that a fall is sought, microseconds.</param>
    public static Beginning Of(SampleLog log, long earliestMicroseconds, long searchMicroseconds)
    {
        long atMicroseconds = FallBefore(log, earliestMicroseconds, searchMicroseconds) ?? earliestMicroseconds;
        int end = log.IndexOf(atMicroseconds);
        int begin = log.IndexOf(atMicroseconds - LimitTable.InitialSpanMicroseconds);
        if (begin == end && end > 0)
        {
            // A slow record: the last sample before.
            begin = end - 1;
        }
        else if (begin == end)
        {
            end = Math.Min(log.Count, end + 1);
        }

        List<double> volts = [];
        List<double> hottest = [];
        long last = long.MinValue;
        int live = FirstLive(log, begin, end);
        for (int i = begin; i < end; i++)
        {
            ref readonly LoggedSample logged = ref log[i];
            if (i >= live && logged.Sample.IsGood(SampleColumns.Voltage))
            {
                volts.Add(logged.Sample.Values[SampleColumns.Voltage]);
                last = logged.Sample.TimeMicroseconds;
            }

            if (!double.IsNaN(logged.HottestC))
            {
                hottest.Add(logged.HottestC);
            }
        }

        volts.Sort();
        hottest.Sort();
        double span = end > begin ? (log[end - 1].Sample.TimeMicroseconds - log[begin].Sample.TimeMicroseconds) / 1e6 : 0;
        return new Beginning(Median(volts), HalfWidth(volts), Median(hottest), last, span, atMicroseconds);
    }

    /// <summary>
    /// Where the voltage lies a quarter or more below what it was so long before a moment, and has done so at two readings or more without a
    /// break up to it: the first of those, microseconds; else null.
    /// </summary>
    private static long? FallBefore(SampleLog log, long atMicroseconds, long searchMicroseconds)
    {
        int end = log.IndexOf(atMicroseconds);
        int begin = FirstLive(log, log.IndexOf(atMicroseconds - searchMicroseconds), end);
        if (begin >= end)
        {
            return null;
        }

        List<double> volts = [];
        long first = log[begin].Sample.TimeMicroseconds;
        for (int i = begin; i < end && log[i].Sample.TimeMicroseconds - first <= LimitTable.InitialSpanMicroseconds; i++)
        {
            if (log[i].Sample.IsGood(SampleColumns.Voltage))
            {
                volts.Add(log[i].Sample.Values[SampleColumns.Voltage]);
            }
        }

        volts.Sort();
        double level = Median(volts);
        if (!(level >= TriggerFinder.LeastLevelV))
        {
            return null;
        }

        double fallenV = (level * (1 - LimitTable.AnomalousDrop)) + Rounding;
        long? since = null;
        int count = 0;
        for (int i = end - 1; i >= begin; i--)
        {
            ref readonly LoggedSample logged = ref log[i];
            if (!logged.Sample.IsGood(SampleColumns.Voltage))
            {
                continue;
            }

            if (logged.Sample.Values[SampleColumns.Voltage] > fallenV)
            {
                return count > 1 ? since : null;
            }

            since = logged.Sample.TimeMicroseconds;
            count++;
        }

        return null;
    }

    /// <summary>Place of the first voltage of a connected cell: what came before is not what the cell was; where there is none, the beginning.</summary>
    private static int FirstLive(SampleLog log, int begin, int end)
    {
        for (int i = begin; i < end; i++)
        {
            ref readonly LoggedSample logged = ref log[i];
            if (logged.Sample.IsGood(SampleColumns.Voltage) && logged.Sample.Values[SampleColumns.Voltage] >= TriggerFinder.LeastLevelV)
            {
                return i;
            }
        }

        return begin;
    }

    private static double Median(List<double> sorted) =>
        sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;

    // 95 % of a median by order statistics: the readings sqrt(n) places to both sides of the middle; all of them where there are few.
    private static double HalfWidth(List<double> sorted)
    {
        if (sorted.Count < 2)
        {
            return double.NaN;
        }

        int reach = (int)Math.Ceiling(Math.Sqrt(sorted.Count));
        int low = Math.Max(0, ((sorted.Count - 1) / 2) - reach);
        int high = Math.Min(sorted.Count - 1, (sorted.Count / 2) + reach);
        return (sorted[high] - sorted[low]) / 2;
    }
}
