namespace PouchMonitor.Formats.Tables;

/// <summary>Rows of cells, forward only: lines of a text file, or rows of a sheet.</summary>
internal interface ICellRows : IDisposable
{
    /// <summary>Line or row last read, from 1.</summary>
    long LineNumber { get; }

    /// <summary>Cells of the row last read.</summary>
    int Count { get; }

    /// <summary>What is wrong with the row as a whole; empty where nothing is.</summary>
    string Fault { get; }

    TextDecoder Decoder { get; }

    /// <summary>True where a row without its last cells is whole, because blank cells are not kept: in sheets. A line of text that is short was cut.</summary>
    bool OmitsBlankCells => false;

    /// <summary>Reads the next row that is not blank; false at the end.</summary>
    bool TryRead();

    /// <summary>A cell of the row last read, without blanks and quotes; empty beyond the last. Valid until the next row.</summary>
    ReadOnlySpan<byte> Cell(int index);

    /// <summary>All cells of the row last read as text.</summary>
    string[] Texts();
}
