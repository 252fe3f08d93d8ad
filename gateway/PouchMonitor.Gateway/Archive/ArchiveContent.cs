using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Names and bounds of the files in a test archive (a zip).</summary>
internal static class ArchiveFiles
{
    /// <summary>What the archive is and holds, with check sums; written last.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>The test as the gateway keeps it: record, profile, boots, calibrations.</summary>
    public const string Test = "test.json";

    /// <summary>The frames as they came: for each its length (4 bytes), when it arrived (8 bytes, Unix microseconds), its bytes; little-endian.</summary>
    public const string Frames = "frames.bin";

    /// <summary>The same samples for other programs.</summary>
    public const string Samples = "samples.bdf.csv.gz";

    public const string Profile = "profile.json";
    public const string Cycles = "cycles.json";
    public const string Steps = "steps.json";
    public const string Pulses = "pulses.json";
    public const string Findings = "findings.json";
    public const string Alarms = "alarms.json";

    public const string FormatName = "pouchmonitor-test";
    public const int NewestVersion = 1;

    /// <summary>Most bytes of a file that is read whole.</summary>
    public const int MostJsonBytes = 64 * 1024 * 1024;

    /// <summary>Frames are packed already: what unpacks to more than this many times its size is none of ours.</summary>
    public const int MostRatio = 200;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectNullableAnnotations = true };
}

/// <summary>One file of an archive.</summary>
/// <param name="Name">Name in the zip.</param>
/// <param name="Bytes">Length unpacked.</param>
/// <param name="Sha256">SHA-256 unpacked, hexadecimal.</param>
internal sealed record ArchivedFile(string Name, long Bytes, string Sha256);

internal sealed record ArchiveManifest
{
    public string Format { get; init; } = ArchiveFiles.FormatName;

    public int Version { get; init; } = ArchiveFiles.NewestVersion;

    public required string Program { get; init; }

    public required DateTimeOffset CreatedUtc { get; init; }

    public required string Cell { get; init; }

    public required string Test { get; init; }

    public required IReadOnlyList<ArchivedFile> Files { get; init; }
}

/// <summary>A boot of the node within a test.</summary>
/// <param name="Boot">16 hexadecimal digits; 0 for samples of foreign devices.</param>
/// <param name="StartMicroseconds">Unix microseconds at uptime zero, stated or estimated.</param>
/// <param name="IsAnchored">True where the node stated it.</param>
internal sealed record ArchivedBoot(string Boot, long StartMicroseconds, bool IsAnchored);

/// <summary>A scale that counts of the test have had.</summary>
internal sealed record ArchivedScale(string Column, long Offset, long Numerator, long Denominator, uint CalibrationId);

internal sealed record ArchivedTest
{
    /// <summary>As the gateway kept it.</summary>
    public required TestRecord Record { get; init; }

    /// <summary>The profile it was judged by.</summary>
    public required CellProfile Profile { get; init; }

    public required IReadOnlyList<ArchivedBoot> Boots { get; init; }

    public required IReadOnlyList<ArchivedScale> Scales { get; init; }

    /// <summary>What the calibrations say that the frames name, where it is known.</summary>
    public IReadOnlyList<NodeCalibration> Calibrations { get; init; } = [];

    /// <summary>Frames in the archive.</summary>
    public required long FrameCount { get; init; }

    /// <summary>Samples in the archive.</summary>
    public required long SampleCount { get; init; }

    /// <summary>Samples that were judged but are no longer in the journal.</summary>
    public long MissingSamples { get; init; }
}

/// <summary>Alarms of a test with their history.</summary>
internal sealed record ArchivedAlarms(IReadOnlyList<Alarm> Alarms, IReadOnlyList<AlarmHistoryLine> History);
