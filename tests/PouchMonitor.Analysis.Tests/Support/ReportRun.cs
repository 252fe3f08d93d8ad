using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>Samples judged and read again, as a report needs them.</summary>
internal static class ReportRun
{
    public static AnalysisReport Of(Sample[] samples, string cell = "cell", CellProfile? profile = null, string source = "file.csv", MeasuringBoard? board = null)
    {
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? Runs.Unknown, collector);
        if (samples.Length > 0)
        {
            analysis.MeasureWith(board, samples[0].TimeMicroseconds);
        }

        foreach (ref readonly Sample sample in samples.AsSpan())
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        long? first = samples.Length > 0 ? samples[0].TimeMicroseconds : null;
        long? last = samples.Length > 0 ? samples[^1].TimeMicroseconds : null;
        var second = new SecondReading(collector.ToReport(source, cell) with { Standing = TestStanding.Of(analysis, first, last) });
        foreach (ref readonly Sample sample in samples.AsSpan())
        {
            second.Add(sample);
        }

        return second.Complete();
    }

    public static JsonDocument Json(AnalysisReport report)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            report.Write(writer);
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
