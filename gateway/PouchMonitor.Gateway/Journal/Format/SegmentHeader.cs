using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>
/// Head of a segment, written twice so that one bad sector does not cost the segment: magic (8 bytes), base position,
/// Unix microseconds of creation, salt of the check sums, zeros, CRC-32C of the first 60 bytes; 64 bytes a copy.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SegmentHeader(long BasePosition, long CreatedMicroseconds, ulong Salt)
{
    /// <summary>Bytes before the first record.</summary>
    public const int Bytes = 128;

    private const int CopyBytes = 64;
    private const ulong Magic = 0x3130_474F_4C4A_4D50; // "PMJLOG01", low byte first

    public void Write(Span<byte> destination)
    {
        destination[..Bytes].Clear();
        for (int copy = 0; copy < Bytes; copy += CopyBytes)
        {
            var to = destination.Slice(copy, CopyBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], BasePosition);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], CreatedMicroseconds);
            BinaryPrimitives.WriteUInt64LittleEndian(to[24..], Salt);
            BinaryPrimitives.WriteUInt32LittleEndian(to[60..], CheckSum.Of(to[..60]));
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        for (int copy = 0; copy + CopyBytes <= Math.Min(source.Length, Bytes); copy += CopyBytes)
        {
            var from = source.Slice(copy, CopyBytes);
            if (BinaryPrimitives.ReadUInt64LittleEndian(from) == Magic
                && BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) == CheckSum.Of(from[..60]))
            {
                header = new SegmentHeader(
                    BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                    BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(from[24..]));
                return true;
            }
        }

        header = default;
        return false;
    }
}
