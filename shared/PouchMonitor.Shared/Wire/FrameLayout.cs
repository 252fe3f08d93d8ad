namespace PouchMonitor.Wire;

/// <summary>Positions, flags and bounds of frame format version 1 (see WIRE.md).</summary>
internal static class FrameLayout
{
    public const byte Magic0 = (byte)'P';
    public const byte Magic1 = (byte)'F';
    public const byte Version = 1;

    public const int VersionAt = 2;
    public const int KindAt = 3;
    public const int LengthAt = 4;
    public const int FlagsAt = 7;
    public const int BootAt = 8;

    /// <summary>Bytes of the fixed head; fields of varying length follow.</summary>
    public const int HeadBytes = 16;

    /// <summary>Bytes of the check sum at the end.</summary>
    public const int ChecksumBytes = 4;

    public const byte LiveFlag = 1;
    public const byte EndsTestFlag = 2;
    public const byte AnchorFlag = 4;
    public const byte CountersFlag = 8;
    public const byte ExtremesFlag = 16;
    public const byte StartsTestFlag = 32;
    public const byte KnownFlags = 63;

    /// <summary>Scale forms 0 to 18 mean 1 / 10^form.</summary>
    public const int MaximumDecimalForm = 18;

    /// <summary>Scale form with numerator and denominator written out.</summary>
    public const int FractionForm = 31;

    public const int ScaleFormMask = 31;
    public const int ScaleOffsetFlag = 32;
    public const int ScaleCalibrationFlag = 64;
    public const int ScaleReservedFlag = 128;

    /// <summary>Values in a block; the last block of a column may have fewer.</summary>
    public const int BlockValues = 64;

    /// <summary>Block modes, the two lowest bits of a block's first number.</summary>
    public const int PlainMode = 0;
    public const int LineMode = 1;
    public const int DeltaMode = 2;
    public const int RawMode = 3;

    /// <summary>Bits after the point of a line's slope.</summary>
    public const int SlopeFractionBits = 8;

    /// <summary>Widest packed field; with at most 7 bits before it, it lies within one 64-bit word.</summary>
    public const int MaximumPackedBits = 56;

    /// <summary>What readers and writers hold while they have nothing to do.</summary>
    public static readonly byte[] NoBytes = { 0 };

    /// <summary>The exponent of a power of ten from 1 to 10^18, or -1 for any other number.</summary>
    public static int DecimalForm(long denominator)
    {
        int form = 0;
        while (denominator % 10 == 0 && denominator > 0)
        {
            denominator /= 10;
            form++;
        }

        return denominator == 1 ? form : -1;
    }

    /// <summary>Bits needed for a number, 0 for 0.</summary>
    public static int BitLength(ulong value)
    {
        int bits = 0;
        if (value >> 32 != 0)
        {
            bits = 32;
            value >>= 32;
        }

        if (value >> 16 != 0)
        {
            bits += 16;
            value >>= 16;
        }

        if (value >> 8 != 0)
        {
            bits += 8;
            value >>= 8;
        }

        while (value != 0)
        {
            bits++;
            value >>= 1;
        }

        return bits;
    }

    /// <summary>Folds the sign into the lowest bit: 0, -1, 1, -2 become 0, 1, 2, 3.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Undoes <see cref="ZigZag"/>.</summary>
    public static long UnZigZag(ulong folded) => (long)(folded >> 1) ^ -(long)(folded & 1);
}
