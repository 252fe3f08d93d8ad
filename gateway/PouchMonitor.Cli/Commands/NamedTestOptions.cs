using System.CommandLine;
using System.Globalization;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli.Commands;

/// <summary>What a person declares about the test of a series: which it is, and the geometry of the electrode.</summary>
internal sealed class NamedTestOptions
{
    private const double LargestAreaCm2 = 1e6;
    private const double LargestLengthUm = 1e5;

    private readonly Option<string?> testKind = new("--test-kind")
    {
        Description = $"Which test it is, where the steps alone do not show it: {string.Join(", ", NamedTestNames.All)}.",
    };

    private readonly Option<double?> electrodeArea = new("--electrode-area")
    {
        Description = "Area of the electrode, cm2: named tests then give current densities.",
    };

    private readonly Option<double?> diffusionLength = new("--diffusion-length")
    {
        Description = "Half the thickness of the electrode or a third of its particles' radius, um: a titration then gives D, not only D over its square.",
    };

    public void AddTo(Command command)
    {
        command.Add(testKind);
        command.Add(electrodeArea);
        command.Add(diffusionLength);
    }

    /// <summary>What was declared.</summary>
    public NamedTestDeclaration Read(ParseResult parsed)
    {
        string? name = parsed.GetValue(testKind);
        NamedTestKind? kind = name is null ? null : NamedTestNames.Find(name) ?? throw new CommandException(
            $"--test-kind {name}: there is no such test; there are {string.Join(", ", NamedTestNames.All)}.", ExitCodes.Usage);
        return new NamedTestDeclaration(
            kind, Positive(parsed, electrodeArea, LargestAreaCm2, "cm2"), Positive(parsed, diffusionLength, LargestLengthUm, "um"));
    }

    /// <summary>The report with its rests and with the named tests of its steps and cycles.</summary>
    /// <param name="report">Without them.</param>
    /// <param name="profile">Of the cell.</param>
    /// <param name="declared">What a person says of the test.</param>
    /// <param name="inside">What was watched within the steps; null of an archive, which gives its steps alone.</param>
    public static AnalysisReport Complete(
        AnalysisReport report, CellProfile profile, NamedTestDeclaration declared, NamedTestCollector? inside) => report with
        {
            Rests = RestRelaxation.Of(report.Steps, inside),
            DroppedTransientCount = inside?.DroppedCount ?? 0,
            NamedTests = NamedTestFinder.Find(new NamedTestInput
            {
                Profile = profile, Cycles = report.Cycles, Steps = report.Steps, Pulses = report.Pulses, Inside = inside,
                Declared = declared.Kind, ElectrodeAreaCm2 = declared.ElectrodeAreaCm2,
                DiffusionLengthUm = declared.DiffusionLengthUm,
            }),
        };

    private static double? Positive(ParseResult parsed, Option<double?> option, double largest, string unit)
    {
        double? value = parsed.GetValue(option);
        return value is null || (value > 0 && value <= largest)
            ? value
            : throw new CommandException(
                string.Create(CultureInfo.InvariantCulture, $"{option.Name} {value}: more than 0 and at most {largest:G6} {unit} are possible."),
                ExitCodes.Usage);
    }
}

/// <summary>What a person says of the test.</summary>
internal sealed record NamedTestDeclaration(NamedTestKind? Kind, double? ElectrodeAreaCm2, double? DiffusionLengthUm);
