using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats;

/// <summary>Rows of a table by columns that the caller names, whatever it is packed in.</summary>
internal static class MappedRows
{
    /// <summary>Opens the rows below a header.</summary>
    /// <param name="cells">Stands after the header.</param>
    /// <param name="names">The header.</param>
    /// <param name="first">The first rows below it, to find out what nobody says.</param>
    /// <param name="markOf">The decimal mark for a plan.</param>
    /// <param name="input">Disposed with the rows.</param>
    /// <exception cref="SeriesFileException">A column is not there, or nothing says how to read it.</exception>
    public static IRowSource Of(ICellRows cells, string[] names, IReadOnlyList<string[]> first, Func<ColumnPlan, DecimalMark> markOf, SeriesInput input)
    {
        ColumnMapping mapping = input.Mapping!;
        if (!input.IsLenient && !mapping.HasVoltage)
        {
            throw new SeriesFileException($"{input.Name}: --columns names no voltage; only an abuse test is judged by temperatures alone");
        }

        ColumnPlan plan = mapping.PlanOf(names, input.Name);
        DecimalMark mark = markOf(plan);
        if (mapping.SecondPlanOf(names, input.Name) is { } second)
        {
            return new TwoClockRows(cells, [plan, second], [Filler(plan, mark), Filler(second, markOf(second))], input);
        }

        ColumnPlan watched = plan.WatchingOthers().With(OtherClocks.Notes(plan, first, mark));
        return new TableRows(cells, watched, Filler(watched, mark), input);

        RowFiller Filler(ColumnPlan filled, DecimalMark written) =>
            new(filled, cells.Decoder, written) { SignFromState = mapping.HasState, IsLenient = input.IsLenient };
    }
}
