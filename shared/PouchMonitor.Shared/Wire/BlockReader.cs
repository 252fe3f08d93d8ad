using System.Runtime.CompilerServices;

namespace PouchMonitor.Wire;

/// <summary>Reads one block of up to 64 values (see WIRE.md, "Blocks").</summary>
internal static class BlockReader
{
    /// <summary>Bits of a 64-bit word that are still there after up to seven before them were shifted out.</summary>
    private const int SureBits = 57;

    /// <summary>
    /// Fills <paramref name="into"/> from <paramref name="at"/> with <paramref name="count"/> values; false with the reader's
    /// fault set where the block is malformed. <paramref name="previous"/> is the value before them, 0 at the column's start.
    /// </summary>
    public static bool Read(FrameReader from, long[] into, int at, int count, long previous)
    {
        ulong head = from.Number();
        int mode = (int)head & 3;
        ulong span = head >> 2;
        if (mode == FrameLayout.RawMode)
        {
            return ReadRaw(from, into, at, count, span);
        }

        long start = previous + from.SignedNumber();
        long second = mode == FrameLayout.PlainMode ? 0 : from.SignedNumber();
        if (from.Fault != DecodeFault.None)
        {
            return false;
        }

        if (span >> FrameLayout.MaximumPackedBits != 0)
        {
            from.Fail(DecodeFault.BadColumn);
            return false;
        }

        if (mode == FrameLayout.DeltaMode)
        {
            into[at] = start;
            if (!Unpack(from, into, at + 1, count - 1, second, span))
            {
                return false;
            }

            long value = start;
            for (int i = at + 1; i < at + count; i++)
            {
                value += into[i];
                into[i] = value;
            }

            return true;
        }

        if (!Unpack(from, into, at, count, start, span))
        {
            return false;
        }

        if (mode == FrameLayout.LineMode)
        {
            long rise = 0;
            for (int i = at; i < at + count; i++)
            {
                into[i] += rise >> FrameLayout.SlopeFractionBits;
                rise += second;
            }
        }

        return true;
    }

    private static bool ReadRaw(FrameReader from, long[] into, int at, int count, ulong span)
    {
        if (span != 0)
        {
            from.Fail(DecodeFault.BadColumn);
            return false;
        }

        for (int i = at; i < at + count; i++)
        {
            into[i] = (long)from.LittleEndian64();
        }

        return from.Fault == DecodeFault.None;
    }

    /// <summary>
    /// Reads packed offsets and adds <paramref name="origin"/> to each. Kept out of its callers: inlined there its loop ran
    /// a third slower for want of registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Unpack(FrameReader from, long[] into, int at, int count, long origin, ulong span)
    {
        if (span == 0)
        {
            for (int i = at; i < at + count; i++)
            {
                into[i] = origin;
            }

            return true;
        }

        int lowBits = FrameLayout.BitLength(span) - 1;
        int extrasAt = count * lowBits;

        // Words beyond the frame read as 0; whether the block reaches there is asked once, when its length is known.
        // Every number here is below 2^57, so that a sign bit tells which of two is greater without a branch.
        ulong high = 1UL << lowBits;
        ulong mask = high - 1;
        long range = (long)span + 1;
        long cut = (long)(high << 1) - range;
        long turn = (range - cut) >> 1;
        long step = (long)high - cut;
        int start = from.At;
        ulong extras = Bits(from, start, extrasAt);
        int extraCount = 0;
        int bit = 0;
        int end = at + count;
        int valuesPerWord = lowBits == 0 ? count : SureBits / lowBits;
        int next = at;
        while (next < end)
        {
            ulong word = from.Word(start + (bit >> 3)) >> (bit & 7);
            bit += lowBits * valuesPerWord;
            int stop = end - next < valuesPerWord ? end : next + valuesPerWord;
            for (; next < stop; next++)
            {
                long symbol = (long)(word & mask);
                word >>= lowBits;
                long isLong = ~((symbol - cut) >> 63);
                symbol += step & isLong & -(long)((extras >> extraCount) & 1);
                extraCount -= (int)isLong;
                symbol += turn;
                symbol -= range & ~((symbol - range) >> 63);
                into[next] = origin + symbol;
            }
        }

        int bits = extrasAt + extraCount;
        int bytes = (bits + 7) >> 3;
        if (from.End - start < bytes)
        {
            from.Fail(DecodeFault.Truncated);
            return false;
        }

        if ((bits & 7) != 0 && from.Bytes[start + bytes - 1] >> (bits & 7) != 0)
        {
            from.Fail(DecodeFault.NotCanonical);
            return false;
        }

        from.At = start + bytes;
        return true;
    }

    /// <summary>The 64 bits from a bit position on.</summary>
    private static ulong Bits(FrameReader from, int start, int bit)
    {
        int at = start + (bit >> 3);
        int shift = bit & 7;
        ulong word = from.Word(at) >> shift;
        return shift == 0 ? word : word | (from.Word(at + 8) << (64 - shift));
    }
}
