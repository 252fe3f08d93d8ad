using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Links;

/// <summary>The link over this project's own MQTT client.</summary>
public sealed class ClientBrokerLink : IBrokerLink
{
    private readonly MqttReconnectingClient client;
    private IBrokerLinkHandler? handler;
    private volatile bool isSubscribed;
    private volatile string? subscriptionError;

    /// <exception cref="InvalidDataException">A certificate or key cannot be read.</exception>
    public ClientBrokerLink(BrokerLinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        client = new MqttReconnectingClient(new MqttReconnectOptions
        {
            Client = new MqttClientOptions
            {
                Host = options.Host,
                Port = options.Port,
                Tls = options.Tls ? MqttClientTls.Load(options.AuthorityFile, options.CertificateFile, options.KeyFile, options.TlsHostName) : null,
                Version = options.IsMqtt5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
                ClientId = options.ClientId,
                UserName = options.UserName,
                Password = options.Password,
                CleanStart = options.CleanStart,
                SessionExpirySeconds = options.SessionExpirySeconds,
                KeepAlive = TimeSpan.FromSeconds(options.KeepAliveSeconds),
                ReceiveMaximum = (ushort)options.ReceiveMaximum,
                MessageOffered = Offer,
                WhenReady = cancellation => handler!.WhenReadyAsync(cancellation),
            },
            FirstDelay = TimeSpan.FromMilliseconds(options.RetryMilliseconds.First),
            LongestDelay = TimeSpan.FromMilliseconds(options.RetryMilliseconds.Longest),
            Subscriptions = [.. options.Filters.Select(filter => new MqttTopicFilter(filter, MqttQos.AtLeastOnce))],
            StateChanged = OnStateChanged,
        });
    }

    /// <inheritdoc/>
    public BrokerLinkState State
    {
        get
        {
            MqttReconnectSnapshot now = client.Snapshot();
            bool isConnected = now.State == MqttConnectionState.Connected;
            return new BrokerLinkState(
                isConnected, isConnected && isSubscribed, subscriptionError ?? now.LastError, now.Connections, now.FailedAttempts, now.LostSessions,
                now.UndecidedMessages);
        }
    }

    /// <inheritdoc/>
    public void Start(IBrokerLinkHandler handler)
    {
        this.handler = handler;
        client.Start();
    }

    /// <inheritdoc/>
    public async Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        try
        {
            return await client.PublishAsync(topic, payload, MqttQos.AtLeastOnce, retain, cancellationToken);
        }
        catch (MqttClientException error)
        {
            throw new BrokerLinkException(error.Message, error);
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private PublishOutcome Offer(in MqttReceivedMessage message)
    {
        IncomingMessage incoming = new() { TopicUtf8 = message.TopicUtf8, Payload = message.Payload, Receipt = new MessageReceipt(message.Token) };
        return handler!.OnMessage(in incoming) switch
        {
            MessageVerdict.Deferred => PublishOutcome.Deferred(),
            MessageVerdict.Busy => PublishOutcome.Busy,
            MessageVerdict.Refuse => PublishOutcome.Refuse(MqttReason.NotAuthorized),
            _ => PublishOutcome.Acknowledge,
        };
    }

    private void OnStateChanged(MqttStateChange change)
    {
        if (change.State == MqttConnectionState.Connected)
        {
            subscriptionError = change.Error;
            isSubscribed = change.Error is null;
            handler!.OnConnected();
        }
    }
}
