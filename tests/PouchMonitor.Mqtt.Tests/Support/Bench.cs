using System.Collections.Concurrent;
using System.Net;
using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Tests.Support;

internal sealed record Got(string Topic, string Payload, MqttQos Qos, bool Retain, bool Duplicate);

/// <summary>A server on a free port with its handler, and clients against it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly List<MqttClient> _clients = [];

    private Bench(MqttServer server, TestHandler handler)
    {
        Server = server;
        Handler = handler;
    }

    public MqttServer Server { get; }

    public TestHandler Handler { get; }

    public static async Task<Bench> StartAsync(Func<MqttServerOptions>? options = null, TestHandler? handler = null)
    {
        handler ??= new TestHandler();
        var server = new MqttServer(options?.Invoke() ?? Options(), handler);
        await server.StartAsync();
        return new Bench(server, handler);
    }

    public static MqttServerOptions Options() => new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };

    public async Task<(MqttClient Client, ConcurrentQueue<Got> Got)> ConnectAsync(MqttClientOptions wished, Action<Got>? onMessage = null)
    {
        var got = new ConcurrentQueue<Got>();
        var client = new MqttClient(new MqttClientOptions
        {
            Host = Server.EndPoint.Address.ToString(),
            Port = Server.EndPoint.Port,
            Version = wished.Version,
            ClientId = wished.ClientId,
            UserName = wished.UserName,
            Password = wished.Password,
            CleanStart = wished.CleanStart,
            SessionExpirySeconds = wished.SessionExpirySeconds,
            KeepAlive = wished.KeepAlive,
            Will = wished.Will,
            ReceiveMaximum = wished.ReceiveMaximum,
            MaximumInFlight = wished.MaximumInFlight,
            PublishAcknowledged = wished.PublishAcknowledged,
            MessageReceived = (in MqttReceivedMessage message) =>
            {
                var item = new Got(message.Topic, Encoding.UTF8.GetString(message.Payload), message.Qos, message.Retain, message.Duplicate);
                onMessage?.Invoke(item);
                got.Enqueue(item);
            },
        });
        await client.ConnectAsync();
        _clients.Add(client);
        return (client, got);
    }

    public Task<(MqttClient Client, ConcurrentQueue<Got> Got)> ConnectAsync(MqttProtocolVersion version, string clientId = "")
        => ConnectAsync(new MqttClientOptions { Version = version, ClientId = clientId });

    public RawPeer Raw() => new(Server.EndPoint);

    public async ValueTask DisposeAsync()
    {
        foreach (MqttClient client in _clients)
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
