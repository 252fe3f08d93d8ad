namespace PouchMonitor.Wire;

/// <summary>
/// Writes up to 64 values as one block in the mode that takes least: offsets from a base, from a sloped line, or from
/// difference to difference. All sums wrap modulo 2^64, so any values come back exactly.
/// </summary>
internal static class BlockWriter
{
    private const int NoCost = int.MaxValue;

    /// <summary>A line is tried only where the block's values lie closer together than this, so that its sums stay in range.</summary>
    private const ulong LineSpanLimit = 1UL << 40;

    /// <summary>Fewest values for which a line can pay.</summary>
    private const int LineMinimumValues = 4;

    /// <summary>Writes <paramref name="count"/> values; <paramref name="previous"/> is the value before them, 0 at the column's start.</summary>
    public static void Write(FrameWriter to, long[] values, int count, long previous)
    {
        long minimum = values[0];
        long maximum = minimum;
        long deltaMinimum = 0;
        long deltaMaximum = 0;
        for (int i = 1; i < count; i++)
        {
            long value = values[i];
            long delta = value - values[i - 1];
            minimum = value < minimum ? value : minimum;
            maximum = value > maximum ? value : maximum;
            deltaMinimum = i == 1 || delta < deltaMinimum ? delta : deltaMinimum;
            deltaMaximum = i == 1 || delta > deltaMaximum ? delta : deltaMaximum;
        }

        ulong span = (ulong)(maximum - minimum);
        ulong deltaSpan = (ulong)(deltaMaximum - deltaMinimum);
        int plainBytes = Cost(span, count, minimum - previous, 0, false);
        int deltaBytes = count < 2 ? NoCost : Cost(deltaSpan, count - 1, values[0] - previous, deltaMinimum, true);

        int mode = FrameLayout.PlainMode;
        int bytes = plainBytes;
        if (deltaBytes < bytes)
        {
            mode = FrameLayout.DeltaMode;
            bytes = deltaBytes;
        }

        long slope = 0;
        long lineBase = 0;
        ulong lineSpan = 0;
        if (count >= LineMinimumValues && span != 0 && deltaSpan != 0 && span < LineSpanLimit)
        {
            slope = Slope(values, count);
            long lineMaximum = values[0];
            lineBase = values[0];
            for (int i = 1; i < count; i++)
            {
                long rest = values[i] - ((i * slope) >> FrameLayout.SlopeFractionBits);
                lineBase = rest < lineBase ? rest : lineBase;
                lineMaximum = rest > lineMaximum ? rest : lineMaximum;
            }

            lineSpan = (ulong)(lineMaximum - lineBase);
            int lineBytes = Cost(lineSpan, count, lineBase - previous, slope, true);
            if (lineBytes < bytes)
            {
                mode = FrameLayout.LineMode;
                bytes = lineBytes;
            }
        }

        if (bytes > 1 + (8 * count))
        {
            WriteRaw(to, values, count);
        }
        else if (mode == FrameLayout.PlainMode)
        {
            WriteHead(to, mode, span, minimum - previous);
            Pack(to, values, 0, count, mode, minimum, 0, span);
        }
        else if (mode == FrameLayout.LineMode)
        {
            WriteHead(to, mode, lineSpan, lineBase - previous);
            to.SignedNumber(slope);
            Pack(to, values, 0, count, mode, lineBase, slope, lineSpan);
        }
        else
        {
            WriteHead(to, mode, deltaSpan, values[0] - previous);
            to.SignedNumber(deltaMinimum);
            Pack(to, values, 1, count, mode, deltaMinimum, 0, deltaSpan);
        }
    }

    private static void WriteHead(FrameWriter to, int mode, ulong span, long start)
    {
        to.Number((span << 2) | (uint)mode);
        to.SignedNumber(start);
    }

    private static void WriteRaw(FrameWriter to, long[] values, int count)
    {
        to.Byte(FrameLayout.RawMode);
        for (int i = 0; i < count; i++)
        {
            to.LittleEndian((ulong)values[i], 8);
        }
    }

    /// <summary>Rise from sample to sample in 1/256 counts: mean of the second half less mean of the first, over their distance.</summary>
    private static long Slope(long[] values, int count)
    {
        int half = count / 2;
        long origin = values[0];
        long rise = 0;
        for (int i = 0; i < half; i++)
        {
            rise += (values[count - half + i] - origin) - (values[i] - origin);
        }

        return (rise << FrameLayout.SlopeFractionBits) / (half * (count - half));
    }

    /// <summary>Bytes of a block whose offsets reach up to <paramref name="span"/>, taking them as evenly spread.</summary>
    private static int Cost(ulong span, int count, long start, long second, bool hasSecond)
    {
        int width = FrameLayout.BitLength(span);
        if (width > FrameLayout.MaximumPackedBits)
        {
            return NoCost;
        }

        int bits = 0;
        if (width > 0)
        {
            int longCount = count;
            if (width <= 16)
            {
                int range = (int)span + 1;
                int shortRange = (1 << width) - range;
                longCount = count * (range - shortRange) / range;
            }

            bits = (count * (width - 1)) + longCount;
        }

        int bytes = FrameWriter.NumberBytes(span << 2) + FrameWriter.NumberBytes(FrameLayout.ZigZag(start)) + ((bits + 7) >> 3);
        return hasSecond ? bytes + FrameWriter.NumberBytes(FrameLayout.ZigZag(second)) : bytes;
    }

    /// <summary>Packs the offsets of the values from <paramref name="first"/> on (see WIRE.md, "Packed offsets").</summary>
    private static void Pack(
        FrameWriter to, long[] values, int first, int count, int mode, long origin, long slope, ulong span)
    {
        if (span == 0)
        {
            return;
        }

        int lowBits = FrameLayout.BitLength(span) - 1;
        ulong high = 1UL << lowBits;
        ulong range = span + 1;
        ulong cut = (high << 1) - range;
        ulong turn = (range - cut) >> 1;
        ulong pending = 0;
        int pendingBits = 0;
        ulong extra = 0;
        int extraBits = 0;
        for (int i = first; i < count; i++)
        {
            long value = values[i] - origin;
            if (mode == FrameLayout.LineMode)
            {
                value -= (i * slope) >> FrameLayout.SlopeFractionBits;
            }
            else if (mode == FrameLayout.DeltaMode)
            {
                value -= values[i - 1];
            }

            ulong symbol = (ulong)value;
            symbol = symbol >= turn ? symbol - turn : symbol + range - turn;
            if (symbol >= cut)
            {
                if (symbol >= high)
                {
                    extra |= 1UL << extraBits;
                    symbol = symbol - high + cut;
                }

                extraBits++;
            }

            pending |= symbol << pendingBits;
            pendingBits += lowBits;
            while (pendingBits >= 8)
            {
                to.Byte((int)(pending & 0xFF));
                pending >>= 8;
                pendingBits -= 8;
            }
        }

        while (extraBits > 0)
        {
            int take = extraBits < 32 ? extraBits : 32;
            pending |= (extra & 0xFFFFFFFFUL) << pendingBits;
            pendingBits += take;
            extra >>= take;
            extraBits -= take;
            while (pendingBits >= 8)
            {
                to.Byte((int)(pending & 0xFF));
                pending >>= 8;
                pendingBits -= 8;
            }
        }

        if (pendingBits > 0)
        {
            to.Byte((int)(pending & 0xFF));
        }
    }
}
