namespace PouchMonitor.Formats;

/// <summary>How to open a recorded series where its content alone shall not decide.</summary>
public sealed record SeriesOptions
{
    /// <summary>Nothing forced.</summary>
    public static SeriesOptions Default { get; } = new();

    /// <summary>Name of a format (<see cref="SeriesFormats.All"/>) to read the file as; null detects it.</summary>
    public string? Format { get; init; }

    /// <summary>Columns named by the caller, see <see cref="ColumnMapping"/>; null leaves them to the format.</summary>
    public ColumnMapping? Columns { get; init; }

    /// <summary>
    /// True where an unreadable cell (<c>NaN</c>, <c>OL</c>, <c>9.9E37</c>) costs its reading and not its row: in an abuse test the row in
    /// which a sensor dies is the one that counts. Of every table, but for its times. And temperatures
    /// alone will do then, without a voltage: of the normalised columns and the Battery Data Format, comma-separated, and of named columns.
    /// </summary>
    public bool IsLenient { get; init; }
}
