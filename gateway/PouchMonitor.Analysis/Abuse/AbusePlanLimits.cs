using System.Globalization;
using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse;

/// <summary>Between which bounds a plan's figures are plausible, so that a slip of the unit or the pen is refused.</summary>
internal sealed class AbusePlanLimits
{
    private const int MostText = 300;
    private const int MostNote = 2000;
    private const int MostName = 64;
    private const double MostSeconds = 30 * 86400.0;

    // As firmware/PouchMonitor.Firmware/Protection/ProtectionNames has them.
    private static readonly string[] ProtectionKinds = ["cycling", "overcharge", "external-short", "heating", "nail", "crush"];

    private readonly List<AbusePlanProblem> problems = [];

    private AbusePlanLimits()
    {
    }

    public static IReadOnlyList<AbusePlanProblem> Problems(AbusePlan plan)
    {
        AbusePlanLimits limits = new();
        limits.Judge(plan);
        return limits.problems;
    }

    private void Judge(AbusePlan plan)
    {
        if (!IsName(plan.Name))
        {
            Say("name", "name needs 1 to 64 of A-Z a-z 0-9 . _ -, and is not a single or double point");
        }

        Range("version", plan.Version, 1, 1_000_000, "");
        Known("kind", plan.Kind);
        Text("title", plan.Title, 1, MostText);
        Text("standard", plan.Standard ?? "", 0, MostName);
        Text("note", plan.Note ?? "", 0, MostNote);
        Count("conditions", plan.Conditions, 0, 64);
        for (int i = 0; i < (plan.Conditions?.Count ?? 0); i++)
        {
            Condition(At("conditions", i), plan.Conditions![i]);
        }

        Trigger(plan.Trigger);
        Criteria(plan.Criteria);
        Observation(plan.Observation);
        SelfHeating(plan.SelfHeating);
        Windows(plan.RateWindowsS);
        Range("preTriggerS", plan.PreTriggerS, 1, 600, "s");
        if (plan.ProtectionKind is { } kind && Array.IndexOf(ProtectionKinds, kind) < 0)
        {
            Say("protectionKind", $"protectionKind is '{Shown(kind)}', a node knows {string.Join(", ", ProtectionKinds)}");
        }

        Count("personChecks", plan.PersonChecks, 0, 32);
        for (int i = 0; i < (plan.PersonChecks?.Count ?? 0); i++)
        {
            Text(At("personChecks", i), plan.PersonChecks![i], 1, MostText);
        }
    }

    private void Signs(string at, CriterionRule rule)
    {
        if (rule.Seen is not { } signs)
        {
            return;
        }

        if (rule.Measure != CriterionMeasure.Observed)
        {
            Say(at, $"{at} is given, but its measure is read by a sensor; only observed is seen by a person");
        }
        else if (signs.Distinct().Count() != signs.Count || signs.Count == 0)
        {
            Say(at, $"{at} names {signs.Count} signs, it needs one or more, each once");
        }
    }

    private void Condition(string at, PlanCondition? condition)
    {
        if (condition is null)
        {
            Say(at, $"{at} is null");
            return;
        }

        Text(at + ".text", condition.Text, 1, MostText);
        Text(at + ".unit", condition.Unit ?? "", 0, 32);
        Range(at + ".value", condition.Value, -1e9, 1e9, "");
        Known(at + ".source", condition.Source);
    }

    private void Trigger(TriggerRule? trigger)
    {
        if (trigger is null)
        {
            Say("trigger", "trigger is null; a plan that only a person or the node triggers has all its fields null");
            return;
        }

        Range("trigger.voltageDropV", trigger.VoltageDropV, 0.001, 1000, "V");
        Range("trigger.voltageRiseV", trigger.VoltageRiseV, 0.001, 1000, "V");
        Range("trigger.heatingCPerS", trigger.HeatingCPerS, 0.01, 1000, "C/s");
        Range("trigger.temperatureC", trigger.TemperatureC, -40, 1000, "C");
        Range("trigger.currentA", trigger.CurrentA, 0.0001, 100_000, "A");
        Range("trigger.forceN", trigger.ForceN, 0.1, 10_000_000, "N");
    }

    private void Criteria(IReadOnlyList<CriterionRule>? criteria)
    {
        Count("criteria", criteria, 1, 32);
        HashSet<string> ids = new(StringComparer.Ordinal);
        for (int i = 0; i < (criteria?.Count ?? 0); i++)
        {
            string at = At("criteria", i);
            if (criteria![i] is not { } rule)
            {
                Say(at, $"{at} is null");
                continue;
            }

            if (!IsId(rule.Id))
            {
                Say(at + ".id", $"{at}.id is '{Shown(rule.Id ?? "")}', it needs 1 to 64 of a-z 0-9 - .");
            }
            else if (!ids.Add(rule.Id))
            {
                Say(at + ".id", $"{at}.id '{rule.Id}' is there twice");
            }

            Text(at + ".title", rule.Title, 1, MostText);
            Text(at + ".unit", rule.Unit, 0, 32);
            Range(at + ".holdS", rule.HoldS, 0, 86400, "s");
            Known(at + ".source", rule.Source);
            Known(at + ".measure", rule.Measure);
            Limit(at + ".limit", rule);
            Signs(at + ".seen", rule);
            if (rule.IsFailure && rule.IsRequired)
            {
                Say(at + ".isRequired", $"{at} both fails the test where it is met and where it is not");
            }
        }
    }

