namespace PouchMonitor.Analysis.Profiles;

/// <summary>A profile file that cannot be taken; the message is one line naming file, profile, field, value and limit.</summary>
public sealed class ProfileFileException : Exception
{
    public ProfileFileException(string message)
        : base(message)
    {
    }

    public ProfileFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
