using System.CommandLine;
using PouchMonitor.Formats;

namespace PouchMonitor.Cli.Commands;

/// <summary>The options that say how a recorded series is to be read where its content shall not decide, and the list of formats.</summary>
internal sealed class FormatOptions
{
    private readonly Option<string?> format = new("--format") { Description = "Read the files as this format; otherwise their content decides." };
    private readonly Option<string?> columns = new("--columns")
    {
        Description = "Columns of a table that no format knows, such as time=Test Time/s,voltage=U/mV,current=I/mA:discharge-positive,surface=T1/C.",
    };
    private readonly Option<bool> list = new("--formats") { Description = "List the formats that are read." };

    public void AddTo(Command command)
    {
        command.Add(format);
        command.Add(columns);
        command.Add(list);
    }

    public bool IsListWanted(ParseResult parsed) => parsed.GetValue(list);

    public SeriesOptions Read(ParseResult parsed)
    {
        string? mapping = parsed.GetValue(columns);
        try
        {
            return new SeriesOptions { Format = parsed.GetValue(format), Columns = mapping is null ? null : ColumnMapping.Parse(mapping) };
        }
        catch (FormatException error)
        {
            throw new CommandException($"--columns: {error.Message}", ExitCodes.Usage);
        }
    }

    public static void Print(TextWriter output)
    {
        int width = SeriesFormats.All.Max(format => format.Name.Length);
        foreach (SeriesFormatInfo format in SeriesFormats.All)
        {
            string proof = format.Proof == FormatProof.RealFiles ? "" : " (proven only on files written after its documentation)";
            output.WriteLine($"{format.Name.PadRight(width)}  {format.Description}{proof}");
        }

        output.WriteLine("Any of them may be gzip. The content of a file decides; --format forces one.");
    }
}
