using PouchMonitor.Formats.Containers;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats;

/// <summary>A table whose columns the caller names; never chosen by content.</summary>
internal sealed class MappedFormat : ISeriesFormat
{
    public static MappedFormat Instance { get; } = new();

    public SeriesFormatInfo Info { get; } = new("columns", "any table with a header line, its columns named by --columns", FormatProof.RealFiles);

    public bool Recognises(SeriesInput input) => false;

    public IRowSource Open(SeriesInput input)
    {
        ColumnMapping mapping = input.Mapping
            ?? throw new SeriesFileException($"{input.Name}: the format 'columns' needs its columns named");
        if (Workbook.IsOne(input.Archive))
        {
            return new XlsxFormat().Open(input);
        }

        (int headerAt, string[] names, char delimiter) = FindHeader(input.Start, mapping);
        TextDecoder decoder = TextDecoder.For(input.Start.Bytes);
        var cells = new DelimitedCells(input.Lines, decoder) { Delimiter = (byte)delimiter };
        while (input.Lines.LineNumber <= headerAt && cells.TryRead())
        {
            // Lines above the header, and the header itself.
        }

        string[][] first = DecimalMarks.FirstRows(input.Start, headerAt + 1, delimiter);
        return MappedRows.Of(cells, names, first, plan => DecimalMarks.Of(plan, first, delimiter, input.Name), input);
    }

    /// <summary>The line that has most of the named columns, of equal ones that with most cells, the first of them.</summary>
    private static (int Line, string[] Names, char Delimiter) FindHeader(FileStart start, ColumnMapping mapping)
    {
        (int Count, int Line, string[] Names, char Delimiter) best = (-1, 0, [], ',');
        for (int i = 0; i < start.Lines.Count; i++)
        {
            foreach (char delimiter in DecimalMarks.Delimiters)
            {
                string[] names = SeriesHeader.SplitNames(start.Lines[i], delimiter);
                int count = mapping.CountIn(names);
                if (count > best.Count || (count == best.Count && names.Length > best.Names.Length))
                {
                    best = (count, i, names, delimiter);
                }
            }
        }

        return (best.Line, best.Names, best.Delimiter);
    }
}
