using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>The largest rise of one sensor over one span.</summary>
internal struct LargestRate
{
    public double CPerS;
    public long TimeMicroseconds;
    public long IntervalMicroseconds;
}

/// <summary>What one temperature sensor of the cell showed: highest reading, largest rate over each span, onset of self-heating, noise.</summary>
internal sealed class SensorTrack
{
    private readonly RecentReadings[] spans;
    private readonly long[] spanMicroseconds;
    private readonly double selfHeatingCPerS;
    private readonly long selfHeatingHoldMicroseconds;
    private readonly int selfHeatingSpan;
    private FlatReading flat;
    private ReadingNoise noise;
    private double nearFromC;
    private long nearSinceMicroseconds;
    private long heatingSinceMicroseconds;
    private bool isNear;
    private bool isHeating;
    private bool wasHighest;
    private bool isBoundBySensor;

    /// <summary>Makes the track of one sensor.</summary>
    /// <param name="windowsS">The plan's spans, s.</param>
    /// <param name="rule">The plan's onset of self-heating.</param>
    public SensorTrack(IReadOnlyList<double> windowsS, SelfHeatingRule rule)
    {
        // The first is always the second that triggers and criteria are judged by, the last that of self-heating.
        spanMicroseconds = [LimitTable.RateSpanMicroseconds, .. windowsS.Select(Hold.Microseconds), Hold.Microseconds(rule.WindowS)];
        spans = [.. spanMicroseconds.Select(span => new RecentReadings(span))];
        Largest = new LargestRate[spans.Length];
        Array.Fill(Largest, new LargestRate { CPerS = double.NaN });
        selfHeatingSpan = spans.Length - 1;
        selfHeatingCPerS = rule.RateCPerMinute / 60;
        selfHeatingHoldMicroseconds = Hold.Microseconds(rule.HoldS);
    }

    /// <summary>Largest rates: over 1 s, then over the plan's spans, then over that of self-heating.</summary>
    public LargestRate[] Largest { get; }

    /// <summary>Place of the plan's first span in <see cref="Largest"/>.</summary>
    public const int FirstWindow = 1;

    public double HighestC { get; private set; } = double.NaN;

    public long HighestMicroseconds { get; private set; }

    /// <summary>Half width within which the highest reading's moment lies: the intervals around it, and how long readings within its noise lasted.</summary>
    public long HighestSpreadMicroseconds { get; private set; }

    /// <summary>True where the highest reading is only a bound: the sensor was at the end of its scale.</summary>
    public bool IsBound { get; private set; }

    public double LastC { get; private set; } = double.NaN;

    public long LastMicroseconds { get; private set; } = long.MinValue;

    /// <summary>Rate over 1 s at the last reading, C/s; NaN where it is not defined.</summary>
    public double RateCPerS { get; private set; } = double.NaN;

    /// <summary>Rate over the span of self-heating at the last reading, C/s; NaN where it is not defined.</summary>
    public double SlowRateCPerS { get; private set; } = double.NaN;

    /// <summary>Onset of self-heating, microseconds; null where there was none.</summary>
    public long? OnsetMicroseconds { get; private set; }

    /// <summary>Interval before the onset, microseconds.</summary>
    public long OnsetIntervalMicroseconds { get; private set; }

    public double NoiseK => noise.StandardK;

    /// <summary>What the noise may be at most, K.</summary>
    public double LargestNoiseK => noise.LargestK;

    public double StepK => noise.StepK;

    /// <summary>Since when the reading repeats itself, microseconds.</summary>
    public long FlatSinceMicroseconds => flat.SinceMicroseconds;

    /// <summary>Longest interval across which a reading is interpolated for a span: that of the rule, or the span itself where it is longer.</summary>
    public static long LongestIntervalMicroseconds(long spanMicroseconds) =>
        Math.Max(LimitTable.LongestRateIntervalMicroseconds, spanMicroseconds);

