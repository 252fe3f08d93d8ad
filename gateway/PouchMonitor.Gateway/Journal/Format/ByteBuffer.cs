using System.Buffers.Binary;
using System.Text;

namespace PouchMonitor.Gateway.Journal.Format;

/// <summary>Bytes under construction. Whole numbers are written seven bits a byte, low bits first.</summary>
internal sealed class ByteBuffer(int capacity)
{
    private byte[] data = new byte[capacity];

    public int Length { get; private set; }

    public Span<byte> Written => data.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Cut(int length) => Length = length;

    public Span<byte> Take(int bytes)
    {
        if (Length + bytes > data.Length)
        {
            Array.Resize(ref data, Math.Max(data.Length * 2, Length + bytes));
        }

        var span = data.AsSpan(Length, bytes);
        Length += bytes;
        return span;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Fixed64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    /// <summary>A number of either sign: 0, -1, 1, -2 ... become 0, 1, 2, 3 ...</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        Unsigned((ulong)bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }
}
