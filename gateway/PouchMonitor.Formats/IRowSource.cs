namespace PouchMonitor.Formats;

/// <summary>
/// What every format's reader gives: the rows of a file one after another, forward only, in bounded memory. What is wrong
/// with a row is said in words and the next row is tried; what happens to bad rows, to their count and to the order of
/// time is decided once, by <see cref="RecordedSeriesReader"/>.
/// </summary>
internal interface IRowSource : IDisposable
{
    /// <summary>Column names as written.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Names of the columns that are not read.</summary>
    IReadOnlyList<string> IgnoredColumns { get; }

    /// <summary>What the file calls the time, for messages.</summary>
    string TimeName { get; }

    /// <summary>Line, or row of a sheet, or record number, of the row last tried; from 1.</summary>
    long LineNumber { get; }

    /// <summary>Records so far that hold no sample by their kind, such as those of an impedance sweep.</summary>
    long PassedOverCount => 0;

    /// <summary>Cells so far that could not be read and cost their reading alone.</summary>
    long UnreadableCellCount => 0;

    /// <summary>What was guessed or taken for granted in reading, in sentences; may grow while rows are read.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>True when the file has this column of a sample.</summary>
    bool HasColumn(int column);

    /// <summary>Tries the next row.</summary>
    /// <param name="row">Cleared and filled.</param>
    /// <param name="problem">What is wrong with a bad row; empty otherwise.</param>
    /// <exception cref="SeriesFileException">The file turned out to be damaged.</exception>
    RowResult Read(RecordedRow row, out string problem);
}

/// <summary>What became of a row.</summary>
internal enum RowResult
{
    End = 0,
    Good = 1,
    Bad = 2,
}
