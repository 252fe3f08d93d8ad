using System.Globalization;
using System.IO.Compression;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Tests.Formats;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>Traces of a measured abuse series, force included, as a report takes them.</summary>
internal static class OrnlReport
{
    public static AbuseReportInput Input(string name, double triggerAt)
    {
        (double[] times, double?[][] columns) = Read(name);
        AbuseTrace Trace(string id, string title, string unit, int column) => new(id, title, unit, times, columns[column]);
        AbuseReportInput example = AbuseExample.Input();
        AbuseRecord record = example.Record with
        {
            Id = name,
            Cell = name,
            Source = name + ".csv.gz",
            TriggeredAt = triggerAt,
            Node = null,
            Channel = null,
            Checks = [],
            Figures = example.Record.Figures! with { Trigger = new AbuseTrigger(TriggerSource.Rule, triggerAt, 0.1, "The voltage fell."), Values = [], Criteria = [], SensorLosses = [], FirstAt = times[0], LastAt = times[^1] },
        };
        return new AbuseReportInput(record, [Trace("voltage", "Voltage", "V", 1), Trace("surface", "Surface", "C", 3), Trace("force", "Force", "N", 2)], [], _ => null);
    }

    private static (double[] Times, double?[][] Columns) Read(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(RecordedData.PathOf($"abuse/{name}.csv.gz")), CompressionMode.Decompress));
        int count = reader.ReadLine()!.Split(',').Length;
        List<double?>[] columns = [.. Enumerable.Range(0, count).Select(_ => new List<double?>())];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            for (int at = 0; at < count; at++)
            {
                columns[at].Add(cells[at].Length > 0 ? double.Parse(cells[at], CultureInfo.InvariantCulture) : null);
            }
        }

        return ([.. columns[0].Select(time => time!.Value)], [.. columns.Select(column => column.ToArray())]);
    }
}
