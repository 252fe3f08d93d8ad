using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>Records of a layered export: cycle and step rows are remembered for the records below them.</summary>
internal sealed class NewareLayeredRows : IRowSource
{
    private readonly DelimitedCells cells;
    private readonly ColumnPlan cycle;
    private readonly ColumnPlan step;
    private readonly ColumnPlan record;
    private readonly RowFiller filler;
    private readonly StepDirection directions;
    private readonly SeriesInput input;

    /// <param name="cells">Stands after the three header lines.</param>
    /// <param name="plans">Of cycle, step and record.</param>
    /// <param name="input">Disposed with this.</param>
    public NewareLayeredRows(DelimitedCells cells, ColumnPlan[] plans, SeriesInput input)
    {
        this.cells = cells;
        this.input = input;
        (cycle, step, record) = (plans[0], plans[1], plans[2]);
        filler = new RowFiller(record, cells.Decoder, DecimalMark.Point) { SignFromState = true, IsLenient = input.IsLenient };
        directions = new StepDirection(cells.Decoder);
        IgnoredColumns = [.. record.Names.Where((name, i) => name.Length > 0 && !Array.Exists(record.Rules, rule => rule.Index == i))];
    }

    public IReadOnlyList<string> Columns => record.Names;

    public IReadOnlyList<string> IgnoredColumns { get; }

    public string TimeName => (record.Of(SeriesHeader.Time) ?? record.Of(ColumnRoles.StepTime) ?? record.Of(ColumnRoles.Clock))!.Name;

    public long LineNumber => cells.LineNumber;

    public long UnreadableCellCount => filler.UnreadableCellCount;

    public bool HasColumn(int column) => record.HasRole(column);

    public RowResult Read(RecordedRow row, out string problem)
    {
        problem = "";
        while (cells.TryRead())
        {
            bool isRecord = cells.Cell(0).IsEmpty && cells.Cell(1).IsEmpty;
            if (isRecord || cells.Fault.Length > 0)
            {
                return filler.TryFill(cells, row, out problem) ? RowResult.Good : RowResult.Bad;
            }

            TakeOuter();
        }

        return RowResult.End;
    }

    public void Dispose() => input.Dispose();

    private void TakeOuter()
    {
        int stepAt = 0;
        if (!cells.Cell(0).IsEmpty)
        {
            filler.OuterCycle = Number(cycle, SeriesHeader.Cycle, 0) ?? filler.OuterCycle;

            // Cycle and step in one line: the step's cells follow the cycle's, in place of its first empty one.
            stepAt = cycle.Names.Length - 1;
        }

        if (cells.Count <= stepAt + 1)
        {
            return;
        }

        filler.OuterStep = Number(step, SeriesHeader.Step, stepAt) ?? filler.OuterStep;
        if (step.Of(ColumnRoles.State) is { } state)
        {
            filler.OuterDirection = directions.Of(cells.Cell(stepAt + state.Index));
        }
    }

    private double? Number(ColumnPlan plan, int role, int offset) =>
        plan.Of(role) is { } rule
        && DecimalNumber.TryParse(cells.Cell(offset + rule.Index), out DecimalNumber number) == DecimalFault.None
            ? number.ToDouble()
            : null;
}
