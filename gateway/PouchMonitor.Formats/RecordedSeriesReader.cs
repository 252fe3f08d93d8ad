using System.Globalization;

namespace PouchMonitor.Formats;

/// <summary>
/// Reads the rows of a recorded series one by one with bounded memory, whatever its format. A bad row (text in a number,
/// wrong number of cells, time running backwards) is left out, counted and kept as a problem; the good rows around it are
/// given.
/// </summary>
public sealed class RecordedSeriesReader : IDisposable
{
    /// <summary>Problems kept with their text; further ones are only counted.</summary>
    public const int MaximumProblems = 100;

    private readonly IRowSource source;
    private readonly string name;
    private readonly List<RowProblem> problems = [];
    private long lastTimeMicroseconds = long.MinValue;

    internal RecordedSeriesReader(IRowSource source, SeriesFormatInfo format, string name)
    {
        this.source = source;
        this.name = name;
        Format = format;
    }

    /// <summary>The format the file is read as.</summary>
    public SeriesFormatInfo Format { get; }

    /// <summary>Column names of the header, as written.</summary>
    public IReadOnlyList<string> Columns => source.Columns;

    /// <summary>Names of the columns that are not read.</summary>
    public IReadOnlyList<string> IgnoredColumns => source.IgnoredColumns;

    /// <summary>Rows given so far.</summary>
    public long GoodRowCount { get; private set; }

    /// <summary>Rows left out so far.</summary>
    public int BadRowCount { get; private set; }

    /// <summary>Records so far that hold no sample by their kind, such as those of an impedance sweep; not among the bad ones.</summary>
    public long PassedOverCount => source.PassedOverCount;

    /// <summary>Cells so far that could not be read and cost their reading alone (<see cref="SeriesOptions.IsLenient"/>).</summary>
    public long UnreadableCellCount => source.UnreadableCellCount;

    /// <summary>What was guessed or taken for granted in reading, in sentences; complete at the end of the file.</summary>
    public IReadOnlyList<string> Notes => source.Notes;

    /// <summary>The first <see cref="MaximumProblems"/> rows left out; <see cref="BadRowCount"/> counts all.</summary>
    public IReadOnlyList<RowProblem> Problems => problems;

    /// <summary>True when the file has this column (<see cref="Measurement.SampleColumns"/>).</summary>
    public bool HasColumn(int column) => source.HasColumn(column);

    /// <summary>Gives the next good row; false at the end.</summary>
    /// <exception cref="SeriesFileException">The file turned out to be damaged; rows already given stay good.</exception>
    public bool TryRead(RecordedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        while (true)
        {
            switch (ReadSource(row, out string problem))
            {
                case RowResult.End:
                    return false;
                case RowResult.Bad:
                    Report(problem);
                    break;
                case RowResult.Good when row.TimeMicroseconds < lastTimeMicroseconds:
                    Report(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{source.TimeName} {(decimal)row.TimeMicroseconds / 1_000_000m} runs backwards: the row before is at {(decimal)lastTimeMicroseconds / 1_000_000m} s"));
                    break;
                default:
                    row.LineNumber = source.LineNumber;
                    row.Number = GoodRowCount++;
                    lastTimeMicroseconds = row.TimeMicroseconds;
                    return true;
            }
        }
    }

    public void Dispose() => source.Dispose();

    private RowResult ReadSource(RecordedRow row, out string problem)
    {
        try
        {
            return source.Read(row, out problem);
        }
        catch (Exception fault) when (RecordedSeries.IsDamage(fault))
        {
            throw new SeriesFileException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: damaged after record {source.LineNumber}: {fault.Message}"), fault);
        }
    }

    private void Report(string reason)
    {
        BadRowCount++;
        if (problems.Count < MaximumProblems)
        {
            problems.Add(new RowProblem(name, source.LineNumber, reason));
        }
    }
}
