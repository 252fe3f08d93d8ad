using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Head of a pack, written twice so that one bad sector does not cost it: magic, base position, end position, creation in
/// Unix microseconds, place, bytes, plain bytes and CRC-32C of the table, 1 where the table is there twice, CRC-32C of the first
/// 60 bytes; 64 bytes a copy.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PackHeader(
    long BasePosition, long EndPosition, long CreatedMicroseconds, long TableOffset, int TableBytes, int TablePlainBytes, uint TableSum)
{
    /// <summary>Bytes before the first block.</summary>
    public const int Bytes = 128;

    /// <summary>Bytes between the table and its second copy, so that one bad page does not cost both.</summary>
    public const int BytesBetweenTables = 4096;

    private const int CopyBytes = 64;
    private const ulong Magic = 0x3130_4B50_4A4D_4D50; // "PMMJPK01", low byte first

    /// <summary>True where the table is written a second time, <see cref="BytesBetweenTables"/> after its end.</summary>
    public bool HasTableTwice { get; init; }

    public void Write(Span<byte> destination)
    {
        destination[..Bytes].Clear();
        for (int copy = 0; copy < Bytes; copy += CopyBytes)
        {
            var to = destination.Slice(copy, CopyBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], BasePosition);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], EndPosition);
            BinaryPrimitives.WriteInt64LittleEndian(to[24..], CreatedMicroseconds);
            BinaryPrimitives.WriteInt64LittleEndian(to[32..], TableOffset);
            BinaryPrimitives.WriteInt32LittleEndian(to[40..], TableBytes);
            BinaryPrimitives.WriteInt32LittleEndian(to[44..], TablePlainBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(to[48..], TableSum);
            to[52] = HasTableTwice ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32LittleEndian(to[60..], CheckSum.Of(to[..60]));
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out PackHeader header)
    {
        for (int copy = 0; copy + CopyBytes <= Math.Min(source.Length, Bytes); copy += CopyBytes)
        {
            var from = source.Slice(copy, CopyBytes);
            if (BinaryPrimitives.ReadUInt64LittleEndian(from) == Magic
                && BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) == CheckSum.Of(from[..60]))
            {
                header = new PackHeader(
                    BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                    BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
                    BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
                    BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
                    BinaryPrimitives.ReadInt32LittleEndian(from[40..]),
                    BinaryPrimitives.ReadInt32LittleEndian(from[44..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(from[48..]))
                {
                    HasTableTwice = from[52] == 1,
                };
                return true;
            }
        }

        header = default;
        return false;
    }
}
