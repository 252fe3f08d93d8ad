using System.Globalization;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Finds the moment of the event by the plan's rule: the first reading at which one of its conditions holds, where the next reading of
/// that quantity holds too, so that one wrong reading triggers nothing; heating has to last (<see cref="HeatStreak"/>). The moment lies
/// between that reading and the one before it.
/// </summary>
internal sealed class TriggerFinder(TriggerRule rule)
{
    /// <summary>Below this before the event a voltage says that the cell was shorted or not connected already, V.</summary>
    public const double LeastLevelV = 0.5;

    // Decimals are not exact in binary: 4.1 less 0.1 must count as fallen to 4.0.
    private const double Rounding = 1e-9;

    private readonly Pending[] pending = new Pending[6];
    private readonly HeatStreak[] heats = new HeatStreak[SampleColumns.Count];
    private readonly VoltageLevel level = new();
    private double voltageLevelV = double.NaN;
    private double lastDrop = double.NaN;
    private uint heatsBefore;

    private enum Condition
    {
        Drop,
        Rise,
        Heating,
        Temperature,
        Current,
        Force,
    }

    /// <summary>Readings before this do not count for the rule, though levels are taken from them, microseconds.</summary>
    public long FromMicroseconds { get; init; } = long.MinValue;

    /// <summary>
    /// The moment by the rule; null until there is one. A rise of the temperature shows a second later that it lasts: where it held at two
    /// readings before another condition was found, and began before that, it then takes its place.
    /// </summary>
    public AbuseTrigger? Found { get; private set; }

    /// <summary>Where the moment is that of a fall: the least voltage that is no fall, V; else NaN.</summary>
    public double NotFallenV { get; private set; } = double.NaN;

    /// <summary>True once a voltage was there from which a fall can be counted.</summary>
    public bool HasLevel { get; private set; }

    /// <summary>True once a voltage was believed at all.</summary>
    public bool HasVoltage { get; private set; }

    /// <summary>Median of the first 5 s, so far or at last, V; NaN before a voltage.</summary>
    public double FirstLevelV => level.FirstV;

    /// <summary>Largest part of the level before that was lost so far, since the rule counts, at two readings in a row, 0 to 1; NaN where it is not known.</summary>
    public double LargestDrop { get; private set; } = double.NaN;

    /// <summary>Samples were left out since the last, as the clock was set back by so much: what comes next may have begun in them.</summary>
    public void Missed(long microseconds)
    {
        for (int i = 0; i < pending.Length; i++)
        {
            pending[i].MissedMicroseconds = Math.Max(pending[i].MissedMicroseconds, microseconds);
        }

        for (int i = 0; i < heats.Length; i++)
        {
            heats[i].Missed(microseconds);
        }
    }

    /// <summary>Takes a sample; true when the trigger was found by it, or found to be earlier.</summary>
    public bool Add(in Sample sample, SensorTrack?[] tracks, uint believed)
    {
        if (Found is not null)
        {
            return heatsBefore != 0 && JudgeHeating(in sample, tracks, believed);
        }

        long time = sample.TimeMicroseconds;
        if (sample.IsGood(SampleColumns.Voltage))
        {
            JudgeVoltage(time, sample.Values[SampleColumns.Voltage]);
        }

        if (sample.IsGood(SampleColumns.Current))
        {
            double currentA = Math.Abs(sample.Values[SampleColumns.Current]);
            Judge(Condition.Current, time, currentA >= rule.CurrentA, currentA, SampleColumns.Current);
        }

        if (believed != 0)
        {
            JudgeHottest(time, in sample, believed);
        }

        KeepHeatsBefore();
        JudgeHeating(in sample, tracks, believed);
        return Found is not null;
    }

    /// <summary>Takes a force; true when the trigger was found by it.</summary>
    public bool AddForce(long timeMicroseconds, double forceN)
    {
        if (Found is null)
        {
            Judge(Condition.Force, timeMicroseconds, Math.Abs(forceN) >= rule.ForceN, Math.Abs(forceN), -1);
            KeepHeatsBefore();
            return Found is not null;
        }

        return false;
    }

    private void JudgeVoltage(long time, double voltageV)
    {
        HasVoltage = true;
        level.Add(time, voltageV);
        voltageLevelV = double.IsNaN(level.BeforeV) ? voltageV : level.BeforeV;
        bool isKnown = voltageLevelV >= LeastLevelV;
        HasLevel |= isKnown;
        if (isKnown)
        {
            double drop = (voltageLevelV - voltageV) / voltageLevelV;
            double both = Math.Min(drop, lastDrop);
            LargestDrop = both <= LargestDrop || time < FromMicroseconds ? LargestDrop : both;
            lastDrop = drop;
        }

        Judge(Condition.Drop, time, isKnown && voltageLevelV - voltageV >= rule.VoltageDropV - Rounding, voltageV, SampleColumns.Voltage);
        Judge(Condition.Rise, time, isKnown && voltageV - voltageLevelV >= rule.VoltageRiseV - Rounding, voltageV, SampleColumns.Voltage);
    }

    private void JudgeHottest(long time, in Sample sample, uint believed)
    {
        (double hottest, int hotColumn) = (double.NaN, -1);
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            double value = sample.Values[column];
            (hottest, hotColumn) = value <= hottest ? (hottest, hotColumn) : (value, column);
        }

