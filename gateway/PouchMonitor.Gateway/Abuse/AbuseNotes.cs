using System.Globalization;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What people add to a test without moving it on: acknowledgements, notes, observations, deviations.</summary>
internal static class AbuseNotes
{
    public const int LongestText = 4000;

    /// <summary>Deviations that a test holds.</summary>
    public const int MostDeviations = 200;

    private const int LongestDetail = 1000;

    /// <summary>A person says how one line of the list before arming stands.</summary>
    public static AbuseRecord Acknowledge(AbuseRecord record, string id, bool isGood, string? detail, string person, double now)
    {
        AbuseMoves.Require(record, "checked", AbuseState.Preparing, AbuseState.Armed);
        RequireLength("detail", detail, LongestDetail);
        AbuseCheck check = record.Checks.FirstOrDefault(each => each.Id == id)
            ?? throw SetupRefusal.Missing($"{record.Id} has no check '{id}'; there are {string.Join(", ", record.Checks.Select(each => each.Id))}.");
        if (!check.IsByPerson)
        {
            return Accept(record, check, isGood, detail, person, now);
        }

        AbuseCheck said = check with { State = isGood ? CheckState.Good : CheckState.Bad, Detail = detail, Person = person, At = now };
        AbuseRecord changed = (record with { Checks = Replace(record.Checks, said) })
            .With(now, AbuseLog.Check, $"{check.Text}: {(isGood ? "yes" : "NO")}{(detail is null ? "" : $" ({detail})")}", person);
        return isGood || record.State == AbuseState.Preparing ? changed : Deviate(changed, $"After arming, '{check.Text}' was taken back by {person}{(detail is null ? "" : $": {detail}")}.");
    }

    public static AbuseRecord Note(AbuseRecord record, string text, bool isDeviation, string person, double now)
    {
        AbuseMoves.RequireChangeable(record);
        RequireText("text", text, LongestText);
        AbuseRecord noted = record.With(now, isDeviation ? AbuseLog.Deviation : AbuseLog.Note, text, person);
        return isDeviation ? Deviate(noted, text) : noted;
    }

    /// <summary>What only a person can say of a test; from its beginning until it is signed.</summary>
    public static AbuseRecord Observe(AbuseRecord record, AbuseObservations said, string person, double now)
    {
        ArgumentNullException.ThrowIfNull(said);
        AbuseMoves.RequireChangeable(record);
        RequireLength("reason", said.Reason, LongestText);
        RequireMass("massBeforeG", said.MassBeforeG);
        RequireMass("massAfterG", said.MassAfterG);
        if (said.HazardLevel is < 0 or > 7)
        {
            throw SetupRefusal.Bad(string.Create(CultureInfo.InvariantCulture, $"hazardLevel is {said.HazardLevel}, must be 0 to 7."));
        }

        return (record with { Observations = said with { Person = person, At = now } })
            .With(now, AbuseLog.Note, "Observations: " + Describe(said), person);
    }

    public static void RequireText(string name, string? text, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw SetupRefusal.Bad($"'{name}' is missing.");
        }

        RequireLength(name, text, most);
    }

    public static void RequireLength(string name, string? text, int most)
    {
        if (text?.Length > most)
        {
            throw SetupRefusal.Bad($"'{name}' has {text.Length} characters, {most} are the most.");
        }
    }

    public static AbuseRecord Deviate(AbuseRecord record, string text) => record.Deviations.Count >= MostDeviations
        ? throw SetupRefusal.Conflict($"{record.Id} has {record.Deviations.Count} deviations, {MostDeviations} are the most; write it into a note.")
        : record with { Deviations = [.. record.Deviations, text] };

    public static IReadOnlyList<AbuseCheck> Replace(IReadOnlyList<AbuseCheck> checks, AbuseCheck by) =>
        [.. checks.Select(each => each.Id == by.Id ? by : each)];

    // What the monitor finds bad, a person may answer for where it does not blind the monitor; the reason is a deviation of the test.
    private static AbuseRecord Accept(AbuseRecord record, AbuseCheck check, bool isGood, string? detail, string person, double now)
    {
        if (!AbuseChecks.MayBeAccepted(check.Id))
        {
            throw SetupRefusal.Conflict($"'{check.Text}' is looked at by the monitor and cannot be answered by a person.");
        }

        if (!isGood || check.State == CheckState.Good)
        {
            throw SetupRefusal.Conflict($"'{check.Text}' is looked at by the monitor, which finds it {check.State.ToString().ToLowerInvariant()}; a person can only accept it while it is bad.");
        }

        RequireText("detail", detail, LongestDetail);
        AbuseCheck accepted = check with { State = CheckState.Good, Person = person, At = now, Detail = AbuseChecks.Accepted(check.Detail, detail) };
        return Deviate((record with { Checks = Replace(record.Checks, accepted) })
            .With(now, AbuseLog.Deviation, $"{check.Text}: accepted although {check.Detail}: {detail}", person), $"{check.Text}: {check.Detail}; accepted by {person}: {detail}");
    }

    private static void RequireMass(string name, double? grams)
    {
        if (grams is { } mass && !(mass is >= 0 and <= 1e6))
        {
            throw SetupRefusal.Bad(string.Create(CultureInfo.InvariantCulture, $"{name} is {mass} g, must be 0 to 1000000."));
        }
    }

    private static string Describe(AbuseObservations said)
    {
        (string Name, bool? Seen)[] seen =
        [
            ("leak", said.Leak), ("vent", said.Vent), ("smoke", said.Smoke), ("flame", said.Flame), ("rupture", said.Rupture), ("explosion", said.Explosion),
        ];
        List<string> parts = [.. seen.Where(each => each.Seen is not null).Select(each => $"{each.Name} {(each.Seen == true ? "yes" : "no")}")];
        if (said.MassBeforeG is { } before)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"mass before {before} g"));
        }

        if (said.MassAfterG is { } after)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"mass after {after} g"));
        }

        if (said.HazardLevel is { } level)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"hazard level {level}"));
        }

        if (!string.IsNullOrWhiteSpace(said.Reason))
        {
            parts.Add(said.Reason);
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }
}
