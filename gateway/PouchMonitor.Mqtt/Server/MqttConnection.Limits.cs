using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What a connection may ask for before it has logged in, and what it may have unacknowledged.</summary>
public sealed partial class MqttConnection
{
    /// <summary>A change of fewer bytes than this is not told to the server, so that the hot path does not touch what all share.</summary>
    private const int ReportedStepBytes = 4096;

    /// <summary>Payload bytes with the application. Guarded by the sender's gate.</summary>
    private int _inFlightBytes;

    /// <summary>As many of them as the server's budget knows of. Guarded by the sender's gate.</summary>
    private int _inFlightReported;

    private int MaximumConnectBytes => Math.Min(_server.Options.MaximumConnectPacketBytes, _server.Options.MaximumPacketBytes);

    /// <summary>A first packet that is not taken. A client that tells its version in what has come learns that its CONNECT is too large.</summary>
    private BatchEnd FaultBeforeConnect(MqttFault fault, in FixedHeader header, ReadOnlySpan<byte> bytes)
    {
        if (fault != MqttFault.PacketTooLarge || header.Type != MqttPacketType.Connect)
        {
            return Fault(MqttFault.PacketNotExpected);
        }

        if (IsV5Connect(bytes[header.HeaderBytes..]))
        {
            Version = MqttProtocolVersion.V5;
            SendConnectAcknowledge(new ConnectAcknowledgePacket
            {
                Reason = MqttReason.PacketTooLarge,
                Properties = new MqttProperties { ReasonString = $"The CONNECT has {header.PacketBytes} bytes, at most {MaximumConnectBytes} are taken." },
            });
            _server.Counters.ConnectRefused(MqttReason.PacketTooLarge);
        }

        return Fault(fault);
    }

    private static bool IsV5Connect(ReadOnlySpan<byte> body)
        => body.Length > 6 && body[..6].SequenceEqual("\0\u0004MQTT"u8) && body[6] >= (byte)MqttProtocolVersion.V5;

    /// <summary>Under the sender's gate: whether one more payload may go to the application. A first one always may.</summary>
    private bool HasRoomInFlight(int payloadBytes)
    {
        if (_inFlightBytes == 0 || (long)_inFlightBytes + payloadBytes <= _server.Options.MaximumInFlightBytesPerConnection)
        {
            return true;
        }

        Interlocked.Increment(ref _server.Counters.InFlightHolds);
        return false;
    }

    /// <summary>Tells the server's budget what has changed, in steps. Not under any lock.</summary>
    private void ReportInFlight()
    {
        int change = Volatile.Read(ref _inFlightBytes) - Volatile.Read(ref _inFlightReported);
        if (change == 0 || (Math.Abs(change) < ReportedStepBytes && Volatile.Read(ref _inFlightBytes) != 0))
        {
            return;
        }

        lock (Sender.Gate)
        {
            change = _inFlightBytes - _inFlightReported;
            _inFlightReported = _inFlightBytes;
        }

        _server.InFlight.Add(change);
    }
}
