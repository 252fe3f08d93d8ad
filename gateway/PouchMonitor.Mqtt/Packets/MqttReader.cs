using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace PouchMonitor.Mqtt.Packets;

/// <summary>
/// Reads the fields of one packet in place. The first fault sticks: every later read gives an empty value, so that
/// callers check <see cref="Fault"/> once at the end. It never throws and never reads past its span.
/// </summary>
public ref struct MqttReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public MqttReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
        Fault = MqttFault.None;
    }

    /// <summary>The first fault met, or <see cref="MqttFault.None"/>.</summary>
    public MqttFault Fault { get; private set; }

    /// <summary>Bytes not yet read; 0 once a fault was met.</summary>
    public readonly int RemainingBytes => _bytes.Length - _position;

    public readonly int Position => _position;

    public readonly bool IsAtEnd => _position >= _bytes.Length;

    /// <summary>Notes a fault unless there is one already, and ends all reading.</summary>
    public void Fail(MqttFault fault)
    {
        if (Fault == MqttFault.None)
        {
            Fault = fault;
        }

        _position = _bytes.Length;
    }

    public byte ReadByte()
    {
        if ((uint)_position >= (uint)_bytes.Length)
        {
            Fail(MqttFault.Truncated);
            return 0;
        }

        return _bytes[_position++];
    }

    public ushort ReadUInt16()
    {
        if (RemainingBytes < 2)
        {
            Fail(MqttFault.Truncated);
            return 0;
        }

        ushort value = BinaryPrimitives.ReadUInt16BigEndian(_bytes[_position..]);
        _position += 2;
        return value;
    }

    public uint ReadUInt32()
    {
        if (RemainingBytes < 4)
        {
            Fail(MqttFault.Truncated);
            return 0;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(_bytes[_position..]);
        _position += 4;
        return value;
    }

    /// <summary>A variable byte integer: one to four bytes, 0 to 268,435,455, in its shortest form.</summary>
    public uint ReadVariableInteger()
    {
        uint value = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            byte next = ReadByte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                if (next == 0 && shift > 0)
                {
                    Fail(MqttFault.VariableIntegerNotMinimal);
                    return 0;
                }

                return value;
            }
        }

        Fail(MqttFault.VariableIntegerTooLong);
        return 0;
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)RemainingBytes)
        {
            Fail(MqttFault.Truncated);
            return default;
        }

        ReadOnlySpan<byte> value = _bytes.Slice(_position, count);
        _position += count;
        return value;
    }

    public ReadOnlySpan<byte> ReadRest() => ReadBytes(RemainingBytes);

    /// <summary>Binary data: a two-byte length and that many bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary() => ReadBytes(ReadUInt16());

    /// <summary>Text as its UTF-8 bytes: well-formed and without U+0000 (section 1.5.4).</summary>
    public ReadOnlySpan<byte> ReadTextUtf8()
    {
        ReadOnlySpan<byte> text = ReadBinary();
        if (text.Contains((byte)0))
        {
            Fail(MqttFault.NulInText);
            return default;
        }

        if (!Utf8.IsValid(text))
        {
            Fail(MqttFault.InvalidUtf8);
            return default;
        }

        return text;
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadTextUtf8());

    /// <summary>A packet identifier, which is never 0.</summary>
    public ushort ReadPacketIdentifier()
    {
        ushort value = ReadUInt16();
        if (value == 0)
        {
            Fail(MqttFault.PacketIdentifierZero);
        }

        return value;
    }

    /// <summary>Notes a fault when bytes are left.</summary>
    public void ExpectEnd()
    {
        if (Fault == MqttFault.None && _position != _bytes.Length)
        {
            Fail(MqttFault.TrailingBytes);
        }
    }
}
