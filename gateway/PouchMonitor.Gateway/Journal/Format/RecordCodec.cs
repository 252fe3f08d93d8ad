using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>First byte after a record's marker: what it is and what its body holds.</summary>
[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    Frame = 1,
    StreamDefinition = 2,
    Quarantine = 3,
    TypeMask = 3,
    Live = 4,
    EndsTest = 8,
    AnchorHere = 16,
    AnchorOfStream = 32,
    Dropped = 64,

    /// <summary>First record of a group: everything before it in the file had been forced to stable storage.</summary>
    GroupStart = 128,
}

/// <summary>What a frame's record says beside the raw bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct FrameFacts
{
    public RecordFlags Flags;
    public int Local;
    public long First;
    public int Count;
    public long Dropped;
    public long FirstTime;
    public long LastTime;
    public long ReceivedAt;
    public long Anchor;
    public int BytesOffset;
}

/// <summary>A stream's definition: the short number that frames of this file use for it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamDefinition(int Local, StreamId Id, long? Anchor);

/// <summary>
/// Records: marker, flags, length of the body (3 bytes), CRC-32C (4 bytes, seeded with the file's salt and the record's
/// position, over flags, length and body), body.
/// </summary>
internal static class RecordCodec
{
    public const byte Marker = 0xD7;
    public const int PrefixBytes = 9;
    public const int MostBodyBytes = (1 << 24) - 1;

    /// <summary>Most bytes a frame's record takes beside the raw bytes.</summary>
    public const int FrameOverheadBytes = PrefixBytes + 5 + 10 + 5 + 10 + 10 + 10 + 10 + 8;

    public static int Begin(ByteBuffer buffer)
    {
        int start = buffer.Length;
        buffer.Take(PrefixBytes);
        return start;
    }

    public static void End(ByteBuffer buffer, int start, RecordFlags flags, long position, ulong salt)
    {
        var record = buffer.Written[start..];
        int length = record.Length - PrefixBytes;
        record[0] = Marker;
        record[1] = (byte)flags;
        record[2] = (byte)length;
        record[3] = (byte)(length >> 8);
        record[4] = (byte)(length >> 16);
        BinaryPrimitives.WriteUInt32LittleEndian(record[5..], Sum(record, position, salt));
    }

    /// <summary>True when a whole, undamaged record starts at the beginning of <paramref name="source"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, long position, ulong salt, out RecordFlags flags, out int length)
    {
        length = LengthAt(source);
        flags = RecordFlags.None;
        if (length == 0 || length > source.Length)
        {
            return false;
        }

        flags = (RecordFlags)source[1];
        return (flags & RecordFlags.TypeMask) != 0
            && BinaryPrimitives.ReadUInt32LittleEndian(source[5..]) == Sum(source[..length], position, salt);
    }

    /// <summary>Bytes of the record that may start here, prefix included; 0 when none does.</summary>
    public static int LengthAt(ReadOnlySpan<byte> source) =>
        source.Length < PrefixBytes || source[0] != Marker ? 0 : PrefixBytes + (source[2] | (source[3] << 8) | (source[4] << 16));

    public static void WriteStream(ByteBuffer buffer, StreamDefinition definition)
    {
        buffer.Unsigned((ulong)definition.Local);
        buffer.Text(definition.Id.Node);
        buffer.Text(definition.Id.Channel);
        buffer.Fixed64((long)definition.Id.Boot);
        buffer.Unsigned((ulong)definition.Id.Kind);
        buffer.Byte(definition.Anchor.HasValue ? (byte)1 : (byte)0);
        buffer.Fixed64(definition.Anchor.GetValueOrDefault());
    }

    public static StreamDefinition ReadStream(ref ByteReader reader)
    {
        int local = reader.Count(int.MaxValue);
        string node = reader.Text();
        string channel = reader.Text();
        ulong boot = (ulong)reader.Fixed64();
        int kind = reader.Count(int.MaxValue);
        bool hasAnchor = reader.Byte() != 0;
        long anchor = reader.Fixed64();
        return new StreamDefinition(local, new StreamId(node, channel, boot, (FrameKind)kind), hasAnchor ? anchor : null);
    }

    /// <summary>Writes the body and returns the flags that describe it.</summary>
    public static RecordFlags WriteFrame(ByteBuffer buffer, JournalEntry entry, in StreamDefinition stream, long createdMicroseconds)
    {
        var flags = RecordFlags.Frame;
        flags |= entry.IsLive ? RecordFlags.Live : 0;
        flags |= entry.EndsTest ? RecordFlags.EndsTest : 0;
        buffer.Unsigned((ulong)stream.Local);
        buffer.Signed(entry.FirstSampleNumber);
        buffer.Unsigned((ulong)entry.Count);
        if (entry.DroppedBeforeCount > 0)
        {
            flags |= RecordFlags.Dropped;
            buffer.Unsigned((ulong)entry.DroppedBeforeCount);
        }

        buffer.Signed(entry.FirstTimeMicroseconds);
        buffer.Signed(unchecked(entry.LastTimeMicroseconds - entry.FirstTimeMicroseconds));
        buffer.Signed(unchecked(entry.ReceivedAtMicroseconds - createdMicroseconds));
        if (entry.HasAnchor && stream.Anchor == entry.AnchorUnixMicroseconds)
        {
            flags |= RecordFlags.AnchorOfStream;
        }
        else if (entry.HasAnchor)
        {
            flags |= RecordFlags.AnchorHere;
            buffer.Fixed64(entry.AnchorUnixMicroseconds);
        }

        buffer.Bytes(entry.Bytes);
        return flags;
    }

    /// <summary>Reads what <see cref="WriteFrame"/> wrote, from a whole record; false when it makes no sense.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> record, long createdMicroseconds, out FrameFacts facts)
    {
        var reader = new ByteReader(record[PrefixBytes..]);
        facts = default;
        facts.Flags = (RecordFlags)record[1];
        facts.Local = reader.Count(int.MaxValue);
        facts.First = reader.Signed();
        facts.Count = reader.Count(int.MaxValue);
        facts.Dropped = (facts.Flags & RecordFlags.Dropped) != 0 ? (long)reader.Unsigned() : 0;
        facts.FirstTime = reader.Signed();
        facts.LastTime = unchecked(facts.FirstTime + reader.Signed());
        facts.ReceivedAt = unchecked(createdMicroseconds + reader.Signed());
        facts.Anchor = (facts.Flags & RecordFlags.AnchorHere) != 0 ? reader.Fixed64() : 0;
        facts.BytesOffset = PrefixBytes + reader.At;
        return !reader.Failed;
    }

    private static uint Sum(ReadOnlySpan<byte> record, long position, ulong salt)
    {
        uint crc = CheckSum.Add(CheckSum.Seed(salt, position), record.Slice(1, 4));
        return ~CheckSum.Add(crc, record[PrefixBytes..]);
    }
}
