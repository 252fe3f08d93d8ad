using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>
/// Writes a whole test as one zip: the frames as they came, the same samples in Battery Data Format for other programs,
/// and all that was judged of them. See gateway/STORAGE.md.
/// </summary>
public sealed class TestArchiveWriter
{
    private readonly DataView data;
    private readonly StoredTest test;
    private readonly CancellationToken cancellation;
    private readonly List<ArchivedFile> files = [];

    private TestArchiveWriter(DataView data, StoredTest test, CancellationToken cancellation)
    {
        this.data = data;
        this.test = test;
        this.cancellation = cancellation;
    }

    /// <summary>Writes an archive; an existing file is replaced when the new one is whole.</summary>
    /// <returns>Samples in it, and samples that were judged but are no longer in the journal.</returns>
    /// <exception cref="IOException">It cannot be written, or the test is being judged anew at this moment.</exception>
    public static (long Samples, long Missing) Write(DataView data, StoredTest test, string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(test);
        string temporary = path + ".new";
        try
        {
            var writer = new TestArchiveWriter(data, test, cancellation);
            ArchivedTest archived;
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    archived = writer.WriteAll(zip);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return (archived.SampleCount, archived.MissingSamples);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private ArchivedTest WriteAll(ZipArchive zip)
    {
        var frames = new TestFrames(data.Journal, test);
        var survey = new Survey(test.Record);
        using (Stream stream = Open(zip, ArchiveFiles.Frames))
        {
            survey.To = stream;
            frames.Read(survey, cancellation);
        }

        if (survey.Samples > test.Record.SampleCount)
        {
            throw new IOException($"Test {test.Record.Test} is being judged anew, since frames came late ({survey.Samples} samples are stored, {test.Record.SampleCount} judged). Try again in a moment.");
        }

        CellProfile profile = TestProfiles.Of(test.Record, data.Database, notice: null);
        ArchivedTest archived = new()
        {
            Record = test.Record,
            Profile = profile,
            Boots = [.. frames.Boots.Values.Select(boot => new ArchivedBoot(BootText(boot.Boot), boot.StartMicroseconds, boot.IsAnchored))],
            Scales = [.. survey.Scales],
            Calibrations = [.. data.Database.ReadNodeCalibrations()
                .Where(known => known.Node == test.Record.Node && known.Channel == test.Record.Channel
                    && survey.Scales.Any(scale => scale.CalibrationId == known.Record.Id))
                .Select(known => known.Record).OrderBy(record => record.Id)],
            FrameCount = survey.Frames,
            SampleCount = survey.Samples,
            MissingSamples = test.Record.SampleCount - survey.Samples,
        };
        WriteJson(zip, ArchiveFiles.Test, archived);
        Write(zip, ArchiveFiles.Profile, JsonBytes.Write(writer => ProfileJson.Write(writer, profile)));
        using (Stream stream = Open(zip, ArchiveFiles.Samples, CompressionLevel.NoCompression))
        using (var samples = new BatteryDataWriter(new GZipStream(stream, CompressionLevel.Optimal), survey.Columns))
        {
            frames.Read(new SampleRows(samples, test.Record), cancellation);
        }

        Write(zip, ArchiveFiles.Cycles, Array(test.Cycles, AnalysisJson.Write));
        Write(zip, ArchiveFiles.Steps, Array(test.Steps, AnalysisJson.Write));
        Write(zip, ArchiveFiles.Pulses, Array(test.Pulses, AnalysisJson.Write));
        Write(zip, ArchiveFiles.Findings, Array(test.Findings, AnalysisJson.Write));
        WriteJson(zip, ArchiveFiles.Alarms, new ArchivedAlarms(
            [.. data.Database.ReadAlarms().Where(alarm => alarm.Test == test.Record.Test)], data.Database.ReadAlarmHistoryOf(test.Record.Test)));
        WriteJson(zip, ArchiveFiles.Manifest, new ArchiveManifest
        {
            Program = DataBackup.ProgramVersion,
            CreatedUtc = DateTimeOffset.UtcNow,
            Cell = test.Record.Cell,
            Test = test.Record.Test,
            Files = [.. files],
        });
        return archived;
    }

    internal static string BootText(ulong boot) => boot.ToString("x16", CultureInfo.InvariantCulture);

    private static byte[] Array<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write) => JsonBytes.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (T item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    });

    private void WriteJson<T>(ZipArchive zip, string name, T content) =>
        Write(zip, name, JsonSerializer.SerializeToUtf8Bytes(content, ArchiveFiles.Json));

    private void Write(ZipArchive zip, string name, byte[] content)
    {
        using Stream stream = Open(zip, name);
        stream.Write(content);
    }

    private Noted Open(ZipArchive zip, string name, CompressionLevel level = CompressionLevel.Optimal) =>
        new(new HashingStream(zip.CreateEntry(name, level).Open()), name, files);

    /// <summary>Notes what was written of a file when it is closed.</summary>
    private sealed class Noted(HashingStream inner, string name, List<ArchivedFile> files) : Stream
    {
        private bool isClosed;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => inner.Count; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isClosed)
            {
                isClosed = true;
                files.Add(new ArchivedFile(name, inner.Count, inner.Sum()));
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>Writes the frames as they came, and notes what the other files have to know.</summary>
    private sealed class Survey(TestRecord record) : ITestFrameSink
    {
        private readonly SegmentWalk segments = new(record);
        private readonly HashSet<ArchivedScale> scales = [];
        private uint present;

        public Stream To { get; set; } = Stream.Null;

        public long Frames { get; private set; }

        public long Samples { get; private set; }

        public IEnumerable<ArchivedScale> Scales => scales.OrderBy(scale => scale.Column, StringComparer.Ordinal).ThenBy(scale => scale.CalibrationId);

        public IEnumerable<int> Columns => Enumerable.Range(0, SampleColumns.Count).Where(column => (present >> (3 * column) & 1) != 0);

        public void Take(SampleFrame frame, JournalRecord stored, BootLine boot)
        {
            Span<byte> head = stackalloc byte[12];
            BinaryPrimitives.WriteInt32LittleEndian(head, stored.Length);
            BinaryPrimitives.WriteInt64LittleEndian(head[4..], stored.ReceivedAtMicroseconds);
            To.Write(head);
            To.Write(stored.Bytes);
            Frames++;
            Samples += frame.Count - segments.FirstNewOf(frame);
            for (int at = 0; at < frame.Count; at++)
            {
                present |= SensorStates.ValueMask(frame.States[at]);
            }

            for (uint left = present; left != 0; left &= left - 1)
            {
                int column = BitOperations.TrailingZeroCount(left) / 3;
                ColumnScale scale = frame.Scales[column];
                scales.Add(new ArchivedScale(BatteryDataColumns.NameOf(column), scale.Offset, scale.Numerator, scale.Denominator, scale.CalibrationId));
            }
        }
    }

    private sealed class SampleRows(BatteryDataWriter samples, TestRecord record) : ITestFrameSink
    {
        private readonly SegmentWalk segments = new(record);

        public void Take(SampleFrame frame, JournalRecord stored, BootLine boot) =>
            samples.Write(frame, segments.FirstNewOf(frame), boot.StartMicroseconds);
    }
}
