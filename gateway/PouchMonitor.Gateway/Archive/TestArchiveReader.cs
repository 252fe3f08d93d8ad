using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>
/// Reads a test archive. Nothing of it is believed before its check sums, its bounds and its own agreement are known:
/// archives come from elsewhere.
/// </summary>
public sealed class TestArchiveReader : ITestSource, IDisposable
{
    private const int MostFiles = 32;
    private const long SmallBytes = 64L * 1024 * 1024;
    private readonly string path;
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ArchivedFile> files = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, long> starts = [];

    private TestArchiveReader(string path, ZipArchive zip)
    {
        this.path = path;
        this.zip = zip;
        ArchiveManifest manifest = ReadManifest();
        foreach (ArchivedFile file in manifest.Files)
        {
            if (!files.TryAdd(file.Name, file))
            {
                throw Bad($"its list names {file.Name} twice");
            }
        }

        CheckNames();
        Content = ReadJson<ArchivedTest>(ArchiveFiles.Test);
        CheckTest();
    }

    /// <summary>The test as the gateway kept it that wrote the archive.</summary>
    public TestRecord Record => Content.Record;

    /// <inheritdoc/>
    public CellProfile Profile => Content.Profile;

    /// <inheritdoc/>
    public IReadOnlyList<NodeCalibration> Calibrations => Content.Calibrations;

    /// <inheritdoc/>
    public long SampleCount => Content.SampleCount;

    internal ArchivedTest Content { get; }

