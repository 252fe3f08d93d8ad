using System.Buffers.Binary;
using System.Text;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>Reads what <see cref="ByteBuffer"/> wrote. Past the end everything is 0 and <see cref="Failed"/> is set.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;

    public int At { get; private set; }

    public bool Failed { get; private set; }

    public readonly bool AtEnd => At >= source.Length;

    public byte Byte()
    {
        if (At >= source.Length)
        {
            Failed = true;
            return 0;
        }

        return source[At++];
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > source.Length - At)
        {
            Failed = true;
            return default;
        }

        var span = source.Slice(At, count);
        At += count;
        return span;
    }

    public long Fixed64()
    {
        var span = Bytes(8);
        return span.Length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(span) : 0;
    }

    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count between 0 and <paramref name="most"/>.</summary>
    public int Count(int most)
    {
        ulong value = Unsigned();
        if (value <= (ulong)most)
        {
            return (int)value;
        }

        Failed = true;
        return 0;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Count(source.Length)));
}