        Judge(Condition.Temperature, time, hottest >= rule.TemperatureC, hottest, hotColumn);
    }

    private void KeepHeatsBefore()
    {
        if (Found is not { } found)
        {
            return;
        }

        for (int column = 0; column < heats.Length; column++)
        {
            bool isBefore = heats[column].IsSteady && heats[column].SinceMicroseconds < TriggerMoments.Microseconds(found.At);
            heatsBefore |= isBefore ? 1u << column : 0;
        }
    }

    private bool JudgeHeating(in Sample sample, SensorTrack?[] tracks, uint believed)
    {
        if (rule.HeatingCPerS is not { } limit)
        {
            return false;
        }

        bool mayBegin = Found is null && sample.TimeMicroseconds >= FromMicroseconds;
        int first = -1;
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            uint bit = 1u << column;
            if (tracks[column] is not { } track || (Found is not null && (heatsBefore & bit) == 0))
            {
                continue;
            }

            ref HeatStreak heat = ref heats[column];
            bool isLost = sample.StateOf(column) is not (SensorState.Good or SensorState.Absent);
            bool triggers = (believed & bit) != 0
                ? heat.Add(sample.TimeMicroseconds, sample.Values[column], track.RateCPerS, limit, track.NoiseK, mayBegin)
                : isLost && heat.AddLoss(limit, track.NoiseK);
            bool isEarlier = first < 0 || heat.SinceMicroseconds < heats[first].SinceMicroseconds;
            first = triggers && isEarlier ? column : first;
            heatsBefore &= heat.IsOpen ? uint.MaxValue : ~bit;
        }

        if (first < 0)
        {
            return false;
        }

        heatsBefore = 0;
        NotFallenV = double.NaN;
        Pending one = new()
        {
            Since = heats[first].SinceMicroseconds,
            IntervalMicroseconds = heats[first].IntervalMicroseconds,
            Value = heats[first].FirstCPerS,
            Column = first,
        };
        Found = Tell(Condition.Heating, in one);
        return true;
    }

    private void Judge(Condition condition, long time, bool holds, double value, int column)
    {
        holds &= time >= FromMicroseconds;
        ref Pending one = ref pending[(int)condition];

        // Readings of the same stamp lie as far from the one before as the stamps do.
        one.StampMicroseconds = !one.HasLast ? -1
            : time > one.LastMicroseconds || one.MissedMicroseconds > 0 ? time - one.LastMicroseconds + one.MissedMicroseconds : one.StampMicroseconds;
        one.MissedMicroseconds = 0;
        if (holds && one.Holds && Found is null)
        {
            // The earliest of all that wait counts, whichever was confirmed first.
            Found = Tell(condition, in one);
            NotFallenV = condition == Condition.Drop ? one.LevelV - (rule.VoltageDropV ?? 0) : double.NaN;
        }
        else if (holds)
        {
            one.Since = time;
            one.Value = value;
            one.LevelV = voltageLevelV;
            one.Column = column;
            one.IntervalMicroseconds = one.StampMicroseconds;
        }

        one.Holds = holds;
        one.LastMicroseconds = time;
        one.HasLast = true;
    }

    private AbuseTrigger Tell(Condition condition, in Pending one)
    {
        bool isFirst = one.IntervalMicroseconds < 0;
        double interval = isFirst ? 0 : one.IntervalMicroseconds / 1e6;
        double span = condition == Condition.Heating ? LimitTable.RateSpanMicroseconds / 1e6 : 0;
        string reason = condition switch
        {
            Condition.Drop => string.Create(CultureInfo.InvariantCulture, $"voltage {one.Value:0.####} V lies {one.LevelV - one.Value:0.####} V below the {one.LevelV:0.####} V before, at or above {rule.VoltageDropV} V"),
            Condition.Rise => string.Create(CultureInfo.InvariantCulture, $"voltage {one.Value:0.####} V lies {one.Value - one.LevelV:0.####} V above the {one.LevelV:0.####} V before, at or above {rule.VoltageRiseV} V"),
            Condition.Heating => string.Create(CultureInfo.InvariantCulture, $"{ColumnText.Words(one.Column)} rises by {one.Value:0.##} C/s over 1 s, at or above {rule.HeatingCPerS} C/s"),
            Condition.Temperature => string.Create(CultureInfo.InvariantCulture, $"{ColumnText.Words(one.Column)} {one.Value:0.##} C is at or above {rule.TemperatureC} C"),
            Condition.Current => string.Create(CultureInfo.InvariantCulture, $"current of {one.Value:0.####} A is at or above {rule.CurrentA} A"),
            _ => string.Create(CultureInfo.InvariantCulture, $"force of {one.Value:0.##} N is at or above {rule.ForceN} N"),
        };
        return new AbuseTrigger(
            TriggerSource.Rule, one.Since / 1e6, interval + span, isFirst ? reason + "; it is the first reading, so the event may have begun before" : reason);
    }

    private struct Pending
    {
        public bool Holds;
        public bool HasLast;
        public int Column;
        public long Since;
        public long LastMicroseconds;
        public long IntervalMicroseconds;
        public long StampMicroseconds;
        public long MissedMicroseconds;
        public double Value;
        public double LevelV;
    }
}