    /// <summary>True when the file looks like a zip.</summary>
    public static bool IsArchive(string path)
    {
        Span<byte> mark = stackalloc byte[4];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && mark.SequenceEqual("PK\u0003\u0004"u8)
                && !RecordedSeries.IsContainer(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidDataException">It is no archive of a test, damaged, or larger than it may be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TestArchiveReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return new TestArchiveReader(path, new ZipArchive(file, ZipArchiveMode.Read));
        }
        catch (InvalidDataException fault) when (!fault.Message.StartsWith(path, StringComparison.Ordinal))
        {
            file.Dispose();
            throw new InvalidDataException($"{path} is no zip, or is cut off or damaged: {fault.Message}", fault);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads every file to its end and compares check sums.</summary>
    /// <exception cref="InvalidDataException">One does not match, or is larger than it says.</exception>
    public void Verify(CancellationToken cancellation)
    {
        byte[] piece = new byte[64 * 1024];
        foreach (ArchivedFile file in files.Values)
        {
            using HashingStream stream = OpenFile(file);
            while (Read(stream, piece, file) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            CheckSum(stream, file);
        }
    }

    /// <inheritdoc/>
    public long StartOf(ulong boot) => starts.GetValueOrDefault(boot);

    /// <inheritdoc/>
    public (IReadOnlyList<Alarm> Alarms, IReadOnlyList<AlarmHistoryLine> History) ReadAlarms()
    {
        ArchivedAlarms alarms = ReadJson<ArchivedAlarms>(ArchiveFiles.Alarms);
        return (alarms.Alarms, alarms.History);
    }

    /// <inheritdoc/>
    public void ReadFrames(Action<SampleFrame, ReadOnlyMemory<byte>, long> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        ArchivedFile file = files[ArchiveFiles.Frames];
        using HashingStream stream = OpenFile(file);
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        byte[] head = new byte[12];
        byte[] bytes = new byte[SampleFrame.MaximumEncodedBytes];
        for (long number = 0; number < Content.FrameCount; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(stream, head, head.Length, file);
            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 1 or > SampleFrame.MaximumEncodedBytes)
            {
                throw Bad($"frame {number} in {file.Name} says it has {length} bytes; 1 to {SampleFrame.MaximumEncodedBytes} are possible");
            }

            Fill(stream, bytes, length, file);
            DecodeFault fault = SampleFrameDecoder.TryDecode(bytes, 0, length, frame);
            if (fault != DecodeFault.None)
            {
                throw Bad($"frame {number} in {file.Name} cannot be read: {fault}");
            }

            if (frame.Node != Record.Node || frame.Channel != Record.Channel || frame.Kind != FrameKind.Samples)
            {
                throw Bad($"frame {number} in {file.Name} is of {frame.Node}/{frame.Channel}, the test of {Record.Node}/{Record.Channel}");
            }

            take(frame, bytes.AsMemory(0, length), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(4)));
        }
    }

    internal T ReadJson<T>(string name)
    {
        byte[] bytes = ReadWhole(name);
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ArchiveFiles.Json) ?? throw Bad($"{name} is null");
        }
        catch (JsonException fault)
        {
            throw Bad($"{name} cannot be read: {fault.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => zip.Dispose();

    private InvalidDataException Bad(string what) => new($"{path}: {what}.");

    private ArchiveManifest ReadManifest()
    {
        if (zip.Entries.Count > MostFiles)
        {
            throw Bad($"{zip.Entries.Count} files are in it, a test has at most {MostFiles}");
        }

        ZipArchiveEntry entry = zip.GetEntry(ArchiveFiles.Manifest) ?? throw Bad($"it lacks {ArchiveFiles.Manifest} and is no archive of a test");
        using Stream stream = OpenEntry(entry);
        byte[] bytes = new byte[SmallBytes / 64];
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (got == bytes.Length)
        {
            throw Bad($"{ArchiveFiles.Manifest} has more than {bytes.Length} bytes");
        }

        try
        {
            ArchiveManifest? manifest = JsonSerializer.Deserialize<ArchiveManifest>(bytes.AsSpan(0, got), ArchiveFiles.Json);
            if (manifest is not { Format: ArchiveFiles.FormatName, Files: not null })
            {
                throw Bad($"{ArchiveFiles.Manifest} is not that of a test");
            }

            return manifest.Version <= ArchiveFiles.NewestVersion && manifest.Files.All(file => file is { Name: not null, Sha256: not null })
                ? manifest
                : throw Bad($"{ArchiveFiles.Manifest} has version {manifest.Version}; this program reads up to {ArchiveFiles.NewestVersion}");
        }
        catch (JsonException fault)
        {
            throw Bad($"{ArchiveFiles.Manifest} cannot be read: {fault.Message}");
        }
    }

    // Names are those of a test and nothing else, so that none can point elsewhere; sizes are what the list says.
    private void CheckNames()
    {
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (entry.FullName != ArchiveFiles.Manifest && !files.ContainsKey(entry.FullName))
            {
                throw Bad($"it holds '{entry.FullName}', which its list does not name");
            }
        }

        foreach (ArchivedFile file in files.Values)
        {
            ZipArchiveEntry entry = zip.GetEntry(file.Name) ?? throw Bad($"{file.Name} is missing");
            if (entry.Length != file.Bytes)
            {
                throw Bad($"{file.Name} has {entry.Length} bytes, its list says {file.Bytes}");
            }

            if (entry.Length > SmallBytes && entry.Length / ArchiveFiles.MostRatio > entry.CompressedLength)
            {
                throw Bad($"{file.Name} unpacks from {entry.CompressedLength} to {entry.Length} bytes, more than {ArchiveFiles.MostRatio} times as many");
            }
        }

        foreach (string needed in (string[])[ArchiveFiles.Test, ArchiveFiles.Frames, ArchiveFiles.Alarms])
        {
            if (!files.ContainsKey(needed))
            {
                throw Bad($"{needed} is missing");
            }
        }
    }

    private void CheckTest()
    {
        TestRecord record = Content.Record;
        if (!TopicNames.IsNodeName(record.Node) || !TopicNames.IsName(record.Channel) || !TopicNames.IsCellName(record.Cell))
        {
            throw Bad($"{ArchiveFiles.Test} names node '{record.Node}', channel '{record.Channel}' and cell '{record.Cell}': 1 to 64 of A-Z a-z 0-9 . _ - are needed");
        }

        if (Content.Calibrations.Count > Pipeline.CalibrationSpans.Most * SampleColumns.Count
            || Content.Calibrations.Select(record => record.Problem()).FirstOrDefault(text => text is not null) is not null)
        {
            throw Bad($"{ArchiveFiles.Test} has calibrations that cannot be");
        }

        const int mostSegments = 100_000;
        if (record.Segments.Count is < 1 or > mostSegments)
        {
            throw Bad($"{ArchiveFiles.Test} has {record.Segments.Count} segments, 1 to {mostSegments} are possible");
        }

        foreach (ArchivedBoot boot in Content.Boots)
        {
            if (!ulong.TryParse(boot.Boot, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
                || !starts.TryAdd(number, boot.StartMicroseconds))
            {
                throw Bad($"{ArchiveFiles.Test} names the boot '{boot.Boot}', which is no hexadecimal number or there twice");
            }
        }

        if (ProfileLimits.Problem(Content.Profile) is { } problem)
        {
            throw Bad($"{ArchiveFiles.Test}: {problem}");
        }
    }

    private byte[] ReadWhole(string name)
    {
        ArchivedFile file = files[name];
        if (file.Bytes > ArchiveFiles.MostJsonBytes)
        {
            throw Bad($"{name} has {file.Bytes} bytes, at most {ArchiveFiles.MostJsonBytes} are read");
        }

        byte[] bytes = new byte[file.Bytes];
        using HashingStream stream = OpenFile(file);
        Fill(stream, bytes, bytes.Length, file);
        CheckSum(stream, file);
        return bytes;
    }

    private HashingStream OpenFile(ArchivedFile file) => new(OpenEntry(zip.GetEntry(file.Name)!));

    private Stream OpenEntry(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or NotSupportedException)
        {
            throw Bad($"{entry.FullName} is damaged: {fault.Message.TrimEnd('.')}");
        }
    }

    private int Read(HashingStream stream, Span<byte> piece, ArchivedFile file)
    {
        try
        {
            int got = stream.Read(piece);
            return stream.Count <= file.Bytes ? got : throw Bad($"{file.Name} unpacks to more than the {file.Bytes} bytes its list says");
        }
        catch (InvalidDataException fault) when (!fault.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw Bad($"{file.Name} is damaged: {fault.Message.TrimEnd('.')}");
        }
    }

    private void Fill(HashingStream stream, byte[] bytes, int length, ArchivedFile file)
    {
        for (int at = 0; at < length;)
        {
            int got = Read(stream, bytes.AsSpan(at, length - at), file);
            if (got == 0)
            {
                throw Bad($"{file.Name} ends too early");
            }

            at += got;
        }
    }

    private void CheckSum(HashingStream stream, ArchivedFile file)
    {
        if (stream.Count != file.Bytes || !string.Equals(stream.Sum(), file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw Bad($"{file.Name} is damaged: its content does not match the check sum in {ArchiveFiles.Manifest}");
        }
    }
}
