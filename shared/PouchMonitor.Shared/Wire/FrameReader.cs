using System;

namespace PouchMonitor.Wire;

/// <summary>
/// Bytes being read, never beyond their end. The first fault is remembered in <see cref="Fault"/>; after it, reads give 0.
/// </summary>
internal sealed class FrameReader
{
    private const int WordBytes = 8;

    /// <summary>The bytes.</summary>
    public byte[] Bytes = FrameLayout.NoBytes;

    /// <summary>Position of the next byte.</summary>
    public int At;

    /// <summary>End of the body, where the check sum starts.</summary>
    public int End;

    /// <summary>What went wrong first.</summary>
    public DecodeFault Fault;

    private int lastWordAt;
    private ulong lastWord;

    /// <summary>Starts reading a frame of 8 bytes or more that ends with its check sum at <paramref name="frameEnd"/>.</summary>
    public void Start(byte[] source, int at, int frameEnd)
    {
        Bytes = source;
        At = at;
        End = frameEnd - FrameLayout.ChecksumBytes;
        Fault = DecodeFault.None;
        lastWordAt = frameEnd - WordBytes;
        lastWord = BitConverter.ToUInt64(source, lastWordAt);
    }

    /// <summary>Lets go of the bytes.</summary>
    public void Stop() => Bytes = FrameLayout.NoBytes;

    /// <summary>Remembers the first fault.</summary>
    public void Fail(DecodeFault fault)
    {
        if (Fault == DecodeFault.None)
        {
            Fault = fault;
        }
    }

    /// <summary>The eight bytes at a position inside the frame; bytes after the frame's end count as 0.</summary>
    public ulong Word(int at)
    {
        int beyond = at - lastWordAt;
        if (beyond <= 0)
        {
            return BitConverter.ToUInt64(Bytes, at);
        }

        return beyond < WordBytes ? lastWord >> (8 * beyond) : 0;
    }

    /// <summary>Reads one byte.</summary>
    public int Byte()
    {
        if (At >= End)
        {
            Fail(DecodeFault.Truncated);
            return 0;
        }

        return Bytes[At++];
    }

    /// <summary>Reads eight bytes, lowest first.</summary>
    public ulong LittleEndian64()
    {
        if (At > End - WordBytes)
        {
            Fail(DecodeFault.Truncated);
            return 0;
        }

        ulong value = BitConverter.ToUInt64(Bytes, At);
        At += WordBytes;
        return value;
    }

    /// <summary>Reads a number of one to ten bytes, seven bits each, lowest first, without needless bytes.</summary>
    public ulong Number()
    {
        if (At < End)
        {
            byte only = Bytes[At];
            if (only < 0x80)
            {
                At++;
                return only;
            }
        }

        return LongNumber();
    }

    /// <summary>Reads a number that may be negative.</summary>
    public long SignedNumber() => FrameLayout.UnZigZag(Number());

    /// <summary>Reads a number that a <c>long</c> must hold.</summary>
    public long NaturalNumber()
    {
        ulong value = Number();
        if (value > long.MaxValue)
        {
            Fail(DecodeFault.Overflow);
            return 0;
        }

        return (long)value;
    }

    private ulong LongNumber()
    {
        ulong value = 0;
        int shift = 0;
        while (At < End)
        {
            byte part = Bytes[At++];
            if (shift == 63 && part > 1)
            {
                Fail(DecodeFault.Overflow);
                return 0;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                if (part == 0 && shift > 0)
                {
                    Fail(DecodeFault.NotCanonical);
                    return 0;
                }

                return value;
            }

            shift += 7;
        }

        Fail(DecodeFault.Truncated);
        return 0;
    }
}
