namespace PouchMonitor.Simulation.Abuse;

/// <summary>Kinds and outcomes as on the command line: <c>nail</c>, <c>nail:near-miss</c>, <c>external-short:vent</c>.</summary>
public static class AbuseNames
{
    /// <summary>Kinds by name.</summary>
    public static IReadOnlyDictionary<string, EmulatedAbuseKind> Kinds { get; } = Named<EmulatedAbuseKind>();

    /// <summary>Outcomes by name.</summary>
    public static IReadOnlyDictionary<string, EmulatedAbuseOutcome> Outcomes { get; } = Named<EmulatedAbuseOutcome>();

    /// <summary>Reads <c>KIND[:OUTCOME]</c>; runaway unless said. Null in <paramref name="fault"/> when it was read, else one line.</summary>
    public static bool TryRead(string text, out EmulatedAbuseKind kind, out EmulatedAbuseOutcome outcome, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(':', 2);
        outcome = EmulatedAbuseOutcome.Runaway;
        fault = !Kinds.TryGetValue(words[0], out kind)
            ? $"'{words[0]}' is no kind of abuse: {string.Join(", ", Kinds.Keys)}"
            : words.Length > 1 && !Outcomes.TryGetValue(words[1], out outcome)
                ? $"'{words[1]}' is no outcome: {string.Join(", ", Outcomes.Keys)}"
                : null;
        return fault is null;
    }

    private static Dictionary<string, T> Named<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => string.Concat(value.ToString().Select(Lower)).TrimStart('-'), StringComparer.Ordinal);

    private static string Lower(char letter) => char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : letter.ToString();
}
