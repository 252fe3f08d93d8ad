using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>Under which conditions the main half of a cycle ran: what must be alike for figures to be compared.</summary>
/// <param name="RateA">Largest mean current of a step, a magnitude, A.</param>
/// <param name="EndV">Voltage at its end.</param>
/// <param name="SpanV">Between its beginning and its end, V.</param>
/// <param name="TemperatureC">Middle of the temperatures it saw; not a number where none was recorded.</param>
public readonly record struct CycleConditions(double RateA, double EndV, double SpanV, double TemperatureC)
{
    /// <summary>Like nothing.</summary>
    internal static CycleConditions Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    internal static CycleConditions Of(IEnumerable<StepSummary> half, StepKind main)
    {
        StepSummary[] along = [.. half.Where(step => step.Kind == main)];
        return along.Length == 0
            ? Unknown
            : new CycleConditions(
                along.Max(step => Math.Abs(step.MeanCurrentA)),
                along[^1].LastVoltageV,
                Math.Abs(along[^1].LastVoltageV - along[0].FirstVoltageV),
                0.5 * (along.Max(step => step.MaxTemperatureC) + along.Min(step => step.MinTemperatureC)) ?? double.NaN);
    }

    internal bool IsLike(in CycleConditions reference) => CycleClass.IsSame(RateA, reference.RateA) && DifferenceBut(reference).Length == 0;

    /// <summary>What differs apart from the current, in words; empty where nothing does.</summary>
    internal string DifferenceBut(in CycleConditions reference) =>
        !(Math.Abs(EndV - reference.EndV) <= CycleClass.SameEndVoltageShare * reference.SpanV)
            ? FormattableString.Invariant($"its half ends at {EndV:0.###} V and not at {reference.EndV:0.###} V")
            : Math.Abs(TemperatureC - reference.TemperatureC) > CycleClass.SameTemperatureK
                ? FormattableString.Invariant($"it ran at {TemperatureC:0.#} °C and not at {reference.TemperatureC:0.#} °C")
                : "";
}
