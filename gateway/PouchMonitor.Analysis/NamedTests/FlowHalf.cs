using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// What flowed one way between two turns of the current, in cells that have no cathode: one step, or several at the same
/// current with rests between. Magnitudes, but for the voltages.
/// </summary>
internal sealed record FlowHalf
{
    private const double SameCurrentShare = 0.05;
    private const double SameChargeShare = 0.02;

    /// <summary>Less than this share of the usual charge is a blip of the instrument, not a half.</summary>
    private const double BlipShare = 0.005;

    /// <summary>The longest step of it.</summary>
    public required StepSummary Step { get; init; }

    /// <summary>1 charge, -1 discharge.</summary>
    public required int Sign { get; init; }

    public required double Ah { get; init; }

    /// <summary>Energy, Wh; negative where the voltage is opposed to the current, as when a cell with a cathode discharges.</summary>
    public required double EnergyWh { get; init; }

    /// <summary>Time with current, gaps apart, s.</summary>
    public required double Seconds { get; init; }

    public required long StartMicroseconds { get; init; }

    public required long EndMicroseconds { get; init; }

    public required double LastVoltageV { get; init; }

    /// <summary>Worst of its steps that matters for its charge.</summary>
    public required CycleQuality Quality { get; init; }

    public required string Reason { get; init; }

    public double Coulombs => Ah * 3600;

    public double CurrentA => Seconds > 0 ? Coulombs / Seconds : 0;

    /// <summary>Mean voltage along the current, V: an overpotential in a cell without a cathode, negative in a discharging cell with one.</summary>
    public double OverpotentialV => Ah > 0 ? EnergyWh / Ah : 0;

    /// <summary>Voltage at the end along the current, V.</summary>
    public double LastOverpotentialV => Sign * LastVoltageV;

    public bool IsWhole => Quality is CycleQuality.Complete or CycleQuality.Unusual;

    /// <summary>True where its charge can be believed, or where the series ended with it and it has all the charge of another.</summary>
    public bool IsWholeAs(FlowHalf other) =>
        IsWhole || (Quality == CycleQuality.Partial && Ah >= (1 - SameChargeShare) * other.Ah);

    /// <summary>The halves of a series in order.</summary>
    public static List<FlowHalf> Of(IReadOnlyList<StepSummary> steps)
    {
        List<FlowHalf> halves = [];
        double[] charges = [.. steps.Where(step => step.Kind != StepKind.Rest).Select(step => step.ChargeAh + step.DischargeAh)];
        double leastAh = charges.Length == 0 ? 0 : BlipShare * TheilSen.Median(charges);
        foreach (StepSummary step in steps)
        {
            if (step.Kind == StepKind.Rest || step.ChargeAh + step.DischargeAh <= leastAh)
            {
                continue;
            }

            FlowHalf half = Of(step);
            if (halves.Count > 0 && halves[^1] is var last && last.Sign == half.Sign
                && Math.Abs(last.CurrentA - half.CurrentA) <= SameCurrentShare * half.CurrentA)
            {
                halves[^1] = last.With(half);
            }
            else
            {
                halves.Add(half);
            }
        }

        return halves;
    }

    private static FlowHalf Of(StepSummary step)
    {
        int sign = step.Kind == StepKind.Charge ? 1 : -1;
        double ah = sign > 0 ? step.ChargeAh : step.DischargeAh;
        return new FlowHalf
        {
            Step = step,
            Sign = sign,
            Ah = ah,
            EnergyWh = sign * step.MeanVoltageV * ah,
            Seconds = step.MeanCurrentA != 0 ? 3600 * Math.Abs((step.ChargeAh - step.DischargeAh) / step.MeanCurrentA) : 0,
            StartMicroseconds = step.StartMicroseconds,
            EndMicroseconds = step.EndMicroseconds,
            LastVoltageV = step.LastVoltageV,
            Quality = step.Quality,
            Reason = step.QualityReason,
        };
    }

    private FlowHalf With(FlowHalf later)
    {
        bool isLaterWorse = IsWhole && !later.IsWhole;
        return this with
        {
            Step = later.Seconds > Seconds ? later.Step : Step,
            Ah = Ah + later.Ah,
            EnergyWh = EnergyWh + later.EnergyWh,
            Seconds = Seconds + later.Seconds,
            EndMicroseconds = later.EndMicroseconds,
            LastVoltageV = later.LastVoltageV,
            Quality = isLaterWorse ? later.Quality : Quality,
            Reason = isLaterWorse ? later.Reason : Reason,
        };
    }
}
