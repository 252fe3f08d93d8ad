using System.Globalization;
using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.Steps;

/// <summary>Running sums over one step. Coulombs, joules, seconds; plain figures, so that a snapshot carries it as it is.</summary>
internal struct StepSums
{
    private const double CoulombsPerAh = 3600;

    public double ChargeC;
    public double DischargeC;
    public double ChargeJ;
    public double DischargeJ;
    public double ConstantVoltageC;
    public double ConstantVoltageSeconds;
    public double Seconds;

    /// <summary>Voltage over time, V s; summed at rest only, since energy says it elsewhere.</summary>
    public double VoltageSecondsVs;
    public double FirstVoltageV;
    public double LastVoltageV;

    /// <summary>Least and largest current of the records behind the first and before the voltage was held, A.</summary>
    public double LeastA;
    public double LargestA;
    public double LeastTemperatureC;
    public double LargestTemperatureC;
    public double LongestGapSeconds;
    public long FirstMicroseconds;
    public long LastMicroseconds;
    public long SampleCount;

    /// <summary>Stretches put together here that were too small, or too many, to be steps of their own.</summary>
    public int Joined;

    /// <summary>1 charge, -1 discharge, 0 rest.</summary>
    public sbyte Kind;
    public bool IsCycleless;
    public bool IsNoise;
    public bool IsCutOff;

    public readonly double CarriedC => ChargeC + DischargeC;

    public static StepSums Of(in Interval interval) => new()
    {
        FirstMicroseconds = interval.TimeMicroseconds,
        FirstVoltageV = interval.VoltageV,
        LastVoltageV = interval.VoltageV,
        LeastA = double.PositiveInfinity,
        LeastTemperatureC = double.PositiveInfinity,
        LargestTemperatureC = double.NegativeInfinity,
        Kind = (sbyte)interval.Kind,
    };

    public void Add(in Interval interval)
    {
        SampleCount++;
        if (interval.GapSeconds > 0)
        {
            LongestGapSeconds = Math.Max(LongestGapSeconds, interval.GapSeconds);
        }
        else if (!interval.IdleGap)
        {
            Seconds += interval.Seconds;
            if (interval.Kind == 0)
            {
                VoltageSecondsVs += 0.5 * (LastVoltageV + interval.VoltageV) * interval.Seconds;
            }
            else
            {
                AddFlow(interval);
            }
        }

        LastMicroseconds = interval.TimeMicroseconds;
        LastVoltageV = interval.VoltageV;

        // Neither is true where the temperature is not known.
        LeastTemperatureC = interval.TemperatureC < LeastTemperatureC ? interval.TemperatureC : LeastTemperatureC;
        LargestTemperatureC = interval.TemperatureC > LargestTemperatureC ? interval.TemperatureC : LargestTemperatureC;
    }

    /// <summary>Takes a later stretch in.</summary>
    public void Append(in StepSums later)
    {
        double laterVs = later.MeanVoltageV * later.Seconds;
        VoltageSecondsVs += Kind == 0 ? laterVs : 0;
        ChargeC += later.ChargeC;
        DischargeC += later.DischargeC;
        ChargeJ += later.ChargeJ;
        DischargeJ += later.DischargeJ;
        ConstantVoltageC += later.ConstantVoltageC;
        ConstantVoltageSeconds += later.ConstantVoltageSeconds;
        Seconds += later.Seconds;
        LastVoltageV = later.LastVoltageV;
        LastMicroseconds = later.LastMicroseconds;
        LeastA = Math.Min(LeastA, later.LeastA);
        LargestA = Math.Max(LargestA, later.LargestA);
        LeastTemperatureC = Math.Min(LeastTemperatureC, later.LeastTemperatureC);
        LargestTemperatureC = Math.Max(LargestTemperatureC, later.LargestTemperatureC);
        LongestGapSeconds = Math.Max(LongestGapSeconds, later.LongestGapSeconds);
        SampleCount += later.SampleCount;
        Joined += later.Joined + 1;
        IsCutOff |= later.IsCutOff;
    }

    /// <summary>What looked like current was noise: the stretch was a rest.</summary>
    public void BecomeRest()
    {
        VoltageSecondsVs = MeanVoltageV * Seconds;
        IsNoise |= CarriedC > 0;
        ChargeC = 0;
        DischargeC = 0;
        ChargeJ = 0;
        DischargeJ = 0;
        ConstantVoltageC = 0;
        ConstantVoltageSeconds = 0;
        Kind = 0;
    }

