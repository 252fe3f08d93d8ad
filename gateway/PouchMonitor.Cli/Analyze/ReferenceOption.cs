using System.CommandLine;
using System.Globalization;

namespace PouchMonitor.Cli.Analyze;

/// <summary>
/// <c>--reference</c>: a number is the cycle whose capacity is 100 %; anything else names the files of the cells that the
/// others are compared with. Both may be given, one after the other.
/// </summary>
internal sealed class ReferenceOption
{
    private readonly Option<string[]> option = new("--reference")
    {
        Description = "A number: the cycle whose discharge capacity is 100 % (default 1). Files, A.csv or A.csv,B.csv: the cells with which the others are compared.",
        HelpName = "CYCLE|FILE[,FILE]",
    };

    public void AddTo(Command command) => command.Add(option);

    /// <summary>What was given: a cycle, null for none, and paths of reference cells in order.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="files">The files that are analysed.</param>
    /// <exception cref="CommandException">Neither a cycle nor a file.</exception>
    public (int? Cycle, IReadOnlyList<string> Files) Read(ParseResult parsed, IReadOnlyList<string> files)
    {
        int? cycle = null;
        List<string> cohort = [];
        foreach (string value in parsed.GetValue(option) ?? [])
        {
            if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            {
                cycle = number >= 1 ? number : throw new CommandException($"--reference {value}: cycles are numbered from 1.", ExitCodes.Usage);
                continue;
            }

            // A path may hold a comma of its own.
            bool isOne = !value.Contains(',', StringComparison.Ordinal) || File.Exists(value) || files.Contains(value, StringComparer.Ordinal);
            cohort.AddRange(isOne ? [value] : value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        foreach (string file in cohort)
        {
            if (!File.Exists(file))
            {
                throw new CommandException($"--reference {file}: is neither the number of a cycle nor a file.", ExitCodes.Usage);
            }
        }

        return (cycle, [.. cohort.DistinctBy(Path.GetFullPath, StringComparer.Ordinal)]);
    }
}
