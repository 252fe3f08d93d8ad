using System.Globalization;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Neware's layered export: three header lines (cycle, step, record), and below them cycle rows, step rows with one empty
/// cell before them and record rows with two. The first row may carry its cycle and its step in one line.
/// </summary>
internal sealed class NewareLayeredFormat : ISeriesFormat
{
    private const int MaximumLinesAboveHeader = 50;
    private static readonly ColumnEntry[] OuterEntries =
        [.. NewareCsv.Entries.Where(entry => entry.Role is SeriesHeader.Cycle or SeriesHeader.Step or ColumnRoles.State)];

    public SeriesFormatInfo Info { get; } = new(
        "neware-layered", "Neware BTSDA, records below their steps and cycles, English or Chinese", FormatProof.RealFiles);

    public bool Recognises(SeriesInput input)
    {
        FileStart start = input.Start;
        if (!start.IsText)
        {
            return false;
        }

        for (int i = 0; i + 2 < Math.Min(start.Lines.Count, MaximumLinesAboveHeader); i++)
        {
            if (TryLayers(start.Lines[i], start.Lines[i + 1], start.Lines[i + 2], out _))
            {
                return true;
            }
        }

        return false;
    }

    public IRowSource Open(SeriesInput input)
    {
        TextDecoder decoder = TextDecoder.For(input.Start.Bytes);
        var cells = new DelimitedCells(input.Lines, decoder);
        string first = "";
        string second = "";
        while (cells.LineNumber < MaximumLinesAboveHeader && cells.TryRead())
        {
            string third = decoder.Decode(cells.Line);
            if (TryLayers(first, second, third, out ColumnPlan[] plans))
            {
                return new NewareLayeredRows(cells, plans, input);
            }

            (first, second) = (second, third);
        }

        throw new SeriesFileException(string.Create(
            CultureInfo.InvariantCulture,
            $"{input.Name}: no header of {Info.Name} in {cells.LineNumber} lines: three lines that name cycle, step and record"));
    }

    private static bool TryLayers(string cycle, string step, string record, out ColumnPlan[] plans)
    {
        plans = [];
        if (cycle.StartsWith(',') || !step.StartsWith(',') || step.StartsWith(",,", StringComparison.Ordinal)
            || !record.StartsWith(",,", StringComparison.Ordinal))
        {
            return false;
        }

        string[] names = SeriesHeader.SplitNames(record);
        plans =
        [
            ColumnPlan.Map(SeriesHeader.SplitNames(cycle), OuterEntries),
            ColumnPlan.Map(SeriesHeader.SplitNames(step), OuterEntries),
            ColumnPlan.Map(names, NewareCsv.Entries),
        ];
        return plans[2].IsComplete && plans[0].HasRole(SeriesHeader.Cycle)
            && names.Any(name => NewareCsv.RecordNames.Contains(ColumnName.Parse(name).Key, StringComparer.Ordinal));
    }
}
