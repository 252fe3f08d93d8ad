using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Measurement;

namespace PouchMonitor.Cli.Analyze;

/// <summary>Re-judges recorded series of abuse tests: <c>analyze --abuse PLAN FILE...</c>, by the code that judges them live.</summary>
/// <param name="ownPlan">The plan; null for the one that an archive brings.</param>
/// <param name="ownProfile">The cell; null for the default, and for the one that an archive brings.</param>
/// <param name="options">How the series are read.</param>
/// <param name="moments">What a person says of the test's moments.</param>
internal sealed class AbuseEntry(AbusePlan? ownPlan, CellProfile? ownProfile, SeriesOptions options, AbuseMoments moments)
{
    // Points of each quantity that a report may draw from: an hour at 50 Hz.
    private const int MostReportPoints = 200_000;

    // Each costs one more reading of the file; a contact that bounces more often leaves the next as the trigger, with a note.
    private const int MostPassedOver = 32;

    // Rows left out that a record names; how many there are is said in any case.
    private const int MostRowsNamed = 3;

    private readonly CellProfile profile = ownProfile ?? ProfileOption.Read(null);
    private readonly List<AbuseReportInput> reported = [];

    private AbusePlan Plan => ownPlan
        ?? throw new CommandException("--abuse own needs archives of abuse tests; a recorded series brings no plan: name one, --abuse list prints them.", ExitCodes.Usage);

    /// <summary>Judges the files in order, prints what they gave, writes the report where one is wanted, and returns the exit code.</summary>
    /// <param name="files">The series.</param>
    /// <param name="cell">Name of the cell; null for the file's own.</param>
    /// <param name="json">True for JSON in place of tables.</param>
    /// <param name="report">File of the report: of one test, or of several side by side; null for none.</param>
    public int Run(IReadOnlyList<string> files, string? cell, bool json, string? report)
    {
        if (report is not null)
        {
            CheckReport(report, files);
        }

        int exitCode = ExitCodes.Success;
        List<AbuseRecord> records = [];
        foreach (string file in files)
        {
            try
            {
                int badRows = 0;
                AbuseRecord record = AbuseArchiveTest.IsArchive(file) ? JudgeArchive(file, cell, report is not null) : Judge(file, cell, report is not null, out badRows);
                exitCode = badRows > 0 && exitCode == ExitCodes.Success ? ExitCodes.BadRows : exitCode;
                records.Add(record);
                if (!json)
                {
                    AbuseTable.Print(record, Console.Out);
                }
            }
            catch (Exception error) when (error is SeriesFileException or InvalidDataException)
            {
                Console.Error.WriteLine(error.Message);
                exitCode = ExitCodes.Failure;
            }
        }

        if (json)
        {
            Console.Out.WriteLine(files.Count > 1
                ? JsonSerializer.Serialize<IReadOnlyList<AbuseRecord>>(records, AbuseJson.Options)
                : records.Count == 1 ? JsonSerializer.Serialize(records[0], AbuseJson.Options) : "null");
        }

        if (report is not null && reported.Count > 0)
        {
            ReportFile.Write(report, WriteReport);
        }

        return exitCode;
    }

    private static void CheckReport(string report, IReadOnlyList<string> files)
    {
        ReportFile.Check(report, files, "--report");
        if (files.Count > AbuseComparisonReport.MostTests)
        {
            throw new CommandException(FormattableString.Invariant($"--report: {files.Count} files, {AbuseComparisonReport.MostTests} are the most."), ExitCodes.Usage);
        }
    }

