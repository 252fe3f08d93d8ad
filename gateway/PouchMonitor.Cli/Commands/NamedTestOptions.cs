using System.CommandLine;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli.Commands;

/// <summary>What a person declares about the test of a series: <c>--test-kind</c>.</summary>
internal sealed class NamedTestOptions
{
    private readonly Option<string?> testKind = new("--test-kind")
    {
        Description = $"Which test it is, where the steps alone do not show it: {string.Join(", ", NamedTestNames.All)}.",
    };

    public void AddTo(Command command) => command.Add(testKind);

    /// <summary>What was declared.</summary>
    public NamedTestKind? Read(ParseResult parsed)
    {
        string? name = parsed.GetValue(testKind);
        return name is null ? null : NamedTestNames.Find(name) ?? throw new CommandException(
            $"--test-kind {name}: there is no such test; there are {string.Join(", ", NamedTestNames.All)}.", ExitCodes.Usage);
    }

    /// <summary>The report with the named tests of its steps and cycles.</summary>
    public static AnalysisReport Complete(AnalysisReport report, CellProfile profile, NamedTestKind? declared) => report with
    {
        NamedTests = NamedTestFinder.Find(new NamedTestInput
        {
            Profile = profile, Cycles = report.Cycles, Steps = report.Steps, Pulses = report.Pulses, Declared = declared,
        }),
    };
}
