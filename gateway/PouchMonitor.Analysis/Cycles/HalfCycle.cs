using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// Running sums over one half of a cycle, or over a stretch that may become part of one. Both directions are kept, since
/// a pulse against the direction belongs to the half that contains it. Coulombs, joules, seconds.
/// </summary>
internal partial struct HalfCycle
{
    private const double BoundShare = 0.015;

    public DirectionSums Charge;
    public DirectionSums Discharge;
    public double ConstantVoltageC;
    public double TemperatureSecondsCs;
    public double TemperatureSeconds;
    public double LargestTemperatureC;
    public double LongestGapSeconds;
    public double FirstVoltageV;
    public double LastVoltageV;
    public long FirstMicroseconds;
    public long LastMicroseconds;
    public double LargestA;
    public int Steps;
    public bool MissingUnknown;
    public bool HasTemperature;
    public bool HasFlow;

    /// <summary>Charge in less charge out, with what may have passed in gaps, C.</summary>
    public readonly double NetC => Charge.CountedC + Charge.MissingC - Discharge.CountedC - Discharge.MissingC;

    public readonly DirectionSums Of(int direction) => direction > 0 ? Charge : Discharge;

    public void AddFlow(in Interval interval)
    {
        ref DirectionSums sums = ref interval.Kind > 0 ? ref Charge : ref Discharge;
        sums.CountedC += interval.ChargeC;
        sums.EnergyJ += interval.EnergyJ;
        sums.MissingC += interval.MissingC;
        sums.VarianceC2 += interval.EdgeVarianceC2;
        sums.Seconds += interval.Seconds;
        if (!interval.OpensStep && interval.Seconds > 0)
        {
            sums.LevelA = Math.Max(sums.LevelA, interval.ChargeC / interval.Seconds);
        }

        if (interval.ConstantVoltage)
        {
            ConstantVoltageC += interval.ChargeC;
        }

        HasFlow = true;
        Bound(interval);
        AddGap(interval);
    }

    public void AddGap(in Interval interval)
    {
        LongestGapSeconds = Math.Max(LongestGapSeconds, interval.GapSeconds);
        MissingUnknown |= interval.MissingUnknown;
    }

    public void AddTail(int direction, double varianceC2)
    {
        ref DirectionSums sums = ref direction > 0 ? ref Charge : ref Discharge;
        sums.VarianceC2 += varianceC2;
    }

    public void AddTemperature(double temperatureC, double seconds)
    {
        if (double.IsNaN(temperatureC))
        {
            return;
        }

        LargestTemperatureC = HasTemperature ? Math.Max(LargestTemperatureC, temperatureC) : temperatureC;
        HasTemperature = true;
        TemperatureSecondsCs += temperatureC * seconds;
        TemperatureSeconds += seconds;
    }

    /// <summary>Appends a later stretch.</summary>
    public void Append(in HalfCycle later)
    {
        Charge.Append(later.Charge);
        Discharge.Append(later.Discharge);
        ConstantVoltageC += later.ConstantVoltageC;
        TemperatureSecondsCs += later.TemperatureSecondsCs;
        TemperatureSeconds += later.TemperatureSeconds;
        LongestGapSeconds = Math.Max(LongestGapSeconds, later.LongestGapSeconds);
        MissingUnknown |= later.MissingUnknown;
        if (later.HasTemperature)
        {
            LargestTemperatureC = HasTemperature
                ? Math.Max(LargestTemperatureC, later.LargestTemperatureC)
                : later.LargestTemperatureC;
            HasTemperature = true;
        }

        HasFlow |= later.HasFlow;
        if (later.LargestA * BoundShare > LargestA)
        {
            FirstMicroseconds = later.FirstMicroseconds;
            FirstVoltageV = later.FirstVoltageV;
            Steps = 0;
        }

        if (later.HasFlow && later.LargestA >= BoundShare * LargestA)
        {
            LastMicroseconds = later.LastMicroseconds;
            LastVoltageV = later.LastVoltageV;
            Steps += later.Steps;
        }

        LargestA = Math.Max(LargestA, later.LargestA);
    }

    /// <summary>
    /// First and last record of the half are those of its real currents: what is small beside its largest is noise at rest
    /// that passed for a current.
    /// </summary>
    private void Bound(in Interval interval)
    {
        double magnitude = Math.Abs(interval.CurrentA);
        if (magnitude * BoundShare > LargestA)
        {
            FirstMicroseconds = interval.TimeMicroseconds;
            FirstVoltageV = interval.VoltageV;
            Steps = 0;
        }

        LargestA = Math.Max(LargestA, magnitude);
        if (magnitude >= BoundShare * LargestA)
        {
            LastMicroseconds = interval.TimeMicroseconds;
            LastVoltageV = interval.VoltageV;
            Steps += interval.OpensStep ? 1 : 0;
        }
    }
}

/// <summary>Sums of one direction of current within a half cycle.</summary>
internal struct DirectionSums
{
    public double CountedC;
    public double EnergyJ;
    public double MissingC;
    public double VarianceC2;
    public double Seconds;

    /// <summary>Largest current within a step: the rate of the protocol, whatever share was held at constant voltage.</summary>
    public double LevelA;

    public void Append(in DirectionSums later)
    {
        CountedC += later.CountedC;
        EnergyJ += later.EnergyJ;
        MissingC += later.MissingC;
        VarianceC2 += later.VarianceC2;
        Seconds += later.Seconds;
        LevelA = Math.Max(LevelA, later.LevelA);
    }
}
