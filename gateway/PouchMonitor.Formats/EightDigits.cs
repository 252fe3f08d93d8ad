using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PouchMonitor.Formats;

/// <summary>Reads up to eight digits at once, as bytes of one 64-bit number: digits come in runs, and a loop over them is slow.</summary>
internal static class EightDigits
{
    private const ulong Zeros = 0x3030_3030_3030_3030;

    /// <summary>Takes the digits at the start of a text into a number; gives how many there are, at most eight.</summary>
    /// <param name="text">Eight bytes or more.</param>
    /// <param name="number">Receives itself, shifted by as many digits, and the digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> text, ref long number)
    {
        ulong digits = BinaryPrimitives.ReadUInt64LittleEndian(text) ^ Zeros;

        // A byte above 9 has a high bit, or gets one by adding 6. A carry reaches only bytes behind one that is no digit.
        ulong others = (digits | (digits + 0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0;
        int count = others == 0 ? sizeof(ulong) : BitOperations.TrailingZeroCount(others) >> 3;
        if (count == 0)
        {
            return 0;
        }

        // The bytes pushed out at the top are those behind the digits; zeros come in before them.
        digits <<= 8 * (sizeof(ulong) - count);
        digits = (digits * 2561) >> 8;
        digits = ((digits & 0x00ff_00ff_00ff_00ff) * 6_553_601) >> 16;
        digits = ((digits & 0x0000_ffff_0000_ffff) * 42_949_672_960_001) >> 32;
        number = unchecked((number * PowersOfTen[count]) + (long)digits);
        return count;
    }

    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
}
