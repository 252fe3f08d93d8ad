using PouchMonitor.Formats;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks.Storage;

/// <summary>
/// Rows of real series (voltage, current, temperature), played one after the other and over again, each round later than the
/// one before. Values are decimals as the instruments wrote them, at the most decimals of their column.
/// </summary>
internal sealed class MeasuredRows
{
    public const int Columns = SampleColumns.Surface + 1;
    private readonly List<Row> rows = [];
    private readonly long spanMicroseconds;

    private MeasuredRows(string[] files)
    {
        List<(long Time, RecordedRow Row)> read = [];
        long shift = 0;
        foreach (string file in files)
        {
            using RecordedSeriesReader reader = RecordedSeries.Open(file);
            RecordedRow row = new();
            long last = shift;
            while (reader.TryRead(row))
            {
                last = Math.Max(last, row.TimeMicroseconds + shift);
                read.Add((row.TimeMicroseconds + shift, row));
                row = new RecordedRow();
            }

            shift = last + 1_000_000;
        }

        spanMicroseconds = shift;
        for (int column = 0; column < Columns; column++)
        {
            Decimals[column] = read.Max(each => each.Row.IsPresent(column) ? each.Row.Decimals(column) : 0);
        }

        foreach ((long time, RecordedRow row) in read)
        {
            long?[] counts = new long?[Columns];
            for (int column = 0; column < Columns; column++)
            {
                counts[column] = row.IsPresent(column)
                    && DecimalText.TryRescale(row.Mantissa(column), row.Decimals(column), Decimals[column], out long count) ? count : null;
            }

            rows.Add(new Row(time, counts));
        }
    }

    /// <summary>Decimals of each column.</summary>
    public int[] Decimals { get; } = new int[Columns];

    public int Count => rows.Count;

    /// <summary>Null where the series are not at hand.</summary>
    public static MeasuredRows? Find(params string[] names)
    {
        string? folder = Environment.GetEnvironmentVariable("POUCHMONITOR_DATA");
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); folder is null && at is not null; at = at.Parent)
        {
            string beside = Path.Combine(at.FullName, "shared", "data");
            folder = Directory.Exists(beside) ? beside : null;
        }

        string[] files = folder is null ? [] : [.. names.Select(name => Path.Combine(folder, "series", name + ".csv.gz"))];
        return files.Length > 0 && files.All(File.Exists) ? new MeasuredRows(files) : null;
    }

    /// <summary>Row of the endless series: its time, moved to its round, and its counts.</summary>
    public Row At(long at)
    {
        Row row = rows[(int)(at % rows.Count)];
        return row with { TimeMicroseconds = row.TimeMicroseconds + (at / rows.Count * spanMicroseconds) };
    }

    /// <summary>Fills the samples from a number on into a frame.</summary>
    public void Fill(SampleFrame frame, long first, int count)
    {
        frame.Clear();
        frame.FirstSampleNumber = first;
        for (int column = 0; column < Columns; column++)
        {
            frame.Scales[column].Denominator = DecimalText.PowerOfTen(Decimals[column]);
        }

        for (int at = 0; at < count; at++)
        {
            Row row = At(first + at);
            uint states = SensorStates.AllAbsent;
            for (int column = 0; column < Columns; column++)
            {
                states = row.Counts[column].HasValue ? SensorStates.With(states, column, SensorState.Good) : states;
                frame.Counts[column][at] = row.Counts[column] ?? 0;
            }

            frame.States[at] = states;
            frame.UptimeMicroseconds[at] = row.TimeMicroseconds;
        }

        frame.Count = count;
    }

    internal sealed record Row(long TimeMicroseconds, long?[] Counts);
}
