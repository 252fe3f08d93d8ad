namespace PouchMonitor.Formats;

/// <summary>
/// One file format: how it is known by its content and how it is read. All are listed in <see cref="SeriesFormats"/>.
/// </summary>
internal interface ISeriesFormat
{
    /// <summary>Name and what is said of it to people.</summary>
    SeriesFormatInfo Info { get; }

    /// <summary>True when the content looks like this format; the file's name is never asked.</summary>
    bool Recognises(SeriesInput input);

    /// <summary>Opens a file of this format; the source owns the input.</summary>
    /// <exception cref="SeriesFileException">It is not of this format, or damaged, or lacks what is needed.</exception>
    IRowSource Open(SeriesInput input);
}
