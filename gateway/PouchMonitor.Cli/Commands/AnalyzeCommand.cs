using System.CommandLine;
using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Report.Comparison;
using PouchMonitor.Cli.Analyze;
using PouchMonitor.Formats;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor analyze</c>: cycles and findings of recorded series, through the code that also judges live.</summary>
internal static class AnalyzeCommand
{
    private const int MostProblemsPrinted = 20;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "Recorded series, plain or gzip, or archives of tests or, with --abuse, of abuse tests.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> json = new("--json") { Description = "Print JSON instead of tables." };
        Option<string?> html = new("--html") { Description = "Write a report for people to this file: one HTML page with plots that needs nothing else, and prints." };
        Option<string?> profile = new("--profile") { Description = "Profile of the cell: a name of the catalogue or a file." };
        Option<string?> cell = new("--cell") { Description = "Name of the cell; the file's stem unless given." };
        ReferenceOption reference = new();
        Command command = new("analyze", "Print the cycles and findings of recorded series.") { files, json, html, profile, cell };
        reference.AddTo(command);
        FormatOptions formats = new();
        formats.AddTo(command);
        NamedTestOptions named = new();
        named.AddTo(command);
        AbuseOptions abuse = new();
        abuse.AddTo(command);
        Option<bool> rules = new("--rules") { Description = "List the rules with their levels and reasons, as the profile has them." };
        command.Add(rules);
        command.SetAction(parsed => formats.IsListWanted(parsed) ? ListFormats()
            : parsed.GetValue(rules) ? ListRules(parsed.GetValue(profile))
            : abuse.IsListWanted(parsed) ? AbuseOptions.List()
            : abuse.IsWanted(parsed, parsed.GetValue(html) is not null) ? RunAbuse(
                parsed.GetValue(files)!,
                new AbuseEntry(abuse.Read(parsed), parsed.GetValue(profile) is { } given ? ProfileOption.Read(given) : null, formats.Read(parsed) with { IsLenient = true }, abuse.Moments(parsed)),
                parsed.GetValue(cell), parsed.GetValue(json), abuse.Report(parsed))
            : Run(
                parsed.GetValue(files)!, reference.Read(parsed, parsed.GetValue(files)!), parsed.GetValue(json), parsed.GetValue(html),
                ProfileOption.Read(parsed.GetValue(profile)), parsed.GetValue(cell), formats.Read(parsed), named.Read(parsed)));
        return command;
    }

    private static CellProfile WithReference(CellProfile profile, int? cycle) =>
        cycle is { } known ? profile with { ReferenceCycle = known } : profile;

    private static int ListFormats()
    {
        FormatOptions.Print(Console.Out);
        return ExitCodes.Success;
    }

    private static int ListRules(string? profileName)
    {
        RuleTables.Print(ProfileOption.Read(profileName), Console.Out);
        return ExitCodes.Success;
    }

    private static int RunAbuse(string[] files, AbuseEntry entry, string? cell, bool json, string? report) => files.Length == 0
        ? throw new CommandException("analyze needs a FILE; --formats lists what is read.", ExitCodes.Usage)
        : entry.Run(files, cell, json, report);

    private static int Run(
        string[] files, (int? Cycle, IReadOnlyList<string> Files) reference, bool json, string? html, CellProfile profile, string? cell,
        SeriesOptions options, NamedTestDeclaration declared)
    {
        if (files.Length == 0)
        {
            throw new CommandException("analyze needs a FILE; --formats lists what is read.", ExitCodes.Usage);
        }

        // A reference cell that is not among the files is analysed with them.
        HashSet<string> references = reference.Files.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        string[] all = [.. reference.Files.Where(one => !files.Any(file => Path.GetFullPath(file) == Path.GetFullPath(one))), .. files];
        if (html is not null)
        {
            ReportFile.Check(html, all);
        }

        int exitCode = ExitCodes.Success;
        List<AnalysisReport> reports = [];
        List<bool> isReference = [];
        foreach (string file in all)
        {
            try
            {
                RecordedTest test = new(file, cell, WithReference(profile, reference.Cycle), options, declared);
                AnalysisReport report = test.Judge(isDetailed: json || html is not null);
                exitCode = test.BadRowCount > 0 && exitCode == ExitCodes.Success ? ExitCodes.BadRows : exitCode;
                if (!json)
                {
                    ReportTables.Print(report, Console.Out);
                }

                reports.Add(report);
                isReference.Add(references.Contains(Path.GetFullPath(file)));
            }
            catch (Exception error) when (error is SeriesFileException or InvalidDataException)
            {
                Console.Error.WriteLine(error.Message);
                exitCode = ExitCodes.Failure;
            }
        }

        IReadOnlyList<AnalysisReport> compared = isReference.Contains(true) ? CohortComparison.Apply(reports, isReference) : reports;
        if (json)
        {
            PrintJson(compared, asArray: all.Length > 1);
        }
        else
        {
            ComparisonTable.Print(compared, Console.Out);
        }

        if (html is not null && compared.Count > 0)
        {
            ReportFile.Write(html, compared);
        }

        return exitCode;
    }

    /// <param name="withNotes">What was guessed in reading too; not where the report itself says it.</param>
    internal static void PrintProblems(RecordedSeriesReader reader, bool withNotes = true)
    {
        foreach (string note in withNotes ? reader.Notes : [])
        {
            Console.Error.WriteLine($"note: {note}");
        }

        foreach (RowProblem problem in reader.Problems.Take(MostProblemsPrinted))
        {
            Console.Error.WriteLine(problem);
        }

        if (reader.PassedOverCount > 0)
        {
            Console.Error.WriteLine($"{reader.PassedOverCount} records hold no sample (impedance) and were passed over.");
        }

        if (reader.BadRowCount > 0)
        {
            Console.Error.WriteLine(
                $"{reader.BadRowCount} bad row{(reader.BadRowCount == 1 ? " was" : "s were")} left out; {reader.GoodRowCount} good ones were kept.");
        }
    }

    private static void PrintJson(IReadOnlyList<AnalysisReport> reports, bool asArray)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true }))
        {
            if (asArray)
            {
                writer.WriteStartArray();
            }

            foreach (AnalysisReport report in reports)
            {
                report.Write(writer);
            }

            if (asArray)
            {
                writer.WriteEndArray();
            }
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>The file's name without its endings, as far as a cell may be called so.</summary>
    internal static string Stem(string file)
    {
        string stem = Path.GetFileName(file);
        foreach (string ending in (string[])[".gz", ".csv", ".txt", ".ndax", ".xlsx", ".mpr", ".mpt"])
        {
            if (stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                stem = stem[..^ending.Length];
            }
        }

        return stem;
    }
}
