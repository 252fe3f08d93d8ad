using System.Text.Json;
using PouchMonitor.Evaluation.Tests.Cases;

namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>
/// What was reached before, kept in the repository (<c>regression.json</c>). Worse fails; better says how to keep it. The
/// environment variable POUCHMONITOR_EVALUATION_UPDATE=1 writes what was measured.
/// </summary>
internal static class RegressionFile
{
    private const string Name = "regression.json";

    /// <summary>Share by which a lead time may be shorter, and the least that counts.</summary>
    private const double LeadTolerance = 0.1;
    private const double LeastLeadS = 5;

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private static readonly Lock Gate = new();

    public static bool IsUpdate => Environment.GetEnvironmentVariable("POUCHMONITOR_EVALUATION_UPDATE") == "1";

    /// <summary>What is worse than the file says, one line each; <paramref name="better"/> takes what is better.</summary>
    public static List<string> Compare(CaseSet set, SortedDictionary<string, RuleFigures> now, List<string> better)
    {
        Kept kept = Read();
        var worse = new List<string>();
        SortedDictionary<string, RuleFigures> before = kept.Rules.GetValueOrDefault(set.ToString()) ?? [];
        foreach (string rule in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            if (!now.TryGetValue(rule, out RuleFigures? measured) || !before.TryGetValue(rule, out RuleFigures? old))
            {
                worse.Add($"{set} {rule}: {(before.ContainsKey(rule) ? "is in the file and was not measured" : "was measured and is not in the file")}");
                continue;
            }

            Compare($"{set} {rule}", old, measured, worse, better);
        }

        return worse;
    }

    /// <summary>Cases that are known to be judged wrong, with what was measured.</summary>
    public static SortedDictionary<string, string> Shortfalls() => Read().Shortfalls;

    public static void Update(CaseSet set, SortedDictionary<string, RuleFigures> now) =>
        Change(kept => kept.Rules[set.ToString()] = now);

    /// <summary>Replaces the shortfalls whose name begins with a prefix.</summary>
    public static void Update(string prefix, IEnumerable<KeyValuePair<string, string>> shortfalls) => Change(kept =>
    {
        foreach (string old in kept.Shortfalls.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            kept.Shortfalls.Remove(old);
        }

        foreach ((string name, string figure) in shortfalls)
        {
            kept.Shortfalls.Add(name, figure);
        }
    });

    private static void Compare(string rule, RuleFigures old, RuleFigures now, List<string> worse, List<string> better)
    {
        double oldShare = old.Expected == 0 ? 1 : (double)old.Detected / old.Expected;
        double share = now.Expected == 0 ? 1 : (double)now.Detected / now.Expected;
        Note(share - oldShare, 1e-9, $"{rule}: detects {now.Detected} of {now.Expected}, was {old.Detected} of {old.Expected}");
        Note(old.FalseAlarms / old.CellMonths - (now.FalseAlarms / now.CellMonths), 1e-9,
            $"{rule}: {now.FalseAlarms} false alarms in {now.CellMonths:F2} cell-months, were {old.FalseAlarms} in {old.CellMonths:F2}");
        if (old.MedianLeadS is { } oldMedian && now.MedianLeadS is { } median)
        {
            Note(median - oldMedian, Tolerated(oldMedian), $"{rule}: median lead {median:F0} s, was {oldMedian:F0} s");
            Note(now.WorstLeadS!.Value - old.WorstLeadS!.Value, Tolerated(old.WorstLeadS.Value),
                $"{rule}: worst lead {now.WorstLeadS:F0} s, was {old.WorstLeadS:F0} s");
        }

        void Note(double gain, double tolerance, string text)
        {
            if (gain < -tolerance)
            {
                worse.Add(text);
            }
            else if (gain > tolerance)
            {
                better.Add(text);
            }
        }
    }

    private static double Tolerated(double leadS) => Math.Max(LeastLeadS, LeadTolerance * Math.Abs(leadS));

    private static void Change(Action<Kept> change)
    {
        lock (Gate)
        {
            Kept kept = Read();
            change(kept);
            File.WriteAllText(Path(), JsonSerializer.Serialize(kept, Options) + "\n");
        }
    }

    private static Kept Read() => File.Exists(Path()) ? JsonSerializer.Deserialize<Kept>(File.ReadAllText(Path()), Options)! : new Kept();

    private static string Path()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "PouchMonitor.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new InvalidOperationException("The tests do not run inside the repository.")
            : System.IO.Path.Combine(folder.FullName, "tests", "PouchMonitor.Evaluation.Tests", Name);
    }

    private sealed record Kept
    {
        public SortedDictionary<string, SortedDictionary<string, RuleFigures>> Rules { get; init; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Shortfalls { get; init; } = new(StringComparer.Ordinal);
    }
}
