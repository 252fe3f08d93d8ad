using System.Buffers.Binary;
using System.Security.Cryptography;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Replay;

/// <summary>
/// A recorded series taken as a whole test of a cell. Its boot is made from the content of the file, so that the same
/// file is the same test however often it is imported.
/// </summary>
internal sealed class SeriesTest : ITestSource
{
    private const int SamplesPerFrame = 120;
    private readonly string file;
    private readonly string cell;
    private readonly ulong boot;

    /// <param name="file">The series.</param>
    /// <param name="cell">Name of the cell, also the node's.</param>
    /// <param name="profile">What it is judged by.</param>
    /// <param name="profileName">Its name in the catalogue; null for the usual one.</param>
    public SeriesTest(string file, string cell, CellProfile profile, string? profileName)
    {
        this.file = file;
        this.cell = cell;
        Profile = profile;
        boot = BootOf(file);
        Record = new TestRecord
        {
            Test = cell, Cell = cell, Node = cell, Channel = "1", Profile = profileName, Ordinal = 0, Ended = true,
            Segments = [new TestSegment(boot, 0, null)],
        };
    }

    public TestRecord Record { get; private set; }

    public CellProfile Profile { get; }

    public long SampleCount { get; private set; }

    /// <summary>Bad rows that were left out.</summary>
    public int BadRowCount { get; private set; }

    /// <summary>The boot that stands for a file: from its content.</summary>
    public static ulong BootOf(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(stream)) | 1;
    }

    public void Verify(CancellationToken cancellation)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file);
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        Commands.AnalyzeCommand.PrintProblems(reader);
        BadRowCount = reader.BadRowCount;
        SampleCount = reader.GoodRowCount;
        if (SampleCount == 0)
        {
            throw new InvalidDataException($"{file}: no good row to import.");
        }

        Record = Record with { Segments = [new TestSegment(boot, 0, SampleCount)] };
    }

    public long StartOf(ulong boot) => 0;

    public (IReadOnlyList<Alarm> Alarms, IReadOnlyList<AlarmHistoryLine> History) ReadAlarms() => ([], []);

    public void ReadFrames(Action<SampleFrame, ReadOnlyMemory<byte>, long> take, CancellationToken cancellation)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file);
        RecordedFrames frames = new(cell, boot, SamplesPerFrame, long.MaxValue, anchorMicroseconds: 0);
        SampleFrame frame = new(SampleFrame.MaximumSamples);
        long now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        RecordedRow row = new();
        RecordedRow next = new();
        for (bool more = reader.TryRead(row); more; (row, next) = (next, row))
        {
            cancellation.ThrowIfCancellationRequested();
            if (frames.IsFullFor(row))
            {
                Give(endsTest: false);
            }

            frames.Add(row);
            more = reader.TryRead(next);
        }

        Give(endsTest: true);

        void Give(bool endsTest)
        {
            ReadOnlyMemory<byte> bytes = frames.Finish(endsTest);
            SampleFrameDecoder.TryDecode(bytes.ToArray(), 0, bytes.Length, frame);
            take(frame, bytes, now);
        }
    }
}
