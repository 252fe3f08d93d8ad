using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Cli.Commands;

/// <summary>A change of who may do what, on the command line: it leaves a line in the audit trail as one in the dashboard does.</summary>
internal static class AuditedChange
{
    /// <returns>False where nothing was changed.</returns>
    public static bool Make(string directory, Func<AccessFile, (string Action, string Target, string? Detail)?> change)
    {
        string made = DataOption.Make(directory);
        try
        {
            return CommandLineAudit.Record(made, () => change(new AccessFile(made)));
        }
        catch (ArgumentException error)
        {
            throw new CommandException(error.Message, ExitCodes.Usage);
        }
        catch (IOException error)
        {
            throw new CommandException(error.Message);
        }
    }
}
