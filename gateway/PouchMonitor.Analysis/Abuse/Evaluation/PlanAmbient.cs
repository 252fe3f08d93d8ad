namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// How hot the plan itself makes the cell: what it crosses on that way warns of nothing. An oven by its hold, without end where it heats
/// until the cell runs away (UL 9540A); else the plan's ambient (UN 38.3 T.5: 57 C) with its tolerance.
/// </summary>
internal static class PlanAmbient
{
    private const string Celsius = "C";
    private const string Kelvin = "K";
    private const string Ambient = "Ambient";
    private const string Tolerance = "Tolerance of the ambient";
    private const string OvenHold = "Hold at";

    /// <summary>Highest ambient that the plan names, C; NaN where it names none.</summary>
    public static double Of(AbusePlan plan)
    {
        if (plan.Kind == AbuseKind.Oven)
        {
            double hold = Highest(plan, OvenHold, Celsius);
            return plan.Trigger.TemperatureC is { } at ? Math.Max(at, double.IsNaN(hold) ? at : hold) : double.IsNaN(hold) ? double.PositiveInfinity : hold;
        }

        double tolerance = Highest(plan, Tolerance, Kelvin);
        return Highest(plan, Ambient, Celsius) + (double.IsNaN(tolerance) ? 0 : tolerance);
    }

    private static double Highest(AbusePlan plan, string text, string unit)
    {
        double highest = double.NaN;
        foreach (PlanCondition condition in plan.Conditions)
        {
            if (condition.Value is { } value && condition.Unit == unit && condition.Text.StartsWith(text, StringComparison.OrdinalIgnoreCase) && !(value <= highest))
            {
                highest = value;
            }
        }

        return highest;
    }
}
