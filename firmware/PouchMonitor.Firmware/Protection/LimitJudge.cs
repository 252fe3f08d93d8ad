using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Holds one pass of a channel's sensors against limits: counts against counts, nothing else, and no memory but that of the
/// heating rate and of when each sensor was last believed. Allocates nothing per pass.
/// </summary>
public sealed class LimitJudge
{
    /// <summary>Passes in a row without a believed reading before a sensor is lost, however much time they took.</summary>
    public const int LossReadings = 3;

    // Ends of the 16-bit converters' scale.
    private const long HighestCode = 32767;
    private const long LowestCode = -32768;

    private readonly ColumnScale[] scales;
    private readonly HeatingWatch[] heating = new HeatingWatch[SampleColumns.Count];
    private readonly long[] believedMicroseconds = new long[SampleColumns.Count];
    private readonly int[] lostReadings = new int[SampleColumns.Count];
    private readonly long[] highThresholds = new long[SampleColumns.Count];
    private readonly long[] lowThresholds = new long[SampleColumns.Count];
    private ProtectionLimits? limits;
    private uint held;

    /// <summary>Takes what the counts of each column mean; the array is kept.</summary>
    public LimitJudge(ColumnScale[] scales)
    {
        this.scales = scales;
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            heating[column] = new HeatingWatch();
        }
    }

    /// <summary>Value that was found beyond its limit, in the unit of the cause.</summary>
    public long Value { get; private set; }

    /// <summary>The limit it was held against, in the same unit.</summary>
    public long Limit { get; private set; }

    /// <summary>The column it was found in.</summary>
    public int Column { get; private set; }

    /// <summary>True when the last pass left a sensor that it holds without a believed reading for the first time in a row.</summary>
    public bool HasNewGap { get; private set; }

    /// <summary>True when a sensor that it holds gave nothing believed in the last pass.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Columns that must go on being believed: bit for bit those that were good at arming.</summary>
    public uint HeldColumns => held;

    /// <summary>True for a temperature of the cell itself; the air around it is not judged.</summary>
    public static bool IsOfCell(int column) => column >= SampleColumns.FirstTemperature && column != SampleColumns.Ambient;

    /// <summary>
    /// Takes limits and forgets all passes before. Sensors that are good in <paramref name="first"/> are held to it.
    /// </summary>
    public void Start(ProtectionLimits newLimits, CellSample first)
    {
        limits = newLimits;
        held = 0;
        HasGap = false;
        HasNewGap = false;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            SetThresholds(column);
            lostReadings[column] = 0;
            believedMicroseconds[column] = first.UptimeMicroseconds;
            bool isGood = first.StateOf(column) == SensorState.Good;
            held |= isGood ? 1u << column : 0;
            if (heating[column] == null)
            {
                continue;
            }

            heating[column].Start(newLimits[ProtectionLimits.HeatingWindow]);
            if (isGood)
            {
                // Without it a cell that heats between arming and the first pass would be compared with its heated self.
                heating[column].Add(first.UptimeMicroseconds, Millidegrees(first, column));
            }
        }
    }

    /// <summary>
    /// Null when every limit lies within what the converters of voltage and current can tell, else one line naming setting,
    /// value and limit: such a limit would never trip.
    /// </summary>
    public string? FaultOfReach(ProtectionLimits of)
    {
        return Reach(of, ProtectionLimits.OverVoltage, SampleColumns.Voltage, 1)
            ?? Reach(of, ProtectionLimits.UnderVoltage, SampleColumns.Voltage, 1)
            ?? Reach(of, ProtectionLimits.OverChargeCurrent, SampleColumns.Current, 1)
            ?? Reach(of, ProtectionLimits.OverDischargeCurrent, SampleColumns.Current, -1);
    }

    /// <summary>
    /// The first limit that this pass is beyond, with value and limit in <see cref="Value"/> and <see cref="Limit"/>, or
    /// <see cref="ProtectionCause.None"/>.
    /// </summary>
    public ProtectionCause Judge(CellSample sample)
    {
        if (limits == null)
        {
            return ProtectionCause.None;
        }

        ProtectionCause cause = Thresholds(sample, SampleColumns.Voltage, ProtectionCause.OverVoltage, ProtectionCause.UnderVoltage);
        if (cause == ProtectionCause.None)
        {
            cause = Thresholds(
                sample, SampleColumns.Current, ProtectionCause.OverChargeCurrent, ProtectionCause.OverDischargeCurrent);
        }

        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            if (column == SampleColumns.Ambient)
            {
                continue;
            }

            // The rate is kept up even where something else was found first.
            ProtectionCause found = Heating(sample, column);
            ProtectionCause beyond = Thresholds(
                sample, column, ProtectionCause.OverTemperature, ProtectionCause.UnderTemperature, cause == ProtectionCause.None);
            cause = cause != ProtectionCause.None ? cause : beyond;
            if (cause == ProtectionCause.None && found != ProtectionCause.None)
            {
                cause = found;
                Tell(column, heating[column].MillikelvinPerMinute, limits[ProtectionLimits.HeatingRate]);
            }
        }

        ProtectionCause loss = Losses(sample, cause == ProtectionCause.None);
        return cause != ProtectionCause.None ? cause : loss;
    }

    private ProtectionCause Thresholds(CellSample sample, int column, ProtectionCause high, ProtectionCause low, bool tells = true)
    {
        SensorState state = sample.StateOf(column);
        if (state != SensorState.Good && state != SensorState.Saturated)
        {
            return ProtectionCause.None;
        }

        long count = sample.Counts[column];
        ProtectionCause cause = count >= highThresholds[column] ? high : count <= lowThresholds[column] ? low : ProtectionCause.None;
        if (state == SensorState.Saturated && cause == ProtectionCause.None)
        {
            // The truth is at or beyond the end of the scale: beyond whatever limit judges on that side.
            cause = count >= 0 && highThresholds[column] != long.MaxValue ? high
                : count < 0 && lowThresholds[column] != long.MinValue ? low
                : ProtectionCause.None;
        }

        if (cause != ProtectionCause.None && tells)
        {
            int parts = column < SampleColumns.FirstTemperature ? CountThreshold.Micro : CountThreshold.Milli;
            long value = CountThreshold.Value(scales[column], count, parts);
            int limit = limits![SettingOf(cause)];

            // A discharge is told by its size, as its limit is.
            Tell(column, cause == ProtectionCause.OverDischargeCurrent ? -value : value, limit);
        }

        return cause;
    }

    private ProtectionCause Heating(CellSample sample, int column)
    {
        if (sample.StateOf(column) != SensorState.Good)
        {
            return ProtectionCause.None;
        }

        HeatingWatch watch = heating[column];
        watch.Add(sample.UptimeMicroseconds, Millidegrees(sample, column));
        return limits!.Judges(ProtectionLimits.HeatingRate) && watch.HasRate
            && watch.MillikelvinPerMinute >= limits[ProtectionLimits.HeatingRate]
            ? ProtectionCause.HeatingRate
            : ProtectionCause.None;
    }

    private int Millidegrees(CellSample sample, int column) =>
        (int)CountThreshold.Value(scales[column], sample.Counts[column], CountThreshold.Milli);

    private ProtectionCause Losses(CellSample sample, bool tells)
    {
        ProtectionCause cause = ProtectionCause.None;
        HasGap = false;
        HasNewGap = false;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if ((held & (1u << column)) == 0)
            {
                continue;
            }

            SensorState state = sample.StateOf(column);
            if (state == SensorState.Good || state == SensorState.Saturated)
            {
                lostReadings[column] = 0;
                believedMicroseconds[column] = sample.UptimeMicroseconds;
                continue;
            }

            lostReadings[column]++;
            HasGap = true;
            HasNewGap = HasNewGap || lostReadings[column] == 1;
            long lostMilliseconds = (sample.UptimeMicroseconds - believedMicroseconds[column]) / 1000;
            if (limits!.Judges(ProtectionLimits.SensorLoss) && lostReadings[column] >= LossReadings
                && lostMilliseconds >= limits[ProtectionLimits.SensorLoss] && cause == ProtectionCause.None)
            {
                cause = ProtectionCause.SensorLoss;
                if (tells)
                {
                    Tell(column, lostMilliseconds, limits[ProtectionLimits.SensorLoss]);
                }
            }
        }

        return cause;
    }

    private void Tell(int column, long value, long limit)
    {
        Column = column;
        Value = value;
        Limit = limit;
    }

    private void SetThresholds(int column)
    {
        highThresholds[column] = long.MaxValue;
        lowThresholds[column] = long.MinValue;
        ProtectionLimits of = limits!;
        ColumnScale scale = scales[column];
        if (column == SampleColumns.Voltage)
        {
            SetHigh(column, of, ProtectionLimits.OverVoltage, CountThreshold.Micro);
            SetLow(column, of, ProtectionLimits.UnderVoltage, CountThreshold.Micro);
        }
        else if (column == SampleColumns.Current)
        {
            SetHigh(column, of, ProtectionLimits.OverChargeCurrent, CountThreshold.Micro);
            if (of.Judges(ProtectionLimits.OverDischargeCurrent))
            {
                lowThresholds[column] = CountThreshold.AtOrBelow(scale, -(long)of[ProtectionLimits.OverDischargeCurrent], CountThreshold.Micro);
            }
        }
        else if (column != SampleColumns.Ambient)
        {
            SetHigh(column, of, ProtectionLimits.OverTemperature, CountThreshold.Milli);
            SetLow(column, of, ProtectionLimits.UnderTemperature, CountThreshold.Milli);
        }
    }

    private void SetHigh(int column, ProtectionLimits of, int setting, int parts)
    {
        if (of.Judges(setting))
        {
            highThresholds[column] = CountThreshold.AtOrAbove(scales[column], of[setting], parts);
        }
    }

    private void SetLow(int column, ProtectionLimits of, int setting, int parts)
    {
        if (of.Judges(setting))
        {
            lowThresholds[column] = CountThreshold.AtOrBelow(scales[column], of[setting], parts);
        }
    }

    private string? Reach(ProtectionLimits of, int setting, int column, int sign)
    {
        if (!of.Judges(setting))
        {
            return null;
        }

        ColumnScale scale = scales[column];
        long highest = CountThreshold.Value(scale, HighestCode, CountThreshold.Micro);
        long lowest = CountThreshold.Value(scale, LowestCode, CountThreshold.Micro);
        long limit = sign * (long)of[setting];
        return limit >= highest || limit <= lowest
            ? ProtectionLimits.NameOf(setting) + " is " + of[setting] + ", the converter reads from " + lowest + " to " + highest
            : null;
    }

    private static int SettingOf(ProtectionCause cause)
    {
        switch (cause)
        {
            case ProtectionCause.OverVoltage: return ProtectionLimits.OverVoltage;
            case ProtectionCause.UnderVoltage: return ProtectionLimits.UnderVoltage;
            case ProtectionCause.OverChargeCurrent: return ProtectionLimits.OverChargeCurrent;
            case ProtectionCause.OverDischargeCurrent: return ProtectionLimits.OverDischargeCurrent;
            case ProtectionCause.OverTemperature: return ProtectionLimits.OverTemperature;
            default: return ProtectionLimits.UnderTemperature;
        }
    }
}
