using System.CommandLine;
using PouchMonitor.Cli;
using PouchMonitor.Cli.Commands;

RootCommand root = new("PouchMonitor: from a lithium-metal pouch cell on a bench to an alarm on a phone.");
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(AnalyzeCommand.Create());
root.Subcommands.Add(ReplayCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(ExportCommand.Create());
root.Subcommands.Add(ImportCommand.Create());
root.Subcommands.Add(BackupCommand.Create());
root.Subcommands.Add(DoctorCommand.Create());
root.Subcommands.Add(NodeCommand.Create());
root.Subcommands.Add(UserCommand.Create());
root.Subcommands.Add(TokenCommand.Create());
root.Subcommands.Add(GrafanaCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }

    await Console.Error.WriteLineAsync($"See 'pouchmonitor {parsed.CommandResult.Command.Name} --help'.");
    return ExitCodes.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,

        // After a signal the gateway finishes what it has taken and stores where it stands; that must not be cut short.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    });
}
catch (CommandException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return error.ExitCode;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Interrupted.");
    return ExitCodes.Interrupted;
}
