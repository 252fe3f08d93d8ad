using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>
/// Walks over the records of a file between two offsets. Where bytes are no valid record it looks for the next one that
/// is, and says what it skipped; bytes at the end without a record after them are the tail.
/// </summary>
internal sealed class RecordScanner(IJournalFile file, SegmentHeader header, long from, long limit)
{
    private byte[] window = new byte[Math.Clamp(limit - from, 4096, 1 << 20)];
    private long windowStart = from;
    private int windowBytes;

    /// <summary>Offset of the record last found.</summary>
    public long Offset { get; private set; } = from;

    /// <summary>Offset after the record last found; at the end, where the tail starts.</summary>
    public long Next { get; private set; } = from;

    /// <summary>Bytes between the record before and this one that are no record.</summary>
    public long SkippedBytes { get; private set; }

    public RecordFlags Flags { get; private set; }

    /// <summary>The whole record last found, prefix included.</summary>
    public ReadOnlySpan<byte> Record => window.AsSpan((int)(Offset - windowStart), (int)(Next - Offset));

    /// <summary>Moves to the next valid record; false at the end.</summary>
    public bool MoveNext()
    {
        long start = Next;
        for (long at = start; at < limit; at++)
        {
            at = FindMarker(at);
            if (at < 0 || !TryAt(at, out var flags, out int length))
            {
                if (at < 0)
                {
                    break;
                }

                continue;
            }

            SkippedBytes = at - start;
            Offset = at;
            Next = at + length;
            Flags = flags;
            return true;
        }

        SkippedBytes = 0;
        return false;
    }

    private bool TryAt(long at, out RecordFlags flags, out int length)
    {
        flags = RecordFlags.None;
        var prefix = Bytes(at, RecordCodec.PrefixBytes);
        length = RecordCodec.LengthAt(prefix);
        if (length == 0 || length > limit - at || ((RecordFlags)prefix[1] & RecordFlags.TypeMask) == 0)
        {
            return false;
        }

        return RecordCodec.TryRead(Bytes(at, length), header.BasePosition + at, header.Salt, out flags, out length);
    }

    // Offset of the next marker at or after an offset; -1 when there is none.
    private long FindMarker(long at)
    {
        while (at < limit)
        {
            var bytes = Bytes(at, 1);
            if (bytes.IsEmpty)
            {
                return -1;
            }

            int inWindow = (int)(at - windowStart);
            int found = window.AsSpan(inWindow, windowBytes - inWindow).IndexOf(RecordCodec.Marker);
            if (found >= 0)
            {
                return at + found < limit ? at + found : -1;
            }

            at = windowStart + windowBytes;
        }

        return -1;
    }

    // Up to the asked number of bytes from an offset, fewer at the limit.
    private ReadOnlySpan<byte> Bytes(long at, int count)
    {
        count = (int)Math.Min(count, limit - at);
        if (at < windowStart || at + count > windowStart + windowBytes)
        {
            Fill(at, count);
        }

        int start = (int)(at - windowStart);
        return window.AsSpan(start, Math.Max(0, Math.Min(count, windowBytes - start)));
    }

    private void Fill(long at, int count)
    {
        if (count > window.Length)
        {
            window = new byte[count];
        }

        windowStart = at;
        windowBytes = file.ReadAll(at, window.AsSpan(0, (int)Math.Min(window.Length, limit - at)));
    }
}
