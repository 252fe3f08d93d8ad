using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor export</c>: a whole test as an archive, a range of its samples, or its cycles. Works while a gateway runs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Option<string> cell = new("--cell") { Description = "The cell.", Required = true };
        Option<string?> test = new("--test") { Description = "One of its tests; the newest unless given." };
        Option<string> to = new("--out") { Description = "FILE.zip: the whole test; FILE.csv or FILE.csv.gz: samples as Battery Data Format; with --cycles FILE.csv or FILE.json.", Required = true };
        Option<string?> from = new("--from") { Description = "First time of the samples: Unix seconds, or like 2026-11-27T10:00:00Z." };
        Option<string?> until = new("--to") { Description = "Time up to which samples are wanted." };
        Option<bool> cycles = new("--cycles") { Description = "The cycles instead of samples." };
        Command command = new("export", "Write a test, a range of its samples, or its cycles to a file.") { data, cell, test, to, from, until, cycles };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string file = parsed.GetValue(to)!;
                long first = Time("--from", parsed.GetValue(from)) ?? long.MinValue;
                long end = Time("--to", parsed.GetValue(until)) ?? long.MaxValue;
                bool isArchive = file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
                bool wantsRange = parsed.GetValue(from) is not null || parsed.GetValue(until) is not null;
                if ((isArchive || parsed.GetValue(cycles)) && (wantsRange || (isArchive && parsed.GetValue(cycles))))
                {
                    throw new CommandException("--from and --to go with samples only (FILE.csv or FILE.csv.gz), and --cycles not with FILE.zip.", ExitCodes.Usage);
                }

                try
                {
                    using DataView view = DataView.Open(parsed.GetValue(data)!);
                    StoredTest found = view.Find(parsed.GetValue(cell)!, parsed.GetValue(test));
                    Console.WriteLine(parsed.GetValue(cycles) ? Cycles(found, file)
                        : isArchive ? Archive(view, found, file, cancellation)
                        : string.Create(CultureInfo.InvariantCulture, $"{RangeExport.Write(view, found, file, first, end, cancellation)} samples of {found.Record.Test} are in {file}."));
                    return ExitCodes.Success;
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    throw new CommandException(error.Message);
                }
            }, cancellation));
        return command;
    }

    private static string Archive(DataView view, StoredTest test, string file, CancellationToken cancellation)
    {
        (long samples, long missing) = TestArchiveWriter.Write(view, test, file, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{test.Record.Test} with {samples} samples is in {file}.")
            + (missing > 0 ? string.Create(CultureInfo.InvariantCulture, $" {missing} older samples are no longer stored and not in it.") : "");
    }

    private static string Cycles(StoredTest test, string file)
    {
        using Stream stream = new FileStream(file, FileMode.Create, FileAccess.Write);
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (CycleSummary cycle in test.Cycles)
            {
                AnalysisJson.Write(writer, cycle);
            }

            writer.WriteEndArray();
        }

        stream.Write(file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? json.ToArray() : Table(json.ToArray()));
        return string.Create(CultureInfo.InvariantCulture, $"{test.Cycles.Count} cycles of {test.Record.Test} are in {file}.");
    }

    // The same names and digits as in JSON, as a table for spreadsheets.
    private static byte[] Table(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        StringBuilder table = new();
        foreach (JsonElement cycle in document.RootElement.EnumerateArray())
        {
            if (table.Length == 0)
            {
                table.AppendJoin(',', cycle.EnumerateObject().Select(field => field.Name)).Append('\n');
            }

            table.AppendJoin(',', cycle.EnumerateObject().Select(field => field.Value.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => "\"" + field.Value.GetString()!.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"",
                _ => field.Value.GetRawText(),
            })).Append('\n');
        }

        return Encoding.UTF8.GetBytes(table.ToString());
    }

    private static long? Time(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        const double latestSeconds = 1e11;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && Math.Abs(seconds) <= latestSeconds)
        {
            return (long)Math.Round(seconds * 1e6);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            : throw new CommandException($"{option} '{text}' is neither Unix seconds nor a time such as 2026-11-27T10:00:00Z.", ExitCodes.Usage);
    }
}
