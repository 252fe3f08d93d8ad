using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal;

/// <summary>One stored frame, read back. Reused by its cursor: valid until the cursor moves on.</summary>
public sealed class JournalRecord
{
    private SampleFrame? whole;
    private FrameColumns? columns;
    private int columnsAt;
    private bool isInBuffer;
    private int bytesOffset;
    private int bytesLength;

    internal byte[] Buffer { get; set; } = new byte[4096];

    /// <summary>Position in commit order.</summary>
    public long Position { get; internal set; }

    /// <summary>Stream of the frame.</summary>
    public StreamId Stream { get; internal set; }

    /// <summary>Number of the first sample.</summary>
    public long FirstSampleNumber { get; internal set; }

    /// <summary>Samples in the frame.</summary>
    public int Count { get; internal set; }

    /// <summary>Samples declared lost just before the first.</summary>
    public long DroppedBeforeCount { get; internal set; }

    /// <summary>Time of the first sample, microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long FirstTimeMicroseconds { get; internal set; }

    /// <summary>Time of the last sample, microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long LastTimeMicroseconds { get; internal set; }

    /// <summary>Unix microseconds at uptime zero as this frame stated it; null where it did not.</summary>
    public long? AnchorUnixMicroseconds { get; internal set; }

    /// <summary>Unix microseconds at which the gateway received it.</summary>
    public long ReceivedAtMicroseconds { get; internal set; }

    /// <summary>True when it was sent as it was measured.</summary>
    public bool IsLive { get; internal set; }

    /// <summary>True when the test ends with it.</summary>
    public bool EndsTest { get; internal set; }

    /// <summary>The raw bytes as they came.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            Materialise();
            return Buffer.AsSpan(bytesOffset, bytesLength);
        }
    }

    /// <summary>The array that holds the raw bytes, for decoders that take an array.</summary>
    public byte[] Array
    {
        get
        {
            Materialise();
            return Buffer;
        }
    }

    /// <summary>Where the raw bytes start in <see cref="Array"/>.</summary>
    public int ArrayOffset
    {
        get
        {
            Materialise();
            return bytesOffset;
        }
    }

    /// <summary>Number of raw bytes.</summary>
    public int Length
    {
        get
        {
            Materialise();
            return bytesLength;
        }
    }

    /// <summary>Fills a frame with the content, without a detour over bytes where it is packed; false when it cannot be decoded.</summary>
    /// <param name="frame">One that holds <see cref="SampleFrame.MaximumSamples"/>.</param>
    public bool TryDecode(SampleFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (columns is not null && !IsRaw)
        {
            columns.Fill(columnsAt, Stream, frame);
            return true;
        }

        return SampleFrameDecoder.TryDecode(Array, ArrayOffset, Length, frame) == DecodeFault.None;
    }

    internal void SetBytes(int offset, int length)
    {
        columns = null;
        isInBuffer = true;
        (bytesOffset, bytesLength) = (offset, length);
    }

    internal void SetColumns(StreamId stream, FrameColumns source, int at, long basePosition)
    {
        var table = source.Table;
        var flags = table.FlagsOf(at);
        columns = source;
        columnsAt = at;
        isInBuffer = false;
        Position = basePosition + table.Offset[at];
        Stream = stream;
        FirstSampleNumber = table.First[at];
        Count = (int)table.Count[at];
        DroppedBeforeCount = table.Dropped[at];
        FirstTimeMicroseconds = table.FirstTime[at];
        LastTimeMicroseconds = source.LastTimeOf(at);
        AnchorUnixMicroseconds = (flags & FrameFlags.Anchor) != 0 ? table.Anchor[at] : null;
        ReceivedAtMicroseconds = table.ReceivedMilliseconds[at] * 1000;
        IsLive = (flags & FrameFlags.Live) != 0;
        EndsTest = (flags & FrameFlags.EndsTest) != 0;
    }

    private bool IsRaw => (columns!.Table.FlagsOf(columnsAt) & FrameFlags.Raw) != 0;

    private void Materialise()
    {
        if (isInBuffer)
        {
            return;
        }

        isInBuffer = true;
        bytesOffset = 0;
        if (IsRaw)
        {
            var raw = columns!.RawBytes(columnsAt);
            Reserve(raw.Length);
            raw.CopyTo(Buffer);
            bytesLength = raw.Length;
            return;
        }

        whole ??= new SampleFrame(SampleFrame.MaximumSamples);
        columns!.Fill(columnsAt, Stream, whole);
        Reserve(SampleFrame.MaximumEncodedBytes);
        bytesLength = SampleFrameEncoder.Encode(whole, Buffer, 0);
    }

    private void Reserve(int bytes)
    {
        if (Buffer.Length < bytes)
        {
            Buffer = new byte[bytes];
        }
    }
}
