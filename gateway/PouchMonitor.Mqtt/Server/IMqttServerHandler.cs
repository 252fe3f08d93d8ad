using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// The application behind a server endpoint: it judges who may connect and subscribe, takes what is published, and
/// decides when each publish is acknowledged. Calls for one connection come one after another; different connections
/// call at the same time from different threads. An exception from a call ends that connection (0x80) and is counted.
/// </summary>
public interface IMqttServerHandler
{
    /// <summary>
    /// Judges a CONNECT. <see cref="MqttReason.Success"/> lets it in; otherwise the client gets the reason (or the
    /// nearest 3.1.1 return code). The request holds the client's password, which must never be logged; it is valid
    /// only until this call has completed.
    /// </summary>
    ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// The identity for a session that is there again after a restart and whose client has not yet come back, by what was
    /// its <see cref="MqttConnectRequest.IdentityName"/>. Wills that the former process owed are published in its name.
    /// </summary>
    object? RestoreIdentity(string clientId, string? identityName) => null;

    /// <summary>The connection is in use from now on; the CONNACK has not yet been sent. It holds up other connects: it must be quick.</summary>
    void OnConnected(MqttConnection connection)
    {
    }

    /// <summary>
    /// Whether the session may subscribe to the filter (of a shared subscription the part behind the group's name); when not, <paramref name="refusal"/> is a failure code for SUBACK,
    /// usually <see cref="MqttReason.NotAuthorized"/>.
    /// </summary>
    bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal);

    /// <summary>
    /// Whether a retained message still goes to new subscribers. Asked on each delivery from the store, so that what someone
    /// left who has since lost the right to write there (<see cref="MqttMessage.Publisher"/>) is not read by anyone. It must
    /// be quick; a refusal is counted as <see cref="MqttDropReason.AccessRevoked"/>.
    /// </summary>
    bool MayDeliverRetained(MqttMessage message) => true;

    /// <summary>
    /// Takes one message, on the connection's reading thread: it must not block. The spans are valid only during the call.
    /// Wills come here too (<see cref="MqttInboundPublish.IsWill"/>), in the name of the session that left them.
    /// </summary>
    PublishOutcome OnPublish(in MqttInboundPublish publish);

    /// <summary>
    /// Awaited by a connection's reader after <see cref="PublishOutcome.Busy"/>; the same message is offered again when
    /// it completes. Nothing is read from that socket meanwhile, and its keep-alive does not run.
    /// </summary>
    ValueTask WhenReadyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The connection has ended, once for each <see cref="OnConnected"/>. <see cref="MqttReason.Success"/> is the
    /// client's own DISCONNECT, <see cref="MqttReason.UnspecifiedError"/> a connection that just broke.
    /// </summary>
    void OnDisconnected(MqttConnection connection, MqttReason reason);
}
