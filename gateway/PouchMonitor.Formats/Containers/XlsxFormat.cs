using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Cyclers;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats.Containers;

/// <summary>
/// Workbooks of the cyclers that write them. Of all sheets those with a header of one of these formats are read, one after
/// the other: Arbin continues a long test on a further Channel sheet. Sheets of statistics are left out.
/// </summary>
internal sealed partial class XlsxFormat : ISeriesFormat
{
    private const int RowsAboveHeader = 100;
    private static readonly TableFormat[] Tables = [ArbinTable.Format, NewareCsv.Format, LandtTable.Format, MaccorText.Format, BatteryDataTable.Format];

    public SeriesFormatInfo Info { get; } = new(
        "xlsx", "workbooks of Arbin (several Channel sheets), Neware, Landt and Maccor, or with --columns", FormatProof.Documentation);

    public bool Recognises(SeriesInput input) => Workbook.IsOne(input.Archive);

    public IRowSource Open(SeriesInput input)
    {
        if (!Workbook.IsOne(input.Archive))
        {
            throw new SeriesFileException($"{input.Name}: not a workbook (xlsx)");
        }

        Workbook workbook = Workbook.Open(input);
        ColumnPlan? plan = null;
        string[] widest = [];
        bool signFromState = false;
        var sheets = new List<WorkbookSheet>();
        foreach (WorkbookSheet sheet in workbook.Sheets.Where(sheet => !sheet.Name.Contains("statis", StringComparison.OrdinalIgnoreCase)))
        {
            if (Find(workbook, sheet, input, ref widest) is not var (found, bySign))
            {
                continue;
            }

            if (plan is null || found.Names.SequenceEqual(plan.Names, StringComparer.Ordinal))
            {
                plan ??= found;
                signFromState |= bySign;
                sheets.Add(sheet);
            }
        }

        if (plan is null)
        {
            throw new SeriesFileException(
                $"{input.Name}: no sheet has a header with a time, a voltage and a current; sheets: {CellText.OneLine(string.Join(", ", workbook.Sheets.Select(sheet => sheet.Name)), 200)}; columns found {SeriesHeader.Listed(widest)}; --columns reads any table, such as --columns \"time=NAME/s,voltage=NAME/V,surface=NAME/C\"");
        }

        RefuseSeveralChannels(sheets, input.Name);
        SheetChain Chain() => new([.. sheets.Select(sheet => (Func<SheetRows>)(() => new SheetRows(workbook, sheet)))], plan.Names);
        if (input.Mapping is not null)
        {
            return MappedRows.Of(Chain(), plan.Names, FirstRows(Chain()), _ => DecimalMark.Point, input);
        }

        SheetChain cells = Chain();
        return new TableRows(cells, plan, new RowFiller(plan, cells.Decoder, DecimalMark.Point) { SignFromState = signFromState, IsLenient = input.IsLenient }, input);
    }

    private static bool IsName(string cell) => cell.Any(char.IsLetter);

    private static List<string[]> FirstRows(SheetChain cells)
    {
        using (cells)
        {
            return FirstRows((ICellRows)cells);
        }
    }

    private static (ColumnPlan Plan, bool SignFromState)? Find(
        Workbook workbook, WorkbookSheet sheet, SeriesInput input, ref string[] widest)
    {
        using SheetRows rows = new(workbook, sheet);
        string[] best = [];
        for (int i = 0; i < RowsAboveHeader && rows.TryRead(); i++)
        {
            string[] names = rows.Texts();
            widest = names.Count(IsName) > widest.Count(IsName) ? names : widest;
            if (input.Mapping is { } mapping)
            {
                best = mapping.CountIn(names) > mapping.CountIn(best) ? names : best;
                continue;
            }

            foreach (TableFormat table in Tables)
            {
                if (table.TryHeader(names, out ColumnPlan plan))
                {
                    return (table.Finish?.Invoke(plan, input, FirstRows(rows)) ?? plan, table.SignFromState);
                }
            }
        }

        return best.Length > 0 ? (input.Mapping!.PlanOf(best, input.Name), input.Mapping.HasState) : null;
    }

    private static List<string[]> FirstRows(ICellRows rows)
    {
        var first = new List<string[]>();
        while (first.Count < RowsAboveHeader && rows.TryRead())
        {
            first.Add(rows.Texts());
        }

        return first;
    }

    private static void RefuseSeveralChannels(List<WorkbookSheet> sheets, string file)
    {
        string[] channels = [.. sheets.Select(sheet => ChannelName().Match(sheet.Name)).Where(match => match.Success).Select(match => match.Value)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        if (channels.Length > 1)
        {
            throw new SeriesFileException(string.Create(
                CultureInfo.InvariantCulture, $"{file}: holds {channels.Length} channels ({string.Join(", ", channels)}), which are different cells; save each to a file of its own"));
        }
    }

    [GeneratedRegex("^Channel_?[0-9]+(-[0-9]+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ChannelName();
}
