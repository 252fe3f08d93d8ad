using System.Collections.Concurrent;
using System.Net;
using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Firmware.Tests;

/// <summary>A real MQTT server that keeps what it is sent; a test may have it refuse some frames first.</summary>
internal sealed class CollectingServer : IMqttServerHandler, IAsyncDisposable
{
    private readonly MqttServer server;
    private int refusals;

    private CollectingServer(int port) => server = new MqttServer(
        new MqttServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port) }, this);

    public int Port => server.EndPoint.Port;

    public ConcurrentQueue<byte[]> Frames { get; } = new();

    public ConcurrentQueue<string> Statuses { get; } = new();

    public static async Task<CollectingServer> StartAsync(int port = 0, int refusals = 0)
    {
        var started = new CollectingServer(port) { refusals = refusals };
        await started.server.StartAsync();
        return started;
    }

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(MqttReason.Success);

    public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
    {
        refusal = MqttReason.NotAuthorized;
        return false;
    }

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        string topic = Encoding.UTF8.GetString(publish.TopicUtf8);
        if (topic.EndsWith("/frame", StringComparison.Ordinal))
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                return PublishOutcome.Refuse(MqttReason.QuotaExceeded);
            }

            Frames.Enqueue(publish.Payload.ToArray());
        }
        else if (topic.EndsWith("/status", StringComparison.Ordinal))
        {
            Statuses.Enqueue(Encoding.UTF8.GetString(publish.Payload));
        }

        return PublishOutcome.Acknowledge;
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void OnDisconnected(MqttConnection connection, MqttReason reason)
    {
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
