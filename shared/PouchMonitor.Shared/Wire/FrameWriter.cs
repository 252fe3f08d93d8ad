namespace PouchMonitor.Wire;

/// <summary>Bytes being written, never beyond their end: what does not fit is remembered in <see cref="IsFull"/>.</summary>
internal sealed class FrameWriter
{
    private byte[] bytes = FrameLayout.NoBytes;
    private int end;

    /// <summary>Position of the next byte.</summary>
    public int At;

    /// <summary>True when something did not fit.</summary>
    public bool IsFull;

    /// <summary>Starts writing at a position; nothing is written at or after <paramref name="limit"/>.</summary>
    public void Start(byte[] destination, int at, int limit)
    {
        bytes = destination;
        At = at;
        end = limit;
        IsFull = false;
    }

    /// <summary>Lets go of the bytes.</summary>
    public void Stop() => bytes = FrameLayout.NoBytes;

    /// <summary>Writes one byte.</summary>
    public void Byte(int value)
    {
        if (At >= end)
        {
            IsFull = true;
            return;
        }

        bytes[At] = (byte)value;
        At++;
    }

    /// <summary>Writes the lowest bytes of a number, lowest first.</summary>
    public void LittleEndian(ulong value, int byteCount)
    {
        for (int i = 0; i < byteCount; i++)
        {
            Byte((int)(value & 0xFF));
            value >>= 8;
        }
    }

    /// <summary>Writes a number in as few bytes as it needs, seven bits each, lowest first.</summary>
    public void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((int)(value & 0x7F) | 0x80);
            value >>= 7;
        }

        Byte((int)value);
    }

    /// <summary>Writes a number that may be negative.</summary>
    public void SignedNumber(long value) => Number(FrameLayout.ZigZag(value));

    /// <summary>Writes a name: its length and its characters.</summary>
    public void Name(string name)
    {
        Byte(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            Byte(name[i]);
        }
    }

    /// <summary>Bytes that <see cref="Number"/> takes.</summary>
    public static int NumberBytes(ulong value)
    {
        int count = 1;
        while (value >= 0x80)
        {
            value >>= 7;
            count++;
        }

        return count;
    }
}
