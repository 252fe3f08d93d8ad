using System.IO.Compression;
using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>A whole small file, read: what its format is, what its rows say and which were bad.</summary>
internal sealed record ReadSeries(string Format, IReadOnlyList<ReadRow> Rows, IReadOnlyList<string> Problems)
{
    public static ReadSeries Of(string text, SeriesOptions? options = null) => Of(Encoding.UTF8.GetBytes(text), options);

    public static ReadSeries Of(byte[] bytes, SeriesOptions? options = null)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(bytes), "x", options ?? SeriesOptions.Default);
        return Of(reader);
    }

    public static ReadSeries OfRaw(string name)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf($"raw/{name}"));
        return Of(reader);
    }

    public static ReadSeries OfSeries(string name)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf($"series/{name}.csv.gz"));
        return Of(reader);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static ReadSeries Of(RecordedSeriesReader reader)
    {
        var rows = new List<ReadRow>();
        var row = new RecordedRow();
        while (reader.TryRead(row))
        {
            rows.Add(new ReadRow(
                row.TimeMicroseconds, row.Value(SampleColumns.Voltage), row.Value(SampleColumns.Current), row.Value(SampleColumns.Surface),
                row.InstrumentCycle, row.InstrumentStep, row.InstrumentChargeCapacityAh, row.InstrumentDischargeCapacityAh,
                row.InstrumentCapacityAh ?? row.InstrumentNetCapacityAh, row.LineNumber));
        }

        return new ReadSeries(reader.Format.Name, rows, [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}

/// <summary>One row; seconds are whole microseconds.</summary>
internal sealed record ReadRow(
    long Microseconds, double? V, double? A, double? C, double? Cycle, double? Step, double? ChargeAh, double? DischargeAh, double? Ah, long Line)
{
    public double Seconds => Microseconds / 1e6;
}