    /// <summary>Energy over charge in the step's own direction; at rest, or where a gap hides all of it, the mean over time.</summary>
    public readonly double MeanVoltageV
    {
        get
        {
            double carriedC = Kind > 0 ? ChargeC : DischargeC;
            if (Kind != 0 && carriedC > 0)
            {
                return (Kind > 0 ? ChargeJ : DischargeJ) / carriedC;
            }

            return Kind == 0 && Seconds > 0 ? VoltageSecondsVs / Seconds : 0.5 * (FirstVoltageV + LastVoltageV);
        }
    }

    public readonly StepSummary ToSummary(int index, int? cycle, int half)
    {
        (CycleQuality quality, string reason) = Judge();
        return new StepSummary
        {
            Index = index,
            Cycle = IsCycleless ? null : cycle,
            Half = IsCycleless || cycle is null ? null : NameOf(half),
            Kind = NameOf(Kind),
            Mode = Mode(),
            StartMicroseconds = FirstMicroseconds,
            EndMicroseconds = LastMicroseconds,
            ChargeAh = ChargeC / CoulombsPerAh,
            DischargeAh = DischargeC / CoulombsPerAh,
            ChargeEnergyWh = ChargeJ / CoulombsPerAh,
            DischargeEnergyWh = DischargeJ / CoulombsPerAh,
            ConstantVoltageAh = ConstantVoltageC / CoulombsPerAh,
            ConstantVoltageSeconds = ConstantVoltageSeconds,
            FirstVoltageV = FirstVoltageV,
            LastVoltageV = LastVoltageV,
            MeanVoltageV = MeanVoltageV,
            MeanCurrentA = Seconds > 0 ? (ChargeC - DischargeC) / Seconds : 0,
            LargestCurrentA = LargestA,
            MinTemperatureC = double.IsFinite(LeastTemperatureC) ? LeastTemperatureC : null,
            MaxTemperatureC = double.IsFinite(LargestTemperatureC) ? LargestTemperatureC : null,
            SampleCount = SampleCount,
            Quality = quality,
            QualityReason = reason,
        };
    }

    private static StepKind NameOf(int direction) =>
        direction == 0 ? StepKind.Rest : direction > 0 ? StepKind.Charge : StepKind.Discharge;

    private void AddFlow(in Interval interval)
    {
        if (interval.Kind > 0)
        {
            ChargeC += interval.ChargeC;
            ChargeJ += interval.EnergyJ;
        }
        else
        {
            DischargeC += interval.ChargeC;
            DischargeJ += interval.EnergyJ;
        }

        if (interval.ConstantVoltage)
        {
            ConstantVoltageC += interval.ChargeC;
            ConstantVoltageSeconds += interval.Seconds;
        }
        else if (!interval.OpensStep && ConstantVoltageC == 0)
        {
            double magnitude = Math.Abs(interval.CurrentA);
            LeastA = magnitude < LeastA ? magnitude : LeastA;
            LargestA = magnitude > LargestA ? magnitude : LargestA;
        }
    }

    private readonly StepMode Mode()
    {
        const double steadyShare = 0.95;
        const double heldShare = 0.95;
        if (Kind == 0 || (LargestA == 0 && ConstantVoltageC == 0))
        {
            return StepMode.Unknown;
        }

        if (ConstantVoltageC >= heldShare * ChargeC && ConstantVoltageC > 0)
        {
            return StepMode.ConstantVoltage;
        }

        return LeastA < steadyShare * LargestA ? StepMode.Varying
            : ConstantVoltageC > 0 ? StepMode.ConstantCurrentConstantVoltage : StepMode.ConstantCurrent;
    }

    private readonly (CycleQuality Quality, string Reason) Judge()
    {
        if (LongestGapSeconds > 0)
        {
            return (CycleQuality.Gapped, string.Create(
                CultureInfo.InvariantCulture, $"a gap of {LongestGapSeconds:0.#} s is not interpolated"));
        }

        if (IsCutOff)
        {
            return (CycleQuality.Partial, "the test ended within the step");
        }

        if (IsNoise)
        {
            return (CycleQuality.Unusual, "what current was recorded did not move the voltage: noise at rest, not counted");
        }

        return Joined > 0
            ? (CycleQuality.Unusual, string.Create(
                CultureInfo.InvariantCulture, $"{Joined} changes of current in it are too small or too many to be steps"))
            : (CycleQuality.Complete, "");
    }
}
