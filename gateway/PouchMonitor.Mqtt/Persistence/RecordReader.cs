using System.Buffers.Binary;
using System.Text;

namespace PouchMonitor.Mqtt.Persistence;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. Throws <see cref="InvalidDataException"/> where the bytes do not fit.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public LogRecord Kind() => (LogRecord)Byte();

    public byte Byte() => Take(1)[0];

    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("A number of more than 64 bits.");
    }

    public int Count()
    {
        long count = Number();
        return count >= 0 && count <= _rest.Length ? (int)count : throw new InvalidDataException($"A length of {count} where {_rest.Length} bytes are left.");
    }

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public string? OptionalText() => Byte() == 0 ? null : Text();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException($"A record wants {count} bytes where {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
