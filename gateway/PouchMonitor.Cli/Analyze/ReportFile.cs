using System.Text;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Cli.Analyze;

/// <summary>The file of <c>analyze --html</c>: written beside its place and then moved there, so that no half report is ever found.</summary>
internal static class ReportFile
{
    /// <summary>Says before the work that the report would take the place of what it is made from.</summary>
    /// <exception cref="CommandException">It would.</exception>
    public static void Check(string path, IEnumerable<string> inputs, string option = "--html")
    {
        if (path.Length == 0 || inputs.Any(input => string.Equals(Path.GetFullPath(input), Path.GetFullPath(path), StringComparison.Ordinal)))
        {
            throw new CommandException($"{option} '{path}': must name a file of its own.", ExitCodes.Usage);
        }
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="CommandException">It cannot be written there.</exception>
    public static void Write(string path, IReadOnlyList<AnalysisReport> reports) =>
        Write(path, writer => HtmlReport.Write(writer, reports, TimeProvider.System.GetUtcNow()));

    /// <summary>Writes a report of any kind.</summary>
    /// <exception cref="CommandException">It cannot be written there.</exception>
    public static void Write(string path, Action<TextWriter> write)
    {
        string temporary = path + ".new";
        try
        {
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                write(writer);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"{path}: cannot be written: {fault.Message}");
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