    private void WriteReport(TextWriter writer)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (reported.Count == 1)
        {
            AbuseReport.Write(writer, reported[0], now);
        }
        else
        {
            AbuseComparisonReport.Write(writer, reported, now);
        }
    }

    private AbuseRecord JudgeArchive(string file, string? cell, bool isReported)
    {
        using AbuseArchiveTest archive = AbuseArchiveTest.Open(file, CancellationToken.None);
        AbuseReportInput judged = archive.Judge(
            ownPlan ?? archive.Record.Plan, ownProfile, moments.TriggerS, moments.ExposureEndedS, isReported ? MostReportPoints : 0, CancellationToken.None);
        AbuseRecord record = cell is null ? judged.Record : judged.Record with { Cell = cell };
        if (isReported)
        {
            Dictionary<int, byte[]?> kept = record.Attachments.ToDictionary(one => one.Id, judged.AttachmentBytes);
            reported.Add(judged with { Record = record, AttachmentBytes = attachment => kept.GetValueOrDefault(attachment.Id) });
        }

        return record;
    }

    private AbuseRecord Judge(string file, string? cell, bool isReported, out int badRows)
    {
        List<double> passedOver = [];
        (AbuseWatch watch, double lastS, List<string> said, badRows) = Read(file, null, isFirst: true);
        while (watch.LostContact is { HasTemperature: true } lost && passedOver.Count < MostPassedOver)
        {
            passedOver.Add(lost.At);
            (watch, lastS, said, _) = Read(file, lost.BackAt, isFirst: false);
        }

        if (passedOver.Count > 0)
        {
            string at = string.Join(", ", passedOver.Select(one => FormattableString.Invariant($"{one:0.###} s")));
            said.Insert(0, FormattableString.Invariant($"{passedOver.Count} short {(passedOver.Count == 1 ? "loss" : "losses")} of voltage at {at} passed over: the voltage was soon back and no temperature rose, as when a contact is lost; --trigger-at tells the moment if one of them was the event."));
        }

        string stem = AnalyzeCommand.Stem(file);
        double? exposureS = ExposureEnd(file, watch, lastS, said);
        watch.End(lastS);
        AbuseRecord record = Record(file, cell ?? stem, stem, watch.Figures(), exposureS, lastS, said);
        if (isReported)
        {
            reported.Add(new AbuseReportInput(record, watch.Traces.Since(double.NegativeInfinity, MostReportPoints), [], static _ => null));
        }

        return record;
    }

    /// <summary>Reads the series through a watch: the whole of it, whose rule triggers on nothing before a time where one is given.</summary>
    private (AbuseWatch Watch, double LastS, List<string> Said, int BadRows) Read(string file, double? ruleFromS, bool isFirst)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file, options);
        // A moment that a person gives holds: the rule then finds none beside it.
        AbuseWatch watch = new(Plan, profile, SensorClass.Unknown, moments.TriggerS is null ? ruleFromS : double.PositiveInfinity);
        GivenTrigger given = new(moments.TriggerS);
        RecordedRow row = new();
        Sample sample = default;
        while (reader.TryRead(row))
        {
            if (row.ForceN is not null || row.DisplacementMm is not null)
            {
                watch.AddForce(row.TimeMicroseconds / 1e6, row.ForceN ?? double.NaN, row.DisplacementMm);
            }

            row.CopyTo(ref sample);
            given.Before(watch, sample.TimeMicroseconds);
            watch.Add(in sample);
        }

        if (reader.GoodRowCount == 0)
        {
            AnalyzeCommand.PrintProblems(reader, withNotes: false);
            throw new SeriesFileException($"{file}: holds no sample that can be read");
        }

        if (isFirst)
        {
            AnalyzeCommand.PrintProblems(reader, withNotes: false);
        }

        List<string> said = [.. Unread(reader)];
        if (given.Complete(watch) is { } outside)
        {
            said.Insert(0, outside);
        }

        return (watch, sample.TimeMicroseconds / 1e6, said, reader.BadRowCount);
    }

    private AbuseRecord Record(
        string file, string cell, string stem, AbuseFigures figures, double? exposureS, double lastS, IReadOnlyList<string> deviations) => new()
        {
            Id = stem,
            Cell = cell,
            Source = file,
            Profile = profile.Name,
            Plan = Plan,
            State = AbuseState.Ended,
            CreatedAt = figures.FirstAt ?? 0,
            CreatedBy = "analyze",
            TriggeredAt = figures.Trigger?.At,
            ExposureEndedAt = exposureS,
            ObservingAt = figures.Observation.BeganAt,
            EndedAt = lastS,
            EndedBy = "analyze",
            Figures = figures,
            Deviations = deviations,
        };

    // A record does not tell when the exposure ended. The plan's length of it may, or its current; what is taken is said.
    private double? ExposureEnd(string file, AbuseWatch watch, double lastS, List<string> said)
    {
        if (Plan.Observation.Start != ObservationStart.EndOfExposure || watch.Figures().Trigger is not { } trigger)
        {
            return null;
        }

        double? end = moments.ExposureEndedS;
        if (end is null && Plan.Observation.ExposureS is { } length && trigger.At + length <= lastS)
        {
            end = trigger.At + length;
            said.Add(FormattableString.Invariant($"The end of the exposure is taken for {length} s after the trigger, as the plan has it; --exposure-ended tells it."));
        }

        if (end is null)
        {
            ExposureCurrent current = CurrentAround(file, trigger);
            end = current.EndedAt;
            said.Add(end is { } back
                ? FormattableString.Invariant($"The end of the exposure is taken from the current, back from {back} s on at the {current.OffsetA:0.####} A of before the event; --exposure-ended tells it.")
                : "The end of the exposure is not known: neither the plan nor a step of the current back to what it was before the event tells it; --exposure-ended does.");
        }

        if (end is { } at)
        {
            watch.EndExposure(at);
        }

        return end;
    }

    private ExposureCurrent CurrentAround(string file, AbuseTrigger trigger)
    {
        ExposureCurrent current = new(trigger.At, trigger.UncertaintyS);
        using RecordedSeriesReader reader = RecordedSeries.Open(file, options);
        RecordedRow row = new();
        Sample sample = default;
        while (reader.TryRead(row))
        {
            row.CopyTo(ref sample);
            if (sample.IsGood(SampleColumns.Current))
            {
                current.Add(sample.TimeMicroseconds / 1e6, sample.Values[SampleColumns.Current]);
            }
        }

        current.Complete();
        return current;
    }

    // What is not in the record must not be missed by who reads it alone, without what was printed beside it.
    private static IEnumerable<string> Unread(RecordedSeriesReader reader)
    {
        if (reader.BadRowCount > 0)
        {
            string some = string.Join("; ", reader.Problems.Take(MostRowsNamed).Select(one => FormattableString.Invariant($"line {one.Line}: {one.Reason}")));
            string rest = reader.BadRowCount > MostRowsNamed ? "; and so on" : "";
            yield return FormattableString.Invariant($"{reader.BadRowCount} {(reader.BadRowCount == 1 ? "row was" : "rows were")} left out, {reader.GoodRowCount} kept: {some}{rest}.");
        }

        foreach (string note in reader.Notes)
        {
            yield return note;
        }

        if (reader.UnreadableCellCount > 0)
        {
            yield return FormattableString.Invariant($"{reader.UnreadableCellCount} cells could not be read and count as lost readings.");
        }

        if (reader.IgnoredColumns.Count > 0)
        {
            yield return $"Columns that are not read: {string.Join(", ", reader.IgnoredColumns)}.";
        }
    }
}

/// <summary>What a person says of a recorded test's moments, seconds as in the file.</summary>
/// <param name="TriggerS">Moment of the event, which then holds against the plan's rule; null leaves it to that.</param>
/// <param name="ExposureEndedS">When short, hold or charge ended.</param>
internal sealed record AbuseMoments(double? TriggerS, double? ExposureEndedS);
