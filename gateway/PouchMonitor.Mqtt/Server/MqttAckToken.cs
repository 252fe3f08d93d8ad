using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// One deferred acknowledgement. Tokens may be completed in any order and from any thread: acknowledgements leave in
/// the order in which the messages came [MQTT-4.6.0-2], many in one send. Completing twice, or after the connection
/// has ended, does nothing.
/// </summary>
public readonly struct MqttAckToken
{
    private readonly MqttConnection? _connection;
    private readonly long _sequence;

    internal MqttAckToken(MqttConnection connection, long sequence)
    {
        _connection = connection;
        _sequence = sequence;
    }

    /// <summary>False at QoS 0, where there is nothing to acknowledge.</summary>
    public bool IsExpected => _connection is not null;

    /// <summary>Lets the acknowledgement go, as soon as those before it have gone. Never blocks on the socket.</summary>
    public void Complete(MqttReason reason = MqttReason.Success) => _connection?.CompleteDeferred(_sequence, reason);
}
