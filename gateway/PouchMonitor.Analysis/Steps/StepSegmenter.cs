using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Steps;

/// <summary>
/// Tells charge, discharge and rest apart from samples alone and integrates each interval: the trapezoid inside a step,
/// and the interval that leads into a step with the step's own current, since cyclers write the first record at the end
/// of its interval (Aurora cycler manager, analysis.py; a trapezoid across the edge is off by about 0.5 % at 30 s).
/// Where the moment of the edge is not recorded, half the interval is carried along as the standard uncertainty of a
/// uniform distribution. A gap is never integrated.
/// </summary>
/// <param name="nominalCapacityAh">Of the cell, Ah; null where not known.</param>
internal sealed partial class StepSegmenter(double? nominalCapacityAh)
{
    private const double EdgeShare = 0.2;
    private const double SteadyShare = 0.25;
    private const double EdgeVoltageV = 0.001;
    private const double HeldVoltageV = 0.003;
    private const double FallingCurrentShare = 0.99;

    /// <summary>Variance of a uniform distribution of unit width.</summary>
    private const double UniformVariance = 1.0 / 12;

    private readonly CurrentScale scale = new(nominalCapacityAh);
    private readonly GapRule gaps = new();
    private Memory state;

    public CurrentScale Scale => scale;

    /// <summary>What the last sample says the cell is doing.</summary>
    public StepKind Kind => !state.Any ? StepKind.Unknown : state.Kind switch
    {
        0 => StepKind.Rest,
        > 0 => state.ConstantVoltage ? StepKind.ConstantVoltageCharge : StepKind.Charge,
        _ => StepKind.Discharge,
    };

    /// <summary>
    /// The voltage to go on with where a sample's own is not believed: the last one, as long as the gap rule would bridge
    /// the time since, or where no current flows anyway; else NaN.
    /// </summary>
    public double HeldVoltageAt(long timeMicroseconds, double currentA)
    {
        bool bridged = (timeMicroseconds - state.TimeMicroseconds) / 1e6 <= gaps.LimitSeconds;
        return state.Any && (bridged || Math.Abs(currentA) <= scale.RestA) ? state.VoltageV : double.NaN;
    }

    /// <summary>Takes a sample whose voltage and current are believed; gives the interval it ends.</summary>
    public void Take(long timeMicroseconds, double voltageV, double currentA, double temperatureC, out Interval interval)
    {
        int kind = scale.Classify(currentA);
        interval = default;
        interval.TimeMicroseconds = timeMicroseconds;
        interval.Kind = kind;
        interval.PreviousKind = state.Kind;
        interval.VoltageV = voltageV;
        interval.CurrentA = currentA;
        interval.TemperatureC = temperatureC;
        interval.OpensStep = !state.Any || kind != state.Kind || IsAbruptChange(state.VoltageV, voltageV, state.CurrentA, currentA, state.PreviousChangeA);
        if (interval.OpensStep)
        {
            state.StepLargestA = 0;
            state.StepPeakV = voltageV;
        }
        else
        {
            // The record at the very edge often carries the set current, not the one that flows.
            state.StepLargestA = Math.Max(state.StepLargestA, Math.Abs(currentA));
        }

        state.StepPeakV = Math.Max(state.StepPeakV, voltageV);
        state.ConstantVoltage = kind > 0 && !interval.OpensStep
            && Math.Abs(currentA) <= FallingCurrentShare * state.StepLargestA
            && voltageV >= state.StepPeakV - HeldVoltageV;
        interval.ConstantVoltage = state.ConstantVoltage;
        if (state.Any)
        {
            Integrate(ref interval);
        }

        state.Any = true;
        state.PreviousChangeA = currentA - state.CurrentA;
        state.TimeMicroseconds = timeMicroseconds;
        state.VoltageV = voltageV;
        state.CurrentA = currentA;
        state.Kind = kind;
    }

    public void Save(BinaryWriter writer)
    {
        scale.Save(writer);
        gaps.Save(writer);
        StateBlock.Write(writer, state);
    }

    public void Load(BinaryReader reader)
    {
        scale.Load(reader);
        gaps.Load(reader);
        StateBlock.Read(reader, ref state);
    }

    private void Integrate(ref Interval interval)
    {
        double seconds = (interval.TimeMicroseconds - state.TimeMicroseconds) / 1e6;

        // Time that runs backwards is a clock set anew: how long it really took, nobody knows.
        bool gap = gaps.IsGap(seconds) || seconds < 0;
        interval.Seconds = Math.Max(seconds, 0);
        if (seconds == 0 || (interval.Kind == 0 && state.Kind == 0))
        {
            interval.IdleGap = gap;
            return;
        }

        double previousA = Math.Abs(state.CurrentA);
        double nowA = Math.Abs(interval.CurrentA);
        if (gap)
        {
            // Between a rest and a current nobody knows when the current began; along one current it can be guessed.
            interval.GapSeconds = Math.Max(seconds, gaps.LimitSeconds);
            interval.MissingC = interval.Kind == state.Kind && seconds > 0 ? 0.5 * (nowA + previousA) * seconds : 0;
            interval.MissingUnknown = interval.Kind != state.Kind || seconds < 0;
            return;
        }

        if (interval.Kind != state.Kind && state.Kind != 0)
        {
            interval.TailVarianceC2 = previousA * seconds * previousA * seconds * UniformVariance;
        }

        if (interval.Kind == 0)
        {
            return;
        }

        if (interval.OpensStep)
        {
            double uncertainA = interval.Kind == state.Kind ? nowA - previousA : nowA;
            interval.ChargeC = nowA * seconds;
            interval.EnergyJ = interval.ChargeC * interval.VoltageV;
            interval.EdgeVarianceC2 = uncertainA * seconds * uncertainA * seconds * UniformVariance;
        }
        else
        {
            interval.ChargeC = 0.5 * (nowA + previousA) * seconds;
            interval.EnergyJ = interval.ChargeC * 0.5 * (interval.VoltageV + state.VoltageV);
        }
    }

    /// <summary>
    /// A change of level within one direction: large, out of a steady current, and either upwards or with the voltage
    /// giving way. A current that falls while the voltage holds is the constant-voltage part of the same step.
    /// </summary>
    private static bool IsAbruptChange(double beforeV, double voltageV, double beforeA, double currentA, double previousChangeA)
    {
        double change = currentA - beforeA;
        double magnitude = Math.Abs(change);
        if (magnitude <= EdgeShare * Math.Max(Math.Abs(currentA), Math.Abs(beforeA))
            || Math.Abs(previousChangeA) > SteadyShare * magnitude)
        {
            return false;
        }

        bool rises = Math.Abs(currentA) > Math.Abs(beforeA);
        bool givesWay = (voltageV - beforeV) * Math.Sign(currentA) < -EdgeVoltageV;
        return rises || givesWay;
    }

    private struct Memory
    {
        public long TimeMicroseconds;
        public double VoltageV;
        public double CurrentA;
        public double PreviousChangeA;
        public double StepLargestA;
        public double StepPeakV;
        public int Kind;
        public bool ConstantVoltage;
        public bool Any;
    }
}
