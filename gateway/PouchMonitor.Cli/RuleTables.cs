using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli;

/// <summary>All rules with their levels, as a profile has them, for a person at a terminal.</summary>
internal static class RuleTables
{
    private const int Width = 100;

    public static void Print(CellProfile profile, TextWriter output)
    {
        output.WriteLine("Rows that a profile may change (\"rules\": { \"ROW\": { \"raise\", \"clear\", \"hold\", \"severity\" } }):");
        foreach (EditableRule rule in EditableRules.All)
        {
            RuleChange? change = profile.RuleChanges.Of(rule.Row);
            string levels = string.Join(", ", new[]
            {
                Level("raise", change?.Raise, rule.Raise, rule.Unit), Level("clear", change?.Clear, rule.Clear, rule.Unit),
                Level("hold", change?.Hold, rule.Hold, ""),
                $"{AnalysisJson.NameOf(change?.Severity ?? rule.Severity)}{(change?.Severity is null ? "" : $" (usually {AnalysisJson.NameOf(rule.Severity)})")}",
            }.Where(text => text.Length > 0));
            output.WriteLine();
            output.WriteLine($"{rule.Row}: {levels}");
            PrintWrapped(rule.Reason, output);
        }

        output.WriteLine();
        output.WriteLine("Rows that guard against danger at once; where they have limits of the cell, the profile's own figures are those:");
        foreach (LimitRow row in LimitTable.All)
        {
            output.WriteLine();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Rule}: {row.Raise:0.###} {row.Unit}, for {row.HoldS:0.#} s and {row.HoldSamples} samples, {AnalysisJson.NameOf(row.Severity)}{(row.Latches ? ", latches" : "")}"));
            PrintWrapped(row.Reason, output);
        }
    }

    private static string Level(string name, double? changed, double? usual, string unit) => usual is not { } now ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{name} {changed ?? now:0.####}{(unit.Length == 0 ? "" : " " + unit)}{(changed is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (usually {now:0.####})"))}");

    private static void PrintWrapped(string text, TextWriter output)
    {
        string line = " ";
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length >= Width)
            {
                output.WriteLine(line);
                line = " ";
            }

            line += " " + word;
        }

        output.WriteLine(line);
    }
}
