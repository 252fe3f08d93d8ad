using System.Numerics;
using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>CRC-32C (Castagnoli), by the processor's own instruction where it has one.</summary>
internal static class CheckSum
{
    /// <summary>
    /// Start value bound to one place in one file, so that bytes which lie elsewhere, or inside a payload, never pass for
    /// a record.
    /// </summary>
    public static uint Seed(ulong salt, long position) =>
        BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, salt), (ulong)position);

    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        for (int at = bytes.Length & ~7; at < bytes.Length; at++)
        {
            crc = BitOperations.Crc32C(crc, bytes[at]);
        }

        return crc;
    }

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);
}