    private void Limit(string at, CriterionRule rule)
    {
        if (rule.Measure == CriterionMeasure.Observed)
        {
            if (rule.Limit is not null)
            {
                Say(at, $"{at} is {Number(rule.Limit.Value)}, what a person sees has no limit: null is needed");
            }

            return;
        }

        if (rule.Limit is null)
        {
            Say(at, $"{at} is null, this measure needs a limit");
            return;
        }

        LimitRow row = LimitTable.RunawayRate;
        if (rule.Measure == CriterionMeasure.ThermalRunaway && (rule.Limit != row.Raise || rule.HoldS != row.HoldS || rule.IsBelow))
        {
            Say(at, string.Create(CultureInfo.InvariantCulture,
                $"{at} is {rule.Limit} held for {rule.HoldS} s, GB 38031's runaway is {row.Raise} C/s for more than {row.HoldS} s: use another measure for another figure"));
        }

        (double least, double most, string unit) = rule.Measure switch
        {
            CriterionMeasure.Temperature => (-40, 1500, "C"),
            CriterionMeasure.HeatingRate => (0.001, 1000, "C/s"),
            CriterionMeasure.VoltageDrop => (0.001, 1.0, ""),
            CriterionMeasure.Voltage => (-1000, 1000, "V"),
            CriterionMeasure.TemperatureSpread => (0.1, 1000, "K"),
            CriterionMeasure.RetainedVoltage => (0.001, 2.0, ""),
            _ => (double.MinValue, double.MaxValue, ""),
        };
        Range(at, rule.Limit, least, most, unit);
    }

    private void Observation(ObservationRule? rule)
    {
        if (rule is null)
        {
            Say("observation", "observation is null");
            return;
        }

        Known("observation.start", rule.Start);
        Known("observation.source", rule.Source);
        Range("observation.exposureS", rule.ExposureS, 1, MostSeconds, "s");
        Range("observation.leastS", rule.LeastS, 0, MostSeconds, "s");
        Range("observation.belowC", rule.BelowC, -40, 300, "C");
        Range("observation.belowPartOfRise", rule.BelowPartOfRise, 0.01, 1, "");
        Range("observation.mostS", rule.MostS, 1, MostSeconds, "s");
        if (rule.MostS < rule.LeastS)
        {
            Say("observation.mostS", string.Create(CultureInfo.InvariantCulture, $"observation.mostS is {rule.MostS}, it must not lie below leastS of {rule.LeastS} s"));
        }

        if (rule is { LeastS: 0, BelowC: null, BelowPartOfRise: null, MostS: null })
        {
            Say("observation.leastS", "observation asks for nothing: a time to watch or an end temperature is needed");
        }
    }

    private void SelfHeating(SelfHeatingRule? rule)
    {
        if (rule is null)
        {
            Say("selfHeating", "selfHeating is null");
            return;
        }

        Range("selfHeating.rateCPerMinute", rule.RateCPerMinute, 0.001, 6000, "C/min");
        Range("selfHeating.windowS", rule.WindowS, 1, 3600, "s");
        Range("selfHeating.holdS", rule.HoldS, 0, 3600, "s");
        Known("selfHeating.source", rule.Source);
    }

    private void Windows(IReadOnlyList<double>? windows)
    {
        Count("rateWindowsS", windows, 1, 8);
        for (int i = 0; i < (windows?.Count ?? 0); i++)
        {
            Range(At("rateWindowsS", i), windows![i], 0.1, 3600, "s");
            if (i > 0 && windows[i] <= windows[i - 1])
            {
                Say(At("rateWindowsS", i), string.Create(CultureInfo.InvariantCulture, $"rateWindowsS[{i}] is {windows[i]}, it must lie above {windows[i - 1]} s before it"));
            }
        }
    }

    private void Range(string field, double? value, double least, double most, string unit)
    {
        if (value is { } number && !(number >= least && number <= most))
        {
            string suffix = unit.Length > 0 ? " " + unit : "";
            Say(field, $"{field} is {Number(number)}, between {Number(least)} and {Number(most)}{suffix} is possible");
        }
    }

    private void Text(string field, string? value, int least, int most)
    {
        if (value is null || value.Length < least || value.Length > most || value.Any(char.IsControl))
        {
            Say(field, value is null ? $"{field} is null"
                : value.Any(char.IsControl) ? $"{field} holds a control character"
                : string.Create(CultureInfo.InvariantCulture, $"{field} has {value.Length} characters, {least} to {most} are possible"));
        }
    }

    private void Count<T>(string field, IReadOnlyList<T>? list, int least, int most)
    {
        if (list is null || list.Count < least || list.Count > most)
        {
            Say(field, list is null ? $"{field} is null"
                : string.Create(CultureInfo.InvariantCulture, $"{field} has {list.Count} entries, {least} to {most} are possible"));
        }
    }

    private void Known<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Say(field, $"{field} is not one of {string.Join(", ", Enum.GetNames<T>())}");
        }
    }

    private void Say(string field, string message) => problems.Add(new AbusePlanProblem(field, message));

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= MostName } && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsId(string? id) =>
        id is { Length: >= 1 and <= MostName } && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string At(string list, int i) => string.Create(CultureInfo.InvariantCulture, $"{list}[{i}]");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
