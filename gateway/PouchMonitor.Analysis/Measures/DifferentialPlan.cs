using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Measures;

/// <summary>One half cycle and the step of it that is measured, or why none is.</summary>
internal readonly record struct PlannedHalf(int Cycle, StepKind Half, StepSummary? Step, string Reason);

/// <summary>
/// Chooses the halves of which dQ/dV can be told: those that ran at one constant current without gap or pause. A held
/// voltage at their end is left out by the pass itself.
/// </summary>
internal static class DifferentialPlan
{
    private const double WholeShare = 0.95;
    private const double AgainstShare = 0.01;

    /// <summary>The halves of every cycle, in the order of their first steps.</summary>
    public static List<PlannedHalf> Of(IReadOnlyList<StepSummary> steps) =>
    [
        .. steps.Where(step => step is { Cycle: not null, Half: not null })
            .GroupBy(step => (Cycle: step.Cycle!.Value, Half: step.Half!.Value))
            .Select(half => Plan(half.Key.Cycle, half.Key.Half, [.. half]))
            .OrderBy(half => half.Cycle).ThenBy(half => half.Step?.StartMicroseconds ?? long.MaxValue),
    ];

    private static PlannedHalf Plan(int cycle, StepKind half, StepSummary[] steps)
    {
        double AlongAh(StepSummary step) => half == StepKind.Charge ? step.ChargeAh : step.DischargeAh;
        double alongAh = steps.Sum(AlongAh);
        double againstAh = steps.Sum(step => step.ChargeAh + step.DischargeAh) - alongAh;
        StepSummary main = steps.MaxBy(AlongAh)!;
        string reason = steps.Any(step => step.Quality == CycleQuality.Gapped) ? "a gap in the record"
            : againstAh > AgainstShare * alongAh ? "pulses against the current"
            : !(AlongAh(main) >= WholeShare * alongAh) ? "more than one rate, pulses or a pause"
            : main.Mode switch
            {
                StepMode.ConstantCurrent or StepMode.ConstantCurrentConstantVoltage => "",
                StepMode.ConstantVoltage => "the voltage was held",
                StepMode.Varying => "the current was not constant",
                _ => "too few records",
            };
        return new PlannedHalf(cycle, half, reason.Length == 0 ? main : null, reason);
    }
}
