using System.Globalization;
using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Formats.Tables;

/// <summary>
/// A text format that is a table below a header line, with or without lines above it: nearly every cycler's export. What
/// tells one from another is a list of names, so each format is data for this class.
/// </summary>
internal sealed class TableFormat : ISeriesFormat
{
    private const int MaximumLinesAboveHeader = 5000;

    public required SeriesFormatInfo Info { get; init; }

    /// <summary>What its columns are called.</summary>
    public required ColumnEntry[] Entries { get; init; }

    /// <summary>Of each group the header has at least one name: what tells this format from others.</summary>
    public required string[][] Needs { get; init; }

    /// <summary>What the first lines must look like, where the header alone does not tell; null for nothing.</summary>
    public Func<FileStart, bool>? Signature { get; init; }

    /// <summary>True where the sign of the current is given by the step's state.</summary>
    public bool SignFromState { get; init; }

    /// <summary>Looks at the plan of a file, whose units may have to be found out; null for nothing to do.</summary>
    public Func<ColumnPlan, SeriesInput, IReadOnlyList<string[]>, ColumnPlan>? Finish { get; init; }

    public bool Recognises(SeriesInput input) =>
        input.Start.IsText && (Signature?.Invoke(input.Start) ?? true) && input.Start.Lines.Any(line => TryHeader(line, out _, out _));

    public IRowSource Open(SeriesInput input)
    {
        TextDecoder decoder = TextDecoder.For(input.Start.Bytes);
        var cells = new DelimitedCells(input.Lines, decoder);
        while (cells.LineNumber < MaximumLinesAboveHeader && cells.TryRead())
        {
            if (TryHeader(decoder.Decode(cells.Line), out ColumnPlan plan, out char delimiter))
            {
                cells.Delimiter = (byte)delimiter;
                IReadOnlyList<string[]> rows = DecimalMarks.FirstRows(input.Start, cells.LineNumber, delimiter);
                plan = Finish?.Invoke(plan, input, rows) ?? plan;
                var filler = new RowFiller(plan, decoder, DecimalMarks.Of(plan, rows, delimiter, input.Name)) { SignFromState = SignFromState, IsLenient = input.IsLenient };
                return new TableRows(cells, plan, filler, input);
            }
        }

        throw new SeriesFileException(string.Create(
            CultureInfo.InvariantCulture,
            $"{input.Name}: no header of {Info.Name} in {cells.LineNumber} lines: it names a time, a voltage and {string.Join(", ", Needs.Select(group => string.Join(" or ", group)))}"));
    }

    /// <summary>Maps the names where they are a header of this format.</summary>
    public bool TryHeader(string[] names, out ColumnPlan plan)
    {
        plan = ColumnPlan.Map(names, Entries);
        string[] keys = [.. names.Select(name => ColumnName.Parse(name).Key)];
        return plan.IsComplete && Needs.All(group => group.Any(key => keys.Contains(key, StringComparer.Ordinal)));
    }

    private bool TryHeader(string line, out ColumnPlan plan, out char delimiter)
    {
        foreach (char candidate in DecimalMarks.Delimiters)
        {
            delimiter = candidate;
            if (line.Contains(candidate, StringComparison.Ordinal)
                && SeriesHeader.SplitNames(line, candidate) is { Length: <= SeriesHeader.MaximumCells } names && TryHeader(names, out plan))
            {
                return true;
            }
        }

        plan = null!;
        delimiter = default;
        return false;
    }
}
