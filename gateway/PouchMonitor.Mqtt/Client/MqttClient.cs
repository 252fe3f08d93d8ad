using System.Net.Sockets;
using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// An MQTT 3.1.1 and 5 client. It does not reconnect by itself; <see cref="ConnectAsync"/> may be called again after a
/// connection has ended. Thread-safe but for connecting, which is one caller's business.
/// </summary>
public sealed class MqttClient(MqttClientOptions options) : IAsyncDisposable
{
    private ClientLink? _link;

    /// <summary>Told once for each connection that was made and has ended, from a thread-pool thread.</summary>
    public event EventHandler<MqttDisconnectedEventArgs>? Disconnected;

    public MqttClientOptions Options { get; } = options;

    /// <summary>As given or as the server assigned it.</summary>
    public string ClientId { get; private set; } = options.ClientId;

    public bool IsConnected => _link is { IsOpen: true };

    /// <summary>Connects. Throws <see cref="MqttClientException"/> with the server's reason where it refuses, and <see cref="SocketException"/> where it cannot be reached.</summary>
    public async Task<MqttConnectResult> ConnectAsync(CancellationToken cancellationToken = default)
    {
        if (IsConnected)
        {
            throw new InvalidOperationException("The client is connected already.");
        }

        (ClientLink link, ConnectAcknowledgePacket answer) = await ClientConnector.ConnectAsync(
            Options, ClientId, Options.CleanStart, new ClientSession(Options.MaximumInFlight, outlivesConnections: false), OnDisconnected,
            cancellationToken).ConfigureAwait(false);
        ClientId = answer.Properties?.AssignedClientIdentifier ?? ClientId;
        _link = link;
        return new MqttConnectResult(answer.SessionPresent, answer.Properties);
    }

    /// <summary>
    /// Publishes one message. At QoS 0 done when it is on its way; at QoS 1 and 2 when the server has acknowledged it,
    /// with the server's reason (always success in MQTT 3.1.1).
    /// </summary>
    public ValueTask<MqttReason> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default)
        => Link().PublishAsync(CheckedTopic(topic), payload, qos, retain, cancellationToken);

    /// <summary>
    /// Publishes one message for throughput: done when it is on its way, waiting only while the window of unacknowledged
    /// messages or the socket is full. The acknowledgement comes to <see cref="MqttClientOptions.PublishAcknowledged"/> with the tag.
    /// The topic must be valid; it is not looked at.
    /// </summary>
    public ValueTask PublishPipelinedAsync(
        ReadOnlyMemory<byte> topicUtf8, ReadOnlyMemory<byte> payload, MqttQos qos, long tag, bool retain = false, CancellationToken cancellationToken = default)
        => Link().PublishPipelinedAsync(topicUtf8, payload, qos, tag, retain, cancellationToken);

    /// <summary>Completes when no publish of QoS 1 or 2 is unacknowledged.</summary>
    public Task WaitForAcknowledgementsAsync(CancellationToken cancellationToken = default) => Link().WaitForAcknowledgementsAsync(cancellationToken);

    /// <summary>Subscribes, and gives the server's reason for each filter: the granted QoS, or a failure.</summary>
    public Task<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttTopicFilter> filters, MqttProperties? properties = null, CancellationToken cancellationToken = default)
        => Link().SubscribeAsync(filters, properties, cancellationToken);

    /// <summary>Subscribes to one filter.</summary>
    public async Task<MqttReason> SubscribeAsync(string filter, MqttQos qos = MqttQos.AtMostOnce, CancellationToken cancellationToken = default)
        => (await SubscribeAsync([new MqttTopicFilter(filter, qos)], properties: null, cancellationToken).ConfigureAwait(false))[0];

    public Task UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default) => Link().UnsubscribeAsync(filters, cancellationToken);

    /// <summary>Ends the connection in order; the server does not send the will, unless asked to by <see cref="MqttReason.DisconnectWithWill"/>.</summary>
    public Task DisconnectAsync(MqttReason reason = MqttReason.Success) => _link is { } link ? link.DisconnectAsync(reason) : Task.CompletedTask;

    /// <summary>Drops the connection without a word, as a failing network would. Does nothing where it has ended already.</summary>
    public void Abort() => _link?.Abort();

    public async ValueTask DisposeAsync() => await DisconnectAsync().ConfigureAwait(false);

    internal static byte[] CheckedTopic(string topic)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(topic);
        if (utf8.Length is 0 or > ushort.MaxValue || TopicRules.HasWildcard(utf8) || utf8.AsSpan().Contains((byte)0))
        {
            throw new ArgumentException($"The topic '{topic}' is empty, longer than 65535 bytes, or has a wildcard or a NUL.", nameof(topic));
        }

        return utf8;
    }

    private ClientLink Link()
        => _link is { IsOpen: true } link ? link : throw new MqttClientException($"The client is not connected to {Options.Host}:{Options.Port}.");

    private void OnDisconnected(MqttReason reason, Exception? exception) => Disconnected?.Invoke(this, new MqttDisconnectedEventArgs(reason, exception));
}
