namespace PouchMonitor.Cli;

/// <summary>What the exit codes of <c>pouchmonitor</c> mean.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>It could not be done: a file that cannot be read, a gateway that cannot be reached, a port that is taken.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, but some rows of the input were bad and left out; each was named.</summary>
    public const int BadRows = 3;

    /// <summary>Stopped by a signal before it was done.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with one clear line.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
