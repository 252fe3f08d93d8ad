using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli;

/// <summary>Named tests for a person at a terminal.</summary>
internal static class NamedTestTable
{
    private const int MostGroups = 12;

    public static void Print(IReadOnlyList<NamedTest> tests, long droppedTransients, TextWriter output)
    {
        foreach (NamedTest test in tests)
        {
            output.WriteLine();
            output.WriteLine($"Test {NamedTestNames.NameOf(test.Kind)} ({(test.IsDeclared ? "declared; " : "")}{test.Why})");
            foreach (NamedValue value in test.Values)
            {
                output.WriteLine($"  {value.Name,-36} {Number(value.Value)}");
            }

            PrintGroups(test, output);
            output.WriteLine($"  {Quality(test.Quality, test.Reason)}");
        }

        if (droppedTransients > 0)
        {
            output.WriteLine();
            output.WriteLine($"The inside of {droppedTransients} steps and holds was not kept, since there were too many; their plateaus and transients are not known.");
        }
    }

    private static void PrintGroups(NamedTest test, TextWriter output)
    {
        if (test.Groups.Count == 0)
        {
            return;
        }

        int[] widths = [.. test.Columns.Select(column => Math.Max(column.Length, 10))];
        output.WriteLine("  " + string.Join("  ", test.Columns.Select((column, i) => column.PadLeft(widths[i]))) + "  quality");
        foreach (NamedGroup group in test.Groups.Take(MostGroups))
        {
            output.WriteLine("  " + string.Join("  ", group.Values.Select((value, i) => Number(value).PadLeft(widths[i])))
                + "  " + Quality(group.Quality, group.Reason));
        }

        int left = test.Groups.Count - MostGroups;
        if (left > 0)
        {
            output.WriteLine($"  ... and {left} more, see --json.");
        }

        if (test.OmittedGroupCount > 0)
        {
            output.WriteLine($"  {test.OmittedGroupCount} of {test.OmittedGroupCount + test.Groups.Count} are not listed at all; they count in the figures.");
        }
    }

    private static string Quality(CycleQuality quality, string reason) => AnalysisJson.NameOf(quality) + (reason.Length > 0 ? ": " + reason : "");

    private static string Number(double? value) =>
        value is { } known ? known.ToString("G6", CultureInfo.InvariantCulture) : "-";
}
