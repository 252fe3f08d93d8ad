using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// One deferred acknowledgement of a message that this client received. Tokens may be completed in any order and from any
/// thread: acknowledgements leave in the order in which the messages came. Completing twice, or after the connection has
/// ended, does nothing: the server then sends the message again.
/// </summary>
public readonly struct MqttClientAckToken
{
    private readonly ClientLink? _link;
    private readonly long _number;

    internal MqttClientAckToken(ClientLink link, long number)
    {
        _link = link;
        _number = number;
    }

    /// <summary>False at QoS 0, where there is nothing to acknowledge.</summary>
    public bool IsExpected => _link is not null;

    /// <summary>Lets the acknowledgement go, as soon as those before it have gone. Never blocks on the socket.</summary>
    public void Complete(MqttReason reason = MqttReason.Success) => _link?.CompleteDeferred(_number, reason);
}
