using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>When the voltage first had fallen by a part of what it was before, at two readings in a row.</summary>
internal struct DropMoment
{
    public double LevelV;
    public long? AtMicroseconds;
    public long IntervalMicroseconds;
    private long pendingMicroseconds;
    private long pendingInterval;
    private bool isPending;

    public void Add(long timeMicroseconds, long interval, double voltageV)
    {
        // A part of a decimal is not exact in binary; a nanovolt is below every converter's step.
        bool isBelow = voltageV <= LevelV + 1e-9;
        if (AtMicroseconds is not null)
        {
            return;
        }

        if (isBelow && isPending)
        {
            AtMicroseconds = pendingMicroseconds;
            IntervalMicroseconds = pendingInterval;
        }
        else if (isBelow)
        {
            pendingMicroseconds = timeMicroseconds;
            pendingInterval = interval;
        }

        isPending = isBelow;
    }
}

/// <summary>What is counted from the trigger on: fall of the voltage, energy, and how far the highest temperature has come down.</summary>
internal sealed class AfterTrigger
{
    /// <summary>All of the voltage counts as lost at or below this part of what it was, or <see cref="LostV"/>.</summary>
    public const double LostShare = 0.02;

    /// <summary>All of the voltage counts as lost at or below this, V: the zero of a cycler's or logger's input.</summary>
    public const double LostV = 0.01;

    /// <summary>Parts of the voltage whose loss is timed; the last is all of it.</summary>
    public static readonly double[] Parts = [0.25, 0.5, 1];

    private const double JoulesPerWh = 3600;

    private readonly ObservationRule rule;
    private readonly GapRule gaps = new();
    private readonly double baselineC;
    private readonly double smallestRiseK;
    private SteadySince fallen;
    private double lastHottestC = double.NaN;
    private double lastPowerW = double.NaN;
    private long lastPowerMicroseconds;
    private long lastVoltageMicroseconds;
    private long lastBeforeMicroseconds = long.MinValue;
    private double inJ;
    private double outJ;
    private bool wasLive;
    private double doubtJ;

    /// <summary>Begins at the trigger.</summary>
    /// <param name="rule">The plan's observation.</param>
    /// <param name="initialV">Voltage before, V; NaN where not known.</param>
    /// <param name="baselineC">Highest temperature before, C; NaN where not known.</param>
    /// <param name="smallestRiseK">Smallest rise that is one, K.</param>
    /// <param name="drop">The criteria on the drop of the voltage, cleared.</param>
    /// <param name="voltageBeforeMicroseconds">Time of the last voltage before, microseconds.</param>
    public AfterTrigger(
        ObservationRule rule, double initialV, double baselineC, double smallestRiseK, CriterionJudge[] drop, long voltageBeforeMicroseconds)
    {
        lastVoltageMicroseconds = voltageBeforeMicroseconds;
        this.rule = rule;
        this.baselineC = baselineC;
        this.smallestRiseK = smallestRiseK;
        InitialV = initialV;
        DropJudges = drop;
        for (int i = 0; i < Parts.Length; i++)
        {
            Drops[i].LevelV = Parts[i] < 1 ? initialV * (1 - Parts[i]) : Math.Max(LostShare * initialV, LostV);
        }
    }

    public double InitialV { get; }

    public CriterionJudge[] DropJudges { get; }

    public DropMoment[] Drops { get; } = new DropMoment[Parts.Length];

    /// <summary>Lowest voltage since, V; NaN where none.</summary>
    public double LowestV { get; private set; } = double.NaN;

    public double LastV { get; private set; } = double.NaN;

    public long LastVoltageMicroseconds => lastVoltageMicroseconds;

    /// <summary>Energy put in and taken out since, Wh; NaN where no interval had both voltage and current.</summary>
    public double InWh => HasEnergy ? inJ / JoulesPerWh : double.NaN;

    public double OutWh => HasEnergy ? outJ / JoulesPerWh : double.NaN;

    /// <summary>Half width of the energies from the sampling alone, Wh.</summary>
    public double EnergyDoubtWh => doubtJ / JoulesPerWh;

    public bool HasEnergy { get; private set; }

