namespace PouchMonitor.Formats;

/// <summary>A file that cannot be read as a recorded series at all. The message is one clear line naming file and reason.</summary>
public sealed class SeriesFileException : Exception
{
    public SeriesFileException(string message)
        : base(message)
    {
    }

    public SeriesFileException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
