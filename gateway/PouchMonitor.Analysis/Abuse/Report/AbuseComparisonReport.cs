using PouchMonitor.Analysis.Abuse.Report.Comparison;
using PouchMonitor.Analysis.Abuse.Report.Parts;
using PouchMonitor.Analysis.Report.Html;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>
/// Several abuse tests side by side, such as a series over state of charge or nail speed: one HTML file like
/// <see cref="AbuseReport"/>. It says first where plans, versions or standing differ.
/// </summary>
public static class AbuseComparisonReport
{
    // What fits on a line of A4 and can still be read.
    private const int MostColumns = 5;

    /// <summary>Most tests that are laid side by side.</summary>
    public const int MostTests = 40;

    /// <summary>Writes the report.</summary>
    /// <param name="output">Where to; what encodes it must use UTF-8.</param>
    /// <param name="inputs">The tests in the order wanted, two to <see cref="MostTests"/>.</param>
    /// <param name="writtenUtc">When, for the foot of the page.</param>
    /// <exception cref="ArgumentException">There are fewer than two tests or too many.</exception>
    public static void Write(TextWriter output, IReadOnlyList<AbuseReportInput> inputs, DateTimeOffset writtenUtc)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count is < 2 or > MostTests)
        {
            throw new ArgumentException(FormattableString.Invariant($"tests side by side: {inputs.Count}; it must be 2 to {MostTests}."), nameof(inputs));
        }

        IReadOnlyList<ComparedTest> tests = ComparedTest.Of(inputs);
        var html = new HtmlText(output);
        var write = new PartWriter(html);
        AbusePage.Begin(html, FormattableString.Invariant($"{tests.Count} abuse tests"), FormattableString.Invariant($"{tests.Count} abuse tests side by side"), hasImages: false);
        html.Raw("<header class=\"head\"><p class=\"kind\">Abuse tests side by side</p>\n<h1>").Figure(tests.Count, "0").Raw(" abuse tests</h1>\n<p class=\"plan\"><bdi>")
            .Text(string.Join(", ", tests.Select(test => test.Name))).Raw("</bdi></p></header>\n");
        WriteWarnings(write, tests);
        write.Section("side-by-side", "Values side by side");
        foreach (ComparedTest[] columns in tests.Chunk(MostColumns))
        {
            new SideBySideTable(write, tests, columns).Write();
        }

        write.EndSection();
        WritePlots(write, tests);
        AbusePage.End(html, writtenUtc);
    }

    private static void WriteWarnings(PartWriter write, IReadOnlyList<ComparedTest> tests)
    {
        write.Section("before", "Before these are compared");
        string[] warnings = [.. ComparisonWarnings.Of(tests)];
        if (warnings.Length == 0)
        {
            write.Html.Raw("<p>All follow the same version of the same plan, have ended and are signed.</p>\n");
        }
        else
        {
            write.Html.Raw("<ul class=\"warns\">");
            foreach (string warning in warnings)
            {
                write.Html.Raw("<li>").Text(warning).Raw("</li>");
            }

            write.Html.Raw("</ul>\n");
        }

        write.EndSection();
    }

    private static void WritePlots(PartWriter write, IReadOnlyList<ComparedTest> tests)
    {
        var plots = new SideBySidePlots(tests);
        write.Section("course", "Courses over one another, triggers at zero");
        (string Title, string Style, IReadOnlyList<PlotPanel> Panels)[] stacks =
        [
            ("Around the trigger, with the seconds before it", "wide", plots.Around()), ("The whole tests", "wide", plots.Whole()),
            ("Values over what the plans set differently", "", plots.Series()),
        ];
        if (stacks.All(stack => stack.Panels.Count == 0))
        {
            write.None("No recorded quantity is at hand for this report.");
        }

        foreach ((string title, string style, IReadOnlyList<PlotPanel> panels) in stacks)
        {
            CoursePart.WritePanels(write.Html, title, style, panels);
        }

        write.EndSection();
    }
}
