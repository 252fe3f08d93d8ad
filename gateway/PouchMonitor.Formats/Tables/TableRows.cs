using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Formats.Tables;

/// <summary>Rows of a table whose header was read: one record a row.</summary>
/// <param name="cells">Stands after the header.</param>
/// <param name="plan">What its columns mean.</param>
/// <param name="filler">Fills rows by the plan.</param>
/// <param name="owned">What else is to be disposed.</param>
internal sealed class TableRows(ICellRows cells, ColumnPlan plan, RowFiller filler, IDisposable owned) : IRowSource
{
    private readonly List<string> unitNotes = [];
    private bool hasBegun;

    public IReadOnlyList<string> Columns => plan.Names;

    public IReadOnlyList<string> IgnoredColumns { get; } =
        [.. plan.Names.Where((_, i) => !Array.Exists(plan.Rules, rule => rule.Index == i))];

    public string TimeName { get; } =
        (plan.Of(SeriesHeader.Time) ?? plan.Of(ColumnRoles.StepTime) ?? plan.Of(ColumnRoles.Clock))!.Name;

    public long LineNumber => cells.LineNumber;

    public IReadOnlyList<string> Notes => [.. plan.Notes, .. unitNotes, .. filler.Notes];

    public long UnreadableCellCount => filler.UnreadableCellCount;

    public bool HasColumn(int column) => plan.HasRole(column);

    public RowResult Read(RecordedRow row, out string problem)
    {
        problem = "";
        bool any = cells.TryRead();
        if (!hasBegun && any && UnitsRow.Is(cells, plan))
        {
            unitNotes.AddRange(UnitsRow.Notes(cells, plan));
            any = cells.TryRead();
        }

        hasBegun = true;
        return !any ? RowResult.End : filler.TryFill(cells, row, out problem) ? RowResult.Good : RowResult.Bad;
    }

    public void Dispose()
    {
        cells.Dispose();
        owned.Dispose();
    }
}
