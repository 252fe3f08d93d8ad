using System.CommandLine;
using PouchMonitor.Gateway.Influx.Grafana;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor grafana --out DIR</c>: writes the files under <c>gateway/grafana</c> anew, after a change of the schema.</summary>
internal static class GrafanaCommand
{
    public static Command Create()
    {
        Option<string> folder = new("--out") { Description = "Folder to write to.", Required = true };
        Command command = new("grafana", "Write Grafana's provisioning files and dashboards.") { folder };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach ((string name, string content) in GrafanaFiles.All())
            {
                string path = Path.Combine(parsed.GetValue(folder)!, name);
                try
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.WriteAllText(path, content);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    throw new CommandException($"--out: {error.Message}");
                }
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
