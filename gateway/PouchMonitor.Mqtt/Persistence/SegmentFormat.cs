using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PouchMonitor.Mqtt.Persistence;

/// <summary>
/// How a segment looks on disk: 8 bytes of magic and version, then frames of [bytes: u32][CRC-32C: u32][number: u64][records].
/// The CRC covers number and records. Frame numbers rise by one through all segments; a number seen before is skipped,
/// since a frame whose sync failed is written again to the next segment.
/// </summary>
internal static class SegmentFormat
{
    public const int HeadBytes = 8;
    public const int FrameHeadBytes = 16;
    private const string Suffix = ".sessions";

    /// <summary>The last byte is the version.</summary>
    public static ReadOnlySpan<byte> Head => "PMQTLOG\u0001"u8;

    public static string NameOf(long segment) => segment.ToString("d12", CultureInfo.InvariantCulture) + Suffix;

    public static bool TryParseName(string name, out long segment)
    {
        segment = 0;
        return name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out segment);
    }

    public static void PutFrameHead(Span<byte> head, long number, ReadOnlySpan<byte> records)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)records.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc(number, records));
    }

    public static uint Crc(long number, ReadOnlySpan<byte> records)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(records);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in records[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }

    /// <summary>
    /// Reads the frames of one segment in order, up to the first that is not whole; what is left behind it is told. The
    /// last frame before a loss of power may be torn, and nothing that follows from it was ever promised.
    /// </summary>
    public static long ReadFrames(Stream stream, string name, FrameTaker take)
    {
        byte[] head = new byte[FrameHeadBytes];
        if (stream.ReadAtLeast(head.AsSpan(0, HeadBytes), HeadBytes, throwOnEndOfStream: false) < HeadBytes)
        {
            return 0;
        }

        if (!head.AsSpan(0, HeadBytes - 1).SequenceEqual(Head[..^1]))
        {
            return stream.Length;
        }

        if (head[HeadBytes - 1] != Head[^1])
        {
            throw new InvalidDataException($"{name} has format {head[HeadBytes - 1]}, this program reads {Head[^1]}. A newer version wrote it: use that one, or move the file away to start without kept sessions.");
        }

        byte[] records = [];
        for (long position = HeadBytes; ; position += FrameHeadBytes + records.Length)
        {
            if (stream.ReadAtLeast(head, FrameHeadBytes, throwOnEndOfStream: false) < FrameHeadBytes)
            {
                return stream.Length - position;
            }

            long length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            long number = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8));
            if (length > stream.Length - position - FrameHeadBytes || length > Array.MaxLength)
            {
                return stream.Length - position;
            }

            records = new byte[length];
            stream.ReadExactly(records);
            if (Crc(number, records) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
            {
                return stream.Length - position;
            }

            take(number, records);
        }
    }
}

/// <summary>Takes the records of one frame.</summary>
internal delegate void FrameTaker(long number, ReadOnlySpan<byte> records);