    /// <summary>Gaps across which no energy was counted, s.</summary>
    public double GapSeconds { get; private set; }

    /// <summary>Highest since, at two readings in a row, C; NaN where none.</summary>
    public double HighestC { get; private set; } = double.NaN;

    /// <summary>Since when the highest temperature has been down by the plan's part of its rise, microseconds; null where it is not (<see cref="SteadySince"/>).</summary>
    public long? FallenSinceMicroseconds => fallen.Microseconds;

    public double RiseK => HighestC - baselineC;

    /// <summary>Takes a sample; true when a criterion changed by it.</summary>
    public bool Add(in LoggedSample logged)
    {
        ref readonly Sample sample = ref logged.Sample;
        long time = sample.TimeMicroseconds;
        bool changed = false;
        if (sample.IsGood(SampleColumns.Voltage))
        {
            changed = AddVoltage(time, sample.Values[SampleColumns.Voltage]);
            if (sample.IsGood(SampleColumns.Current))
            {
                AddPower(time, sample.Values[SampleColumns.Voltage] * sample.Values[SampleColumns.Current]);
            }
        }

        AddTemperature(time, logged.HottestC, logged.IsSensorLost);
        return changed;
    }

    /// <summary>
    /// Takes a sample of the time from 5 s before the earliest moment told of the event up to the trigger: the voltage may fall before a
    /// person, the node's input or the heat says that the event has begun, and a fall is timed and judged when it was.
    /// </summary>
    public bool AddBefore(in Sample sample)
    {
        if (!sample.IsGood(SampleColumns.Voltage))
        {
            return false;
        }

        // Nothing is lost of a voltage that was not connected yet.
        wasLive |= sample.Values[SampleColumns.Voltage] >= TriggerFinder.LeastLevelV;
        if (!wasLive)
        {
            return false;
        }

        long time = sample.TimeMicroseconds;
        bool changed = AddDrop(
            time, lastBeforeMicroseconds == long.MinValue ? 0 : time - lastBeforeMicroseconds, sample.Values[SampleColumns.Voltage]);
        lastBeforeMicroseconds = time;
        lastVoltageMicroseconds = time;
        return changed;
    }

    private bool AddVoltage(long time, double voltageV)
    {
        long interval = lastVoltageMicroseconds == long.MinValue ? 0 : time - lastVoltageMicroseconds;
        lastVoltageMicroseconds = time;
        LastV = voltageV;
        LowestV = voltageV >= LowestV ? LowestV : voltageV;
        return AddDrop(time, interval, voltageV);
    }

    private bool AddDrop(long time, long interval, double voltageV)
    {
        bool changed = false;
        if (InitialV >= TriggerFinder.LeastLevelV)
        {
            for (int i = 0; i < Drops.Length; i++)
            {
                Drops[i].Add(time, interval, voltageV);
            }

            foreach (CriterionJudge judge in DropJudges)
            {
                changed |= judge.Add(time, Math.Max(0, (InitialV - voltageV) / InitialV));
            }
        }

        return changed;
    }

    private void AddPower(long time, double powerW)
    {
        double seconds = (time - lastPowerMicroseconds) / 1e6;
        if (!double.IsNaN(lastPowerW) && seconds > 0)
        {
            if (gaps.IsGap(seconds))
            {
                GapSeconds += seconds;
            }
            else
            {
                double joules = (powerW + lastPowerW) / 2 * seconds;
                inJ += Math.Max(0, joules);
                outJ += Math.Max(0, -joules);
                doubtJ += Math.Abs(powerW - lastPowerW) / 2 * seconds;
                HasEnergy = true;
            }
        }

        lastPowerW = powerW;
        lastPowerMicroseconds = time;
    }

    private void AddTemperature(long time, double hottestC, bool isSensorLost)
    {
        // One wrong reading is no rise of which a part could be lost.
        double both = Math.Min(hottestC, lastHottestC);
        lastHottestC = hottestC;
        HighestC = both <= HighestC || double.IsNaN(both) ? HighestC : both;
        fallen.Add(time, rule.BelowPartOfRise is { } part && !isSensorLost && RiseK >= smallestRiseK
            && hottestC <= HighestC - (part * RiseK) + 1e-9);
    }
}
