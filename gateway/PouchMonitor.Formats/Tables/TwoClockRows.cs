using System.Globalization;
using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Formats.Tables;

/// <summary>
/// Rows of a table in which two loggers stand side by side, each with a time of its own: one after the other in the order of
/// time, each with what its own logger wrote. What is ahead waits, in bounded memory.
/// </summary>
/// <param name="cells">Stands after the header.</param>
/// <param name="plans">The columns of each clock.</param>
/// <param name="fillers">Fill rows by them.</param>
/// <param name="owned">What else is to be disposed.</param>
internal sealed class TwoClockRows(ICellRows cells, ColumnPlan[] plans, RowFiller[] fillers, IDisposable owned) : IRowSource
{
    /// <summary>Most rows of one clock that wait for the other.</summary>
    public const int MaximumWaiting = 500_000;

    // A date beside a time from zero: they have no moment in common.
    private const long MostApartMicroseconds = 30L * 86_400 * 1_000_000;
    private readonly Queue<(long Line, RecordedRow Row)>[] waiting = [new(), new()];
    private readonly Queue<(long Line, string Problem)> problems = new();
    private readonly Stack<RecordedRow> spare = new();
    private readonly long[] last = [long.MinValue, long.MinValue];
    private readonly int needed = plans.Max(plan => plan.Rules[^1].Index + 1);
    private bool ended;
    private bool areCompared;

    public IReadOnlyList<string> Columns => plans[0].Names;

    public IReadOnlyList<string> IgnoredColumns { get; } =
        [.. plans[0].Names.Where((_, i) => !plans.Any(plan => Array.Exists(plan.Rules, rule => rule.Index == i)))];

    public string TimeName => TimeOf(0).Name;

    public long LineNumber { get; private set; }

    public long UnreadableCellCount => fillers[0].UnreadableCellCount + fillers[1].UnreadableCellCount;

    public IReadOnlyList<string> Notes =>
    [
        .. plans[0].Notes, .. plans[1].Notes, .. fillers[0].Notes, .. fillers[1].Notes,
        $"{string.Join(", ", plans[1].Rules.Where(rule => rule.Role != SeriesHeader.Time).Select(rule => $"'{rule.Name}'"))} {(plans[1].Rules.Length == 2 ? "is" : "are")} read by '{TimeOf(1).Name}', all else by '{TimeOf(0).Name}'; both times are taken as they stand, as counted from the same moment.",
    ];

    public bool HasColumn(int column) => plans.Any(plan => plan.HasRole(column));

    public RowResult Read(RecordedRow row, out string problem)
    {
        while (true)
        {
            if (problems.TryDequeue(out (long Line, string Problem) bad))
            {
                (LineNumber, problem) = bad;
                return RowResult.Bad;
            }

            problem = "";
            bool hasFirst = waiting[0].TryPeek(out (long Line, RecordedRow Row) first);
            bool hasSecond = waiting[1].TryPeek(out (long Line, RecordedRow Row) second);
            if ((hasFirst && hasSecond) || (ended && (hasFirst || hasSecond)))
            {
                Give(hasFirst && (!hasSecond || first.Row.TimeMicroseconds <= second.Row.TimeMicroseconds) ? 0 : 1, row);
                return RowResult.Good;
            }

            if (ended)
            {
                return RowResult.End;
            }

            ReadBoth();
        }
    }

    public void Dispose()
    {
        cells.Dispose();
        owned.Dispose();
    }

    private void Give(int clock, RecordedRow row)
    {
        (LineNumber, RecordedRow given) = waiting[clock].Dequeue();
        row.CopyFrom(given);
        spare.Push(given);
    }

    private void ReadBoth()
    {
        ended = !cells.TryRead();
        if (ended)
        {
            return;
        }

        LineNumber = cells.LineNumber;
        if (cells.Count < needed && !cells.OmitsBlankCells)
        {
            problems.Enqueue((cells.LineNumber, string.Create(CultureInfo.InvariantCulture, $"short row: {cells.Count} cells, the header has {plans[0].Names.Length}")));
            return;
        }

        for (int clock = 0; clock < 2; clock++)
        {
            // One logger ends before the other, or is slower: then it wrote nothing here.
            if (cells.Fault.Length == 0 && Array.TrueForAll(plans[clock].Rules, rule => cells.Cell(rule.Index).IsEmpty))
            {
                continue;
            }

            RecordedRow row = spare.TryPop(out RecordedRow? used) ? used : new RecordedRow();
            if (!fillers[clock].TryFill(cells, row, out string problem))
            {
                problems.Enqueue((cells.LineNumber, problem));
            }
            else if (row.TimeMicroseconds < last[clock])
            {
                problems.Enqueue((cells.LineNumber, string.Create(
                    CultureInfo.InvariantCulture, $"{TimeOf(clock).Name} {row.TimeMicroseconds / 1e6m} runs backwards: the row before is at {last[clock] / 1e6m} s")));
            }
            else
            {
                last[clock] = row.TimeMicroseconds;
                waiting[clock].Enqueue((cells.LineNumber, row));
            }
        }

        Check();
    }

    private void Check()
    {
        if (!areCompared && waiting[0].Count > 0 && waiting[1].Count > 0)
        {
            areCompared = true;
            if (Math.Abs(last[0] - last[1]) > MostApartMicroseconds)
            {
                throw new SeriesFileException($"'{TimeOf(0).Name}' and '{TimeOf(1).Name}' are more than 30 days apart: a date and a time from zero have no moment in common; name two of the same kind");
            }
        }

        for (int clock = 0; clock < 2; clock++)
        {
            if (waiting[clock].Count > MaximumWaiting)
            {
                throw new SeriesFileException(string.Create(
                    CultureInfo.InvariantCulture, $"'{TimeOf(clock).Name}' is more than {MaximumWaiting} rows ahead of '{TimeOf(1 - clock).Name}'; save the two loggers to files of their own"));
            }
        }
    }

    private ColumnRule TimeOf(int clock) => (plans[clock].Of(SeriesHeader.Time) ?? plans[clock].Of(ColumnRoles.StepTime) ?? plans[clock].Of(ColumnRoles.Clock))!;
}
