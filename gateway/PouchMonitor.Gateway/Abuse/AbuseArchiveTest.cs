using System.IO.Compression;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Calibration;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// An abuse test that was put into an archive: judged again, by its own plan or by another, from the frames as they came and by the code
/// that judged it live. By its own plan the figures are those that were signed, and where they are not, that is said.
/// </summary>
public sealed class AbuseArchiveTest : IDisposable
{
    private const int MostFiles = 256;
    private const long MostRecordBytes = 64L * 1024 * 1024;
    private const int Piece = 1 << 16;

    /// <summary>A moment that a person gives of fast samples lies between two of them, s.</summary>
    private const double GivenUncertaintyS = 0.025;

    private readonly string path;
    private readonly ZipArchive zip;
    private readonly DirectoryInfo folder;
    private TestArchiveReader? samples;

    private AbuseArchiveTest(string path, ZipArchive zip)
    {
        this.path = path;
        this.zip = zip;
        folder = Directory.CreateTempSubdirectory("pouchmonitor-abuse-");
    }

    /// <summary>The test as it was written.</summary>
    public AbuseRecord Record { get; private set; } = null!;

    /// <summary>True where the file is a zip with the record of an abuse test.</summary>
    public static bool IsArchive(string path)
    {
        if (!TestArchiveReader.IsArchive(path))
        {
            return false;
        }

        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return zip.GetEntry(AbuseArchive.RecordName) is not null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return false;
        }
    }

    /// <summary>Opens an archive and holds its samples against their check sums.</summary>
    /// <exception cref="InvalidDataException">It is damaged, has no samples, or is larger than it may be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AbuseArchiveTest Open(string path, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AbuseArchiveTest test = new(path, ZipFile.OpenRead(path));
        try
        {
            test.Read(cancellation);
            return test;
        }
        catch
        {
            test.Dispose();
            throw;
        }
    }

    /// <summary>Judges it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="profile">The cell; null for the profile that was copied into the test.</param>
    /// <param name="triggerS">Moment of the event that holds against the plan's rule and all that was told, Unix seconds; null for those.</param>
    /// <param name="exposureEndedS">When the exposure ended, Unix seconds; null for what was told.</param>
    /// <param name="points">Most points of each quantity for the plots; 0 for none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public AbuseReportInput Judge(AbusePlan plan, CellProfile? profile, double? triggerS, double? exposureEndedS, int points, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        AbuseRecord record = Record with
        {
            Plan = plan,
            ExposureEndedAt = exposureEndedS ?? Record.ExposureEndedAt,
            Moments = triggerS is { } at ? [new AbuseMoment(TriggerSource.Command, at, GivenUncertaintyS, "given on the command line")] : Record.Moments,
        };
        WatchFeed feed = AbuseReplay.Begin(record, profile ?? OwnProfile(), record.EndedAt ?? record.CreatedAt, isRuleOff: triggerS is not null);
        Dictionary<uint, NodeCalibration> known = samples!.Calibrations.DistinctBy(one => one.Id).ToDictionary(one => one.Id);
        samples.ReadFrames(
            (frame, _, _) =>
            {
                NodeCalibration.Apply(frame, known.GetValueOrDefault);
                feed.TakeStored(frame, samples.StartOf(frame.Boot));
            },
            cancellation);
        if (feed.Last is null)
        {
            throw new InvalidDataException($"{path}: its samples end before the test was armed; there is nothing to judge.");
        }

        IReadOnlyList<AbuseImage> images = ReadImages();
        foreach (AbuseImage image in images)
        {
            feed.Watch.AddImage(image);
        }

        double endedS = record.EndedAt ?? (feed.LastMicroseconds / 1e6);
        List<string> said = [];
        double? exposure = ExposureEnd(feed.Watch, record, endedS, said);
        feed.Watch.End(endedS);
        AbuseFigures figures = feed.Watch.Figures(endedS);
        AbuseRecord judged = AbuseSights.Judge(record with
        {
            State = AbuseState.Ended,
            Source = path,
            Profile = profile?.Name ?? record.Profile,
            ProfileText = profile is null ? record.ProfileText : null,
            TriggeredAt = figures.Trigger?.At,
            ExposureEndedAt = exposure,
            ObservingAt = figures.Observation.BeganAt,
            EndedAt = endedS,
            Figures = figures,
            Signatures = [],
        });
        bool isAgain = profile is null && triggerS is null && exposureEndedS is null && Text(plan) == Text(Record.Plan);
        said.Add(isAgain ? Compare(judged.Figures!) : Another(plan));
        return new AbuseReportInput(
            judged with { Deviations = [.. said, .. record.Deviations] },
            points == 0 ? [] : feed.Watch.Traces.Since(double.NegativeInfinity, points),
            images,
            Attachment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        samples?.Dispose();
        zip.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, AbuseJson.Options);

    private void Read(CancellationToken cancellation)
    {
        if (zip.Entries.Count > MostFiles)
        {
            throw Bad($"{zip.Entries.Count} files are in it, an abuse test has at most {MostFiles}");
        }

        try
        {
            Record = JsonSerializer.Deserialize<AbuseRecord>(Whole(AbuseArchive.RecordName, MostRecordBytes), AbuseJson.Options) ?? throw Bad($"{AbuseArchive.RecordName} is null");
        }
        catch (JsonException fault)
        {
            throw Bad($"{AbuseArchive.RecordName} cannot be read: {fault.Message}");
        }

        ZipArchiveEntry packed = zip.GetEntry(AbuseArchive.TestName)
            ?? throw Bad($"it holds no {AbuseArchive.TestName}: no test of the cell was recorded while it ran");
        string file = Path.Combine(folder.FullName, "test.zip");
        Unpack(packed, file, cancellation);
        samples = TestArchiveReader.Open(file);
        samples.Verify(cancellation);
    }

    // It is stored unpacked in the zip, so that it can be no larger than the file it came in.
    private void Unpack(ZipArchiveEntry entry, string file, CancellationToken cancellation)
    {
        long most = new FileInfo(path).Length;
        using Stream from = entry.Open();
        using FileStream to = new(file, FileMode.CreateNew);
        byte[] piece = new byte[Piece];
        long count = 0;
        for (int got = from.Read(piece); got > 0; got = from.Read(piece))
        {
            cancellation.ThrowIfCancellationRequested();
            count += got;
            if (count > most)
            {
                throw Bad($"{entry.FullName} unpacks to more than the archive itself has");
            }

            to.Write(piece, 0, got);
        }
    }

    private byte[] Whole(string name, long mostBytes)
    {
        ZipArchiveEntry entry = zip.GetEntry(name) ?? throw Bad($"it lacks {name}");
        if (entry.Length > mostBytes)
        {
            throw Bad($"{name} has {entry.Length} bytes, at most {mostBytes} are read");
        }

        using Stream stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private IReadOnlyList<AbuseImage> ReadImages()
    {
        if (zip.GetEntry(AbuseArchive.ImagesName) is not { } entry)
        {
            return [];
        }

        using Stream packed = entry.Open();
        return AbuseImageTable.Read(packed, $"{path}: {AbuseArchive.ImagesName}");
    }

    private CellProfile OwnProfile() => Record.ProfileText is { } text ? CellProfile.Parse(text, Record.Id) : samples!.Profile;

    private static double? ExposureEnd(AbuseWatch watch, AbuseRecord record, double lastS, List<string> said)
    {
        if (record.ExposureEndedAt is not null || record.Plan.Observation is not { Start: ObservationStart.EndOfExposure } || watch.Figures(lastS).Trigger is not { } trigger)
        {
            return record.ExposureEndedAt;
        }

        if (record.Plan.Observation.ExposureS is { } length && trigger.At + length <= lastS)
        {
            said.Add(FormattableString.Invariant($"The end of the exposure is taken for {length} s after the trigger, as the plan has it; --exposure-ended tells it."));
            watch.EndExposure(trigger.At + length);
            return trigger.At + length;
        }

        said.Add("The end of the exposure is not known: nobody told it, and the record ends before the plan's length of it; --exposure-ended tells it.");
        return null;
    }

    private string Another(AbusePlan plan) => FormattableString.Invariant(
        $"Judged again by plan {plan.Name}, version {plan.Version}; the test was done by {Record.Plan.Name}, version {Record.Plan.Version}.");

    // What lies before the recorded test is in no archive, and late frames may have come since: a difference is to be seen.
    private string Compare(AbuseFigures now)
    {
        Dictionary<string, string> before = Figures(Record.Figures).ToDictionary(one => one.Title, one => one.Text, StringComparer.Ordinal);
        string[] changed = [.. Figures(now).Where(one => before.GetValueOrDefault(one.Title) != one.Text).Select(one => one.Title)];
        return changed.Length == 0 ? "Judged again by its own plan: every figure is that of the record."
            : $"Judged again by its own plan, these are not as in the record: {string.Join(", ", changed)}.";
    }

    private static IEnumerable<(string Title, string Text)> Figures(AbuseFigures? figures) => figures is null ? [] :
    [
        .. figures.Values.Select(value => ($"{value.Title} ({value.Id})", Text(value))),
        .. figures.Criteria.Select(criterion => ($"criterion {criterion.Id}", Text(criterion))),
    ];

    private byte[]? Attachment(AbuseAttachment attachment) =>
        zip.GetEntry(AbuseArchive.NameOf(attachment)) is { } entry && entry.Length == attachment.SizeBytes ? Whole(entry.FullName, attachment.SizeBytes) : null;

    private InvalidDataException Bad(string what) => new($"{path}: {what}.");
}
