namespace PouchMonitor.Firmware.Care;

/// <summary>A part of the node that takes commands of its own. Called on the sampling thread, between two samples.</summary>
public interface ICommandHandler
{
    /// <summary>True for a command of this part.</summary>
    bool Knows(string command);

    /// <summary>
    /// Does it. Null when it was done, with what came of it in <paramref name="result"/> (may be empty); else one line
    /// naming thing, value and limit, and nothing was changed.
    /// </summary>
    string? Run(string command, FlatJson arguments, out string result);
}