    /// <summary>Takes a believed reading; gives what it proves to be: good, saturated or frozen.</summary>
    public SensorState Add(long timeMicroseconds, double value, bool isQuiet)
    {
        long interval = LastMicroseconds == long.MinValue ? 0 : timeMicroseconds - LastMicroseconds;
        noise.Add(timeMicroseconds, value, isQuiet);
        for (int i = 0; i < spans.Length; i++)
        {
            AddToSpan(i, timeMicroseconds, value, interval);
        }

        SensorState state = flat.Add(timeMicroseconds, value, RateCPerS >= LimitTable.RunawayRate.Raise, noise);
        FollowHeating(timeMicroseconds, interval);
        FollowHighest(timeMicroseconds, value, interval);
        IsBound |= state == SensorState.Saturated && value >= HighestC; // by its readings
        LastC = value;
        LastMicroseconds = timeMicroseconds;
        return state;
    }

    /// <summary>Takes a reading at the end of the sensor's scale: the truth is at or beyond it.</summary>
    public void AddBound(long timeMicroseconds, double value)
    {
        // The lower end of the scale says nothing of heat.
        if (!(value < HighestC) && !double.IsNaN(LastC) && value >= LastC)
        {
            if (value > HighestC || double.IsNaN(HighestC))
            {
                HighestC = value;
                HighestMicroseconds = timeMicroseconds;
                HighestSpreadMicroseconds = 0;
            }

            IsBound = true;
            isBoundBySensor |= timeMicroseconds != LastMicroseconds; // Else its own readings have just said so.
        }
    }

    private void AddToSpan(int i, long timeMicroseconds, double value, long interval)
    {
        RecentReadings readings = spans[i];
        readings.Add(timeMicroseconds, value);
        double rate = readings.Rate(timeMicroseconds, value, LongestIntervalMicroseconds(spanMicroseconds[i]));
        ref LargestRate largest = ref Largest[i];
        if (rate > largest.CPerS || (double.IsNaN(largest.CPerS) && !double.IsNaN(rate)))
        {
            largest = new LargestRate { CPerS = rate, TimeMicroseconds = timeMicroseconds, IntervalMicroseconds = interval };
        }

        RateCPerS = i == 0 ? rate : RateCPerS;
        SlowRateCPerS = i == selfHeatingSpan ? rate : SlowRateCPerS;
    }

    private void FollowHeating(long timeMicroseconds, long interval)
    {
        bool heats = SlowRateCPerS >= selfHeatingCPerS;
        if (heats && !isHeating)
        {
            heatingSinceMicroseconds = timeMicroseconds;
            OnsetIntervalMicroseconds = OnsetMicroseconds is null ? interval : OnsetIntervalMicroseconds;
        }

        isHeating = heats;
        if (heats && OnsetMicroseconds is null && timeMicroseconds - heatingSinceMicroseconds >= selfHeatingHoldMicroseconds)
        {
            OnsetMicroseconds = heatingSinceMicroseconds;
        }
    }

    private void FollowHighest(long timeMicroseconds, double value, long interval)
    {
        double band = Math.Max(StepK, 2 * Math.Sqrt(2) * NoiseK);
        bool staysNear = value >= HighestC - band;
        if (wasHighest || (isNear && staysNear))
        {
            // The reading after the highest bounds the moment, and so do readings that noise cannot tell from it.
            HighestSpreadMicroseconds = Math.Max(HighestSpreadMicroseconds, timeMicroseconds - HighestMicroseconds);
        }

        wasHighest = false;
        if (!(value <= HighestC))
        {
            if (!isNear || value > nearFromC + band)
            {
                // A rise beyond the noise: what came before is not to be taken for the maximum.
                nearSinceMicroseconds = timeMicroseconds - interval;
                nearFromC = value;
            }

            HighestC = value;
            HighestMicroseconds = timeMicroseconds;
            HighestSpreadMicroseconds = timeMicroseconds - nearSinceMicroseconds;
            IsBound &= isBoundBySensor; // What lies higher was no end of the scale: the sensor had only stood still for a while.
            wasHighest = true;
            isNear = true;
        }
        else
        {
            isNear &= staysNear;
        }
    }
}
