using System.Buffers.Binary;
using System.Text;

namespace PouchMonitor.Mqtt.Packets;

/// <summary>
/// Writes control packets into a buffer of its own that grows and is reused. Lengths that stand before what they
/// measure are written last. Not thread-safe. Publishes on the hot path are written by <see cref="PublishEncoder"/>.
/// </summary>
public sealed class MqttWriter
{
    /// <summary>The largest remaining length (section 2.1.4).</summary>
    public const int MaximumRemainingLengthBytes = 268_435_455;

    private const int HeaderRoomBytes = 5;
    private byte[] _buffer = new byte[256];
    private int _length;
    private byte _first;

    /// <summary>Bytes written since <see cref="Begin"/>, header not counted.</summary>
    public int BodyBytes => _length - HeaderRoomBytes;

    /// <summary>Starts a packet, forgetting what was written before.</summary>
    public void Begin(MqttPacketType type, int flags = 0)
    {
        _first = (byte)(((int)type << 4) | flags);
        _length = HeaderRoomBytes;
    }

    /// <summary>Ends the packet and gives its bytes, valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> End()
    {
        int remaining = _length - HeaderRoomBytes;
        if (remaining > MaximumRemainingLengthBytes)
        {
            throw new InvalidOperationException($"A packet of {remaining} bytes exceeds the protocol's {MaximumRemainingLengthBytes}.");
        }

        int start = HeaderRoomBytes - 1 - VariableIntegerBytes((uint)remaining);
        _buffer[start] = _first;
        PutVariableInteger(_buffer.AsSpan(start + 1), (uint)remaining);
        return _buffer.AsSpan(start, _length - start);
    }

    public void WriteByte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), value);
        _length += 2;
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        _length += 4;
    }

    public void WriteVariableInteger(uint value) => _length += PutVariableInteger(Room(4), value);

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A field of {value.Length} bytes exceeds the protocol's 65535.", nameof(value));
        }

        WriteUInt16((ushort)value.Length);
        WriteBytes(value);
    }

    public void WriteText(string value)
    {
        int count = Encoding.UTF8.GetByteCount(value);
        if (count > ushort.MaxValue)
        {
            throw new ArgumentException($"Text of {count} bytes exceeds the protocol's 65535.", nameof(value));
        }

        WriteUInt16((ushort)count);
        Encoding.UTF8.GetBytes(value, Room(count));
        _length += count;
    }

    /// <summary>Writes a list of properties with its length before it; null is the empty list.</summary>
    public void WriteProperties(MqttProperties? properties)
    {
        int start = _length;
        properties?.Write(this);
        int count = _length - start;
        int lengthBytes = VariableIntegerBytes((uint)count);
        Room(lengthBytes);
        Buffer.BlockCopy(_buffer, start, _buffer, start + lengthBytes, count);
        PutVariableInteger(_buffer.AsSpan(start), (uint)count);
        _length += lengthBytes;
    }

    /// <summary>How many bytes a variable byte integer takes.</summary>
    public static int VariableIntegerBytes(uint value) => value switch
    {
        < 128 => 1,
        < 16_384 => 2,
        < 2_097_152 => 3,
        _ => 4,
    };

    /// <summary>Writes a variable byte integer and returns its length in bytes.</summary>
    public static int PutVariableInteger(Span<byte> target, uint value)
    {
        if (value > MaximumRemainingLengthBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A variable byte integer is at most 268435455.");
        }

        int count = 0;
        while (value >= 128)
        {
            target[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[count++] = (byte)value;
        return count;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        return _buffer.AsSpan(_length, _buffer.Length - _length);
    }
}
