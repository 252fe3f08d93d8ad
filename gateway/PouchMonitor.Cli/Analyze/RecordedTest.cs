using PouchMonitor.Analysis;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Formats;
using PouchMonitor.Formats.Counters;
using PouchMonitor.Gateway.Archive;

namespace PouchMonitor.Cli.Analyze;

/// <summary>A file that holds one test, a recorded series or an archive, and its judgement.</summary>
/// <param name="file">Its path.</param>
/// <param name="cell">Name of the cell; null for the file's stem, or the name in the archive.</param>
/// <param name="profile">What it is judged by; an archive says that itself.</param>
/// <param name="options">How a series is to be read.</param>
/// <param name="declared">What a person says of the test.</param>
internal sealed class RecordedTest(
    string file, string? cell, CellProfile profile, SeriesOptions options, NamedTestDeclaration declared)
{
    /// <summary>Rows that were bad and left out.</summary>
    public int BadRowCount { get; private set; }

    /// <summary>Judges the test.</summary>
    /// <param name="isDetailed">True for dQ/dV and curves too, for which the samples are read a second time.</param>
    /// <exception cref="SeriesFileException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public AnalysisReport Judge(bool isDetailed)
    {
        if (TestArchiveReader.IsArchive(file))
        {
            using TestArchiveReader archive = TestArchiveReader.Open(file);
            archive.Verify(CancellationToken.None);
            return NamedTestOptions.Complete(
                ArchiveJudgement.Report(archive, file, cell, isDetailed, CancellationToken.None), archive.Profile, declared, inside: null);
        }

        AnalysisReport report = JudgeSeries();
        return isDetailed ? ReadAgain(report) : report;
    }

    private AnalysisReport JudgeSeries()
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file, options);
        ReportCollector collector = new();
        ChannelAnalysis analysis = new(profile, collector);
        NamedTestCollector inside = new();
        analysis.Watch(inside);
        CounterLog counters = new();
        long? first = null;
        long? last = null;
        SampleReading.Read(reader, counters.Add, samples =>
        {
            first ??= samples[0].TimeMicroseconds;
            last = samples[^1].TimeMicroseconds;
            analysis.Add(samples);
        });
        analysis.Complete();
        AnalyzeCommand.PrintProblems(reader);
        BadRowCount = reader.BadRowCount;
        AnalysisReport report = NamedTestOptions.Complete(
            collector.ToReport(file, cell ?? AnalyzeCommand.Stem(file)), profile, declared, inside);
        return report with
        {
            Counters = counters.Compare(report.Cycles, profile.Kind),
            Standing = TestStanding.Of(analysis, first, last),
        };
    }

    private AnalysisReport ReadAgain(AnalysisReport report)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file, options);
        SecondReading second = new(report);
        SampleReading.Read(reader, onRow: null, samples =>
        {
            foreach (ref readonly Sample sample in samples)
            {
                second.Add(in sample);
            }
        });
        return second.Complete();
    }
}
