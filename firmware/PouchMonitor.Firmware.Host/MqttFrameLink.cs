using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// The firmware's link over the gateway's own MQTT client, with the semantics of M2Mqtt: connecting blocks, publishing
/// does not, a word comes later, nothing reconnects by itself. Each connection has a client of its own, so that no word on
/// an older message reaches the publisher.
/// </summary>
public sealed class MqttFrameLink(string clientId, string host, int port, string? userName, string? password) : IFrameLink
{
    private const ushort InFlightLimit = 256;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private IFrameLinkListener? listener;
    private volatile MqttClient? client;
    private int lastId;
    private int inFlight;

    /// <inheritdoc/>
    public bool IsConnected => client is { IsConnected: true };

    /// <summary>Why the last attempt to connect failed; null when it did not.</summary>
    public string? LastFault { get; private set; }

    /// <inheritdoc/>
    public void SetListener(IFrameLinkListener listener) => this.listener = listener;

    /// <inheritdoc/>
    public bool Connect(string willTopic, string willMessage)
    {
        Close();
        var next = new MqttClient(new MqttClientOptions
        {
            Host = host,
            Port = port,
            ClientId = clientId,
            UserName = userName,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
            KeepAlive = KeepAlive,
            AnswerTimeout = AnswerTimeout,
            MaximumInFlight = InFlightLimit,
            MessageReceived = OnReceived,
            Will = new MqttWill
            {
                Topic = willTopic, Payload = Encoding.UTF8.GetBytes(willMessage), Qos = MqttQos.AtLeastOnce, Retain = true,
            },
        });
        try
        {
            next.ConnectAsync().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is MqttClientException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            LastFault = $"{host}:{port}: {exception.Message}";
            return false;
        }

        LastFault = null;
        inFlight = 0;
        client = next;
        return true;
    }

    /// <inheritdoc/>
    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        MqttClient? open = client;
        if (open is not { IsConnected: true } || Volatile.Read(ref inFlight) >= InFlightLimit)
        {
            return 0;
        }

        lastId = lastId == ushort.MaxValue ? 1 : lastId + 1;
        Interlocked.Increment(ref inFlight);
        _ = PublishAsync(open, lastId, topic, payload, isRetained);
        return lastId;
    }

    /// <inheritdoc/>
    public bool Subscribe(string topic)
    {
        if (client is not { IsConnected: true } open)
        {
            return false;
        }

        _ = SubscribeAsync(open, topic);
        return true;
    }

    /// <inheritdoc/>
    public void Close()
    {
        MqttClient? old = client;
        client = null;
        old?.Abort();
    }

    /// <summary>Waits for the acknowledgements under way, then says good-bye in order.</summary>
    public async Task DisconnectAsync(TimeSpan patience)
    {
        if (client is not { IsConnected: true } open)
        {
            return;
        }

        try
        {
            await open.WaitForAcknowledgementsAsync().WaitAsync(patience);
            await open.DisconnectAsync();
        }
        catch (Exception exception) when (exception is MqttClientException or SocketException or TimeoutException or ObjectDisposedException)
        {
            Close();
        }
    }

    private void OnReceived(in MqttReceivedMessage message) => listener?.OnMessage(message.Topic, message.Payload.ToArray());

    private async Task SubscribeAsync(MqttClient over, string topic)
    {
        try
        {
            MqttReason reason = await over.SubscribeAsync(topic, MqttQos.AtLeastOnce);
            LastFault = reason.IsFailure() ? $"{host}:{port}: {topic} refused: {reason}" : LastFault;
        }
        catch (Exception exception) when (exception is MqttClientException or SocketException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            LastFault = $"{host}:{port}: {topic}: {exception.Message}";
        }
    }

    private async Task PublishAsync(MqttClient over, int id, string topic, byte[] payload, bool isRetained)
    {
        bool isPublished;
        try
        {
            MqttReason reason = await over.PublishAsync(topic, payload, MqttQos.AtLeastOnce, isRetained);

            // 0x99 says that the bytes were stored but not understood; sending them again would change nothing.
            isPublished = !reason.IsFailure() || reason == MqttReason.PayloadFormatInvalid;
        }
        catch (Exception exception) when (exception is MqttClientException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            isPublished = false;
        }

        if (ReferenceEquals(over, client))
        {
            Interlocked.Decrement(ref inFlight);
            listener?.OnPublished(id, isPublished);
        }
    }
}
