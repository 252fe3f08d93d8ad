namespace PouchMonitor.Mqtt.Packets;

/// <summary>
/// Walks a list of properties in place and without allocating, checking that each is known, allowed where it stands,
/// not repeated, and within its range.
/// </summary>
public ref struct PropertyScanner
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly MqttPropertyPlace _place;
    private MqttReader _reader;
    private ulong _seen;

    /// <summary>Starts on the property bytes alone, without their length.</summary>
    public PropertyScanner(ReadOnlySpan<byte> properties, MqttPropertyPlace place)
    {
        _bytes = properties;
        _reader = new MqttReader(properties);
        _place = place;
    }

    public readonly MqttFault Fault => _reader.Fault;

    public MqttPropertyId Id { get; private set; }

    /// <summary>The value of a numeric property.</summary>
    public uint Number { get; private set; }

    /// <summary>The bytes of text or binary data; the name of a user property.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> SecondBytes { get; private set; }

    /// <summary>The property as it was coded, identifier included.</summary>
    public ReadOnlySpan<byte> Coded { get; private set; }

    /// <summary>Moves to the next property; false at the end and at the first fault.</summary>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
        {
            return false;
        }

        int start = _reader.Position;
        uint id = _reader.ReadVariableInteger();
        PropertyKind kind = PropertyRules.KindOf(id);
        if (_reader.Fault != MqttFault.None || !Admit(id, kind))
        {
            return false;
        }

        Bytes = default;
        SecondBytes = default;
        Number = 0;
        switch (kind)
        {
            case PropertyKind.Flag:
                Number = _reader.ReadByte();
                Require(Number <= 1);
                break;
            case PropertyKind.UInt16:
                Number = _reader.ReadUInt16();
                break;
            case PropertyKind.PositiveUInt16:
                Number = _reader.ReadUInt16();
                Require(Number != 0);
                break;
            case PropertyKind.UInt32:
                Number = _reader.ReadUInt32();
                break;
            case PropertyKind.PositiveUInt32:
                Number = _reader.ReadUInt32();
                Require(Number != 0);
                break;
            case PropertyKind.PositiveVariableInteger:
                Number = _reader.ReadVariableInteger();
                Require(Number != 0);
                break;
            case PropertyKind.Text:
                Bytes = _reader.ReadTextUtf8();
                break;
            case PropertyKind.Binary:
                Bytes = _reader.ReadBinary();
                break;
            default:
                Bytes = _reader.ReadTextUtf8();
                SecondBytes = _reader.ReadTextUtf8();
                break;
        }

        if (_reader.Fault != MqttFault.None)
        {
            return false;
        }

        Coded = _bytes[start.._reader.Position];
        return true;
    }

    private bool Admit(uint id, PropertyKind kind)
    {
        if (kind == PropertyKind.Unknown)
        {
            _reader.Fail(MqttFault.UnknownProperty);
            return false;
        }

        Id = (MqttPropertyId)id;
        if (!PropertyRules.IsAllowed(Id, _place))
        {
            _reader.Fail(MqttFault.PropertyNotAllowed);
            return false;
        }

        ulong bit = 1UL << (int)id;
        if ((_seen & bit) != 0 && !PropertyRules.MayRepeat(Id, _place))
        {
            _reader.Fail(MqttFault.PropertyRepeated);
            return false;
        }

        _seen |= bit;
        return true;
    }

    private void Require(bool valid)
    {
        if (!valid)
        {
            _reader.Fail(MqttFault.PropertyValueInvalid);
        }
    }
}
