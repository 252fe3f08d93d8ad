using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>At which currents a cycle ran.</summary>
/// <param name="Cycle">The cycle.</param>
/// <param name="ChargeA">Current of the charge before its voltage was held, A; null where no one step holds 95 % of the charge.</param>
/// <param name="DischargeA">Current of the discharge, A, a magnitude; null likewise.</param>
/// <param name="Discharge">The step that holds the discharge; null likewise.</param>
internal sealed record CycleRate(CycleSummary Cycle, double? ChargeA, double? DischargeA, StepSummary? Discharge)
{
    private const double LeastShare = 0.95;

    /// <summary>
    /// A cycle that counts: complete, or one whose discharge began full although its charge topped up what a faster discharge
    /// had left, so that more came out than went in.
    /// </summary>
    public bool IsUsable => Cycle.Quality == CycleQuality.Complete
        || (Cycle.CoulombicEfficiency > 1 && Cycle.Quality is CycleQuality.Partial or CycleQuality.Unusual
            && Discharge?.Quality == CycleQuality.Complete);

    /// <summary>The currents of each cycle, from its steps.</summary>
    public static List<CycleRate> Of(IReadOnlyList<CycleSummary> cycles, IReadOnlyList<StepSummary> steps)
    {
        Dictionary<int, (StepSummary? Charge, StepSummary? Discharge)> largest = [];
        foreach (StepSummary step in steps)
        {
            if (step.Cycle is not { } index || step.Kind == StepKind.Rest)
            {
                continue;
            }

            (StepSummary? charge, StepSummary? discharge) = largest.GetValueOrDefault(index);
            largest[index] = step.Kind == StepKind.Charge
                ? (step.ChargeAh > (charge?.ChargeAh ?? 0) ? step : charge, discharge)
                : (charge, step.DischargeAh > (discharge?.DischargeAh ?? 0) ? step : discharge);
        }

        List<CycleRate> rates = new(cycles.Count);
        foreach (CycleSummary cycle in cycles)
        {
            // A capacity that a gap hides is null: the current of its step is still known.
            (StepSummary? charge, StepSummary? discharge) = largest.GetValueOrDefault(cycle.Index);
            bool isOneCharge = charge is not null && !(charge.ChargeAh < LeastShare * cycle.ChargeCapacityAh);
            bool isOneDischarge = discharge is not null && !(discharge.DischargeAh < LeastShare * cycle.DischargeCapacityAh);
            rates.Add(new CycleRate(
                cycle, isOneCharge ? LevelA(charge!) : null, isOneDischarge ? LevelA(discharge!) : null, isOneDischarge ? discharge : null));
        }

        return rates;
    }

    /// <summary>
    /// Current of a step before its voltage was held, A, a magnitude: charge over time, or where the voltage was held the largest
    /// before that; null where there was no such part.
    /// </summary>
    private static double? LevelA(StepSummary step)
    {
        double levelA = step.ConstantVoltageAh > 0 ? step.LargestCurrentA : Math.Abs(step.MeanCurrentA);
        return levelA > 0 ? levelA : null;
    }
}
