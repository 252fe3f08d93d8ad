using System;

namespace PouchMonitor.Wire;

/// <summary>
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, start and final xor 0xFFFFFFFF), as in RFC 3720 appendix B.4.
/// .NET has it as a processor instruction; nanoFramework uses the table.
/// </summary>
public static class Crc32C
{
    private const uint Polynomial = 0x82F63B78u;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Check sum of a range of bytes.</summary>
    public static uint Compute(byte[] bytes, int offset, int length)
    {
#if NET
        uint crc = 0xFFFFFFFFu;
        int end = offset + length;
        for (; offset <= end - 8; offset += 8)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, BitConverter.ToUInt64(bytes, offset));
        }

        for (; offset < end; offset++)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, bytes[offset]);
        }

        return crc ^ 0xFFFFFFFFu;
#else
        return ComputeByTable(bytes, offset, length);
#endif
    }

    /// <summary>The same with the table alone.</summary>
    public static uint ComputeByTable(byte[] bytes, int offset, int length)
    {
        uint[] table = Table;
        uint crc = 0xFFFFFFFFu;
        int end = offset + length;
        for (; offset < end; offset++)
        {
            crc = table[(int)((crc ^ bytes[offset]) & 0xFFu)] ^ (crc >> 8);
        }

        return crc ^ 0xFFFFFFFFu;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[(int)i] = crc;
        }

        return table;
    }
}
