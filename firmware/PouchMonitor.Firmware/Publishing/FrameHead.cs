using System;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// What the beginning of an encoded frame says of itself (WIRE.md): enough to find the end of a frame on flash and to send
/// it on its own topic, whatever the node is called by then. Reused; reads nothing behind the names.
/// </summary>
public sealed class FrameHead
{
    /// <summary>Bytes from which the length of a frame can be told.</summary>
    public const int LengthBytes = 7;

    /// <summary>Bytes that a head takes at most: fixed part, three numbers, two names.</summary>
    public const int LongestBytes = 16 + (3 * 10) + (2 * 65);

    private const int ChecksumBytes = 4;
    private const int KindAt = 3;
    private const int BootAt = 8;
    private const int CountAt = 16;

    private int at;
    private int end;

    /// <summary>1 for samples, see WIRE.md.</summary>
    public int Kind { get; private set; }

    public ulong Boot { get; private set; }

    /// <summary>Number of the first sample.</summary>
    public long FirstSampleNumber { get; private set; }

    /// <summary>Samples.</summary>
    public long Count { get; private set; }

    public string Node { get; private set; } = "";

    public string Channel { get; private set; } = "";

    /// <summary>Number behind the last sample.</summary>
    public long EndSampleNumber => FirstSampleNumber + Count;

    /// <summary>Length of the frame that begins here, or 0 when none does. Needs <see cref="LengthBytes"/> bytes.</summary>
    public static int LengthAt(byte[] bytes, int offset)
    {
        if (bytes[offset] != (byte)'P' || bytes[offset + 1] != (byte)'F' || bytes[offset + 2] != 1)
        {
            return 0;
        }

        int length = bytes[offset + 4] | (bytes[offset + 5] << 8) | (bytes[offset + 6] << 16);
        return length <= SampleFrame.MaximumEncodedBytes ? length : 0;
    }

    /// <summary>True when these bytes are one whole frame with a check sum that fits.</summary>
    public static bool IsWhole(byte[] bytes, int offset, int length)
    {
        if (length < CountAt + ChecksumBytes || LengthAt(bytes, offset) != length)
        {
            return false;
        }

        int sumAt = offset + length - ChecksumBytes;
        uint stated = (uint)(bytes[sumAt] | (bytes[sumAt + 1] << 8) | (bytes[sumAt + 2] << 16) | (bytes[sumAt + 3] << 24));
        return Crc32C.Compute(bytes, offset, length - ChecksumBytes) == stated;
    }

    /// <summary>Reads the head; false when it is none. The check sum is the caller's (<see cref="IsWhole"/>).</summary>
    public bool TryRead(byte[] bytes, int offset, int length)
    {
        if (length < CountAt || LengthAt(bytes, offset) == 0)
        {
            return false;
        }

        end = offset + length;
        Kind = bytes[offset + KindAt];
        Boot = BitConverter.ToUInt64(bytes, offset + BootAt);
        at = offset + CountAt;
        bool isRead = TryNumber(bytes, out long count)
            & TryNumber(bytes, out long first)
            & TryNumber(bytes, out long _)
            & TryName(bytes, out string node)
            & TryName(bytes, out string channel);
        Count = count;
        FirstSampleNumber = first;
        Node = node;
        Channel = channel;
        return isRead;
    }

    private bool TryNumber(byte[] bytes, out long value)
    {
        value = 0;
        for (int shift = 0; shift < 63 && at < end; shift += 7)
        {
            byte next = bytes[at];
            at++;
            value |= (long)(next & 127) << shift;
            if (next < 128)
            {
                return value >= 0;
            }
        }

        return false;
    }

    private bool TryName(byte[] bytes, out string name)
    {
        name = "";
        if (at >= end || bytes[at] > 64 || bytes[at] >= end - at)
        {
            return false;
        }

        int length = bytes[at];
        char[] letters = new char[length];
        for (int i = 0; i < length; i++)
        {
            letters[i] = (char)bytes[at + 1 + i];
        }

        at += 1 + length;
        name = new string(letters);
        return true;
    }
}
