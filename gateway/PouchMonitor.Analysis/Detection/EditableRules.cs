using System.Globalization;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Detection.Heat;
using PouchMonitor.Analysis.Detection.Shorts;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection;

/// <summary>One row of the rules that a profile may change.</summary>
/// <param name="Row">Rule and measure, as <c>polarization-rise/polarization</c>.</param>
/// <param name="Unit">Unit of the levels.</param>
/// <param name="Raise">Level at which it raises; null where the profile states it in a field of its own.</param>
/// <param name="Clear">Level at which it clears; null where it never does or the level follows from the other.</param>
/// <param name="Hold">Verdicts in a row that raise it; null where evidence is summed instead.</param>
/// <param name="Severity">Severity of its findings.</param>
/// <param name="Reason">Why these figures.</param>
public sealed record EditableRule(
    string Row, string Unit, double? Raise, double? Clear, int? Hold, FindingSeverity Severity, string Reason);

/// <summary>
/// The rows that a profile may change: trends over cycles, soft shorts and heat. What guards against danger at once is not
/// among them; its limits are the profile's own figures (voltages, temperatures, heating rate).
/// </summary>
public static class EditableRules
{
    private const double MostFactor = 10;
    private const int MostHold = 100;

    /// <summary>All rows.</summary>
    public static IReadOnlyList<EditableRule> All { get; } =
    [
        .. CycleRule.All.Select(rule => new EditableRule(
            rule.Row, rule.LevelUnit ?? rule.Unit, rule.IsRelativeToEndOfLife ? null : rule.RaiseLevel, rule.IsRelativeToEndOfLife ? null : rule.ClearLevel,
            rule.HoldCycles, rule.Severity, rule.Reason)),
        .. ShortTable.All.Select(row => new EditableRule(
            row.Row, row.Unit, row.Raise, row.Clear, row.Hold, row.Severity, row.Reason)),
        new(HeatTable.Residual.Row, "deviations", HeatTable.Residual.Raise, HeatTable.Residual.Clear, null, HeatTable.Residual.Severity, HeatTable.Residual.Reason),
    ];

    /// <summary>What is wrong with a change: the row, the value and the limit; null where nothing is.</summary>
    public static string? Problem(RuleChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        EditableRule? rule = All.FirstOrDefault(each => string.Equals(each.Row, change.Row, StringComparison.Ordinal));
        if (rule is null)
        {
            return $"{change.Row} is no row that can be changed; there are {string.Join(", ", All.Select(each => each.Row))}";
        }

        return Outside(rule, "raise", change.Raise, rule.Raise)
            ?? Outside(rule, "clear", change.Clear, rule.Clear)
            ?? HoldProblem(rule, change.Hold)
            ?? OrderProblem(rule, change)
            ?? SeverityProblem(rule, change.Severity);
    }

    // Ten times more or less than usual is a slip of the unit, percent for a share or mV for V.
    private static string? Outside(EditableRule rule, string level, double? value, double? usual)
    {
        if (value is null)
        {
            return null;
        }

        if (usual is not { } now)
        {
            return $"{rule.Row}: {level} cannot be set; the profile states it elsewhere (endOfLifeRetention), or it has none";
        }

        double most = now == 0 ? 0 : now * MostFactor;
        return value >= now / MostFactor && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{rule.Row}: {level} is {value}, between {now / MostFactor} and {most} {rule.Unit} is possible");
    }

    private static string? HoldProblem(EditableRule rule, int? hold) => hold is null || (rule.Hold is not null && hold is >= 1 and <= MostHold)
        ? null
        : rule.Hold is null
            ? $"{rule.Row}: hold cannot be set, its evidence is summed"
            : string.Create(CultureInfo.InvariantCulture, $"{rule.Row}: hold is {hold}, between 1 and {MostHold} is possible");

    private static string? OrderProblem(EditableRule rule, RuleChange change)
    {
        double? raise = change.Raise ?? rule.Raise;
        double? clear = change.Clear ?? rule.Clear;
        bool clearsBelow = !(rule.Clear > rule.Raise);
        return raise is null || clear is null || (clearsBelow ? clear <= raise : clear >= raise)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{rule.Row}: clear is {clear}, it must not lie {(clearsBelow ? "above" : "below")} raise of {raise} {rule.Unit}");
    }

    // Emergencies wake people and trip outputs: that is for what can burn at once.
    private static string? SeverityProblem(EditableRule rule, FindingSeverity? severity) =>
        severity is null or (>= FindingSeverity.Advisory and <= FindingSeverity.Critical)
            ? null
            : $"{rule.Row}: severity is {severity}, advisory, warning or critical is possible";
}
