using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>The rules of a plan in words, with their figures and units.</summary>
internal static class PlanRules
{
    public static string Trigger(TriggerRule rule)
    {
        string[] ways =
        [
            .. Way(rule.VoltageDropV, "voltage falls below the initial one by", "V"), .. Way(rule.VoltageRiseV, "voltage rises above the initial one by", "V"),
            .. Way(rule.HeatingCPerS, "a cell sensor rises over 1 s by", "C/s"), .. Way(rule.TemperatureC, "a cell sensor reaches", "C"),
            .. Way(rule.CurrentA, "current of either sign reaches", "A"), .. Way(rule.ForceN, "force reaches", "N"),
        ];
        return ways.Length == 0 ? "none" : "the first of: " + string.Join("; ", ways);
    }

    public static string Observation(ObservationRule rule)
    {
        string[] ends =
        [
            $"at least {AbuseNumber.Set(rule.LeastS, "s")} ({TimeText.Span(rule.LeastS)})",
            .. Way(rule.BelowC, "all cell sensors at or below", "C"),
            .. Way(rule.BelowPartOfRise * 100, "highest temperature fallen, of its largest rise, by", "%"),
        ];
        return (rule.ExposureS is { } exposure ? $"exposure of {AbuseNumber.Set(exposure, "s")}; " : "")
            + (rule.Start == ObservationStart.Trigger ? "from the trigger" : "from the end of the exposure") + ": " + string.Join(", and ", ends)
            + (rule.MostS is { } most ? $"; over after {AbuseNumber.Set(most, "s")} ({TimeText.Span(most)}) in any case" : "");
    }

    public static string SelfHeating(SelfHeatingRule rule) =>
        $"rise of {AbuseNumber.Set(rule.RateCPerMinute, "C/min")} or more over {AbuseNumber.Set(rule.WindowS, "s")}, without a break for {AbuseNumber.Set(rule.HoldS, "s")}";

    private static IEnumerable<string> Way(double? limit, string words, string unit) => limit is { } known ? [$"{words} {AbuseNumber.Set(known, unit)}"] : [];
}
