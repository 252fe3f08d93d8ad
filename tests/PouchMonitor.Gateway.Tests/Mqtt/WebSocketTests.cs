using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>MQTT over WebSocket through the gateway's own HTTP port, with .NET's client.</summary>
public sealed class WebSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] Ping = [0xC0, 0];

    [Fact]
    public async Task PacketsMayStraddleFrames_AndShareThem()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using ClientWebSocket socket = await Open(bench);
        Assert.Equal("mqtt", socket.SubProtocol);
        foreach (byte one in Connect("straddles"))
        {
            await Send(socket, [one]);
        }

        await Send(socket, []);
        byte[] answer = await Read(socket, 4);
        Assert.Equal([0x20, 0x02, 0, 0], answer);
        byte[] publishes = [.. Enumerable.Range(1, 300).SelectMany(index => Publish($"x/{index}", index))];
        foreach (byte[] part in publishes.Chunk(97))
        {
            await Send(socket, part);
        }

        byte[] answers = await Read(socket, 300 * 4);
        for (int index = 1; index <= 300; index++)
        {
            Assert.Equal([0x40, 2, (byte)(index >> 8), (byte)index], answers[((index - 1) * 4)..(index * 4)]);
        }

        await socket.SendAsync(publishes.AsMemory(0, 5), WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await socket.SendAsync(publishes.AsMemory(5), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        Assert.Equal(answers, await Read(socket, 300 * 4));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task ATextFrame_EndsTheConnection()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using ClientWebSocket socket = await Open(bench);
        await Send(socket, Connect("texts"));
        await Read(socket, 4);
        await socket.SendAsync(Ping, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        Assert.Empty(await ReadToEnd(socket));
    }

    [Fact]
    public async Task AConnectionThatIsOver_IsForgotten_HoweverItEnds()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using (ClientWebSocket leaves = await Open(bench))
        {
            await Send(leaves, Connect("leaves"));
            await Read(leaves, 4);
            await Send(leaves, [0xE0, 0]);
            Assert.Empty(await ReadToEnd(leaves));
        }

        using (ClientWebSocket breaks = await Open(bench))
        {
            await Send(breaks, Connect("breaks"));
            await Read(breaks, 4);
            breaks.Abort();
        }

        using HttpClient http = new();
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!(await http.GetStringAsync(new Uri(bench.Gateway.HttpAddress + "/metrics"), limit.Token)).Contains("\npouchmonitor_mqtt_connections 0\n", StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task AGatewayThatStops_SaysSo_AndDoesNotWaitForItsClients()
    {
        GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using ClientWebSocket socket = await Open(bench);
        await Send(socket, new ConnectPacket { ClientId = "stays" }.Write(new MqttWriter()).ToArray());
        byte[] head = await Read(socket, 2);
        await Read(socket, head[1]);
        Task stop = bench.DisposeAsync().AsTask();
        Assert.Equal([0xE0, 1, (byte)MqttReason.ServerShuttingDown], await ReadToEnd(socket));
        await stop.WaitAsync(Patience);
    }

    [Fact]
    public async Task TheSameRulesHold_AsOverASocket()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options);
        string token = bench.Access.AddNode("n7");
        using ClientWebSocket nobody = await Open(bench);
        await Send(nobody, Connect("nobody"));
        Assert.Equal([0x20, 0x02, 0, 5], await ReadToEnd(nobody));
        using ClientWebSocket wrong = await Open(bench);
        await Send(wrong, Connect("wrong", "n7", new string('0', 64)));
        Assert.Equal([0x20, 0x02, 0, 4], await ReadToEnd(wrong));
        using ClientWebSocket right = await Open(bench);
        await Send(right, Connect("right", "n7", token));
        Assert.Equal([0x20, 0x02, 0, 0], await Read(right, 4));
    }

    [Theory]
    [InlineData("mqtt", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("mqtt", "null", HttpStatusCode.Forbidden)]
    [InlineData("mqtt", "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.BadRequest)]
    [InlineData("stomp", null, HttpStatusCode.BadRequest)]
    [InlineData("mqtt", "self", HttpStatusCode.SwitchingProtocols)]
    public async Task OnlyMqtt_AndOnlyFromHere(string? protocol, string? origin, HttpStatusCode expected)
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin == "self" ? bench.Gateway.HttpAddress : origin);
        }

        Task opening = socket.ConnectAsync(bench.WebSocketAddress, CancellationToken.None).WaitAsync(Patience);
        if (expected == HttpStatusCode.SwitchingProtocols)
        {
            await opening;
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => opening);
        }

        Assert.Equal(expected, socket.HttpStatusCode);
    }

    [Fact]
    public async Task APlainRequest_IsToldToUpgrade()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options);
        using HttpClient http = new();
        using HttpResponseMessage answer = await http.GetAsync(new Uri(bench.Gateway.HttpAddress + "/mqtt"));
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    private static async Task<ClientWebSocket> Open(GatewayBench bench)
    {
        ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(bench.WebSocketAddress, CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private static byte[] Connect(string client, string? user = null, string? token = null) => new ConnectPacket
    {
        Version = MqttProtocolVersion.V311,
        ClientId = client,
        UserName = user,
        Password = token is null ? null : Encoding.UTF8.GetBytes(token),
    }.Write(new MqttWriter()).ToArray();

    private static byte[] Publish(string topic, int identifier)
    {
        PublishEncoder encoder = new(MqttProtocolVersion.V311, Encoding.UTF8.GetBytes(topic), new byte[20], MqttQos.AtLeastOnce);
        byte[] packet = new byte[encoder.PacketBytes];
        encoder.Write(packet, (ushort)identifier, retain: false, duplicate: false);
        return packet;
    }

    private static Task Send(ClientWebSocket socket, byte[] bytes) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);

    private static async Task<byte[]> Read(ClientWebSocket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(bytes, have, count - have), CancellationToken.None).WaitAsync(Patience);
            Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
            have += result.Count;
        }

        return bytes;
    }

    /// <summary>What still comes before the server's end, which must be an orderly one.</summary>
    private static async Task<byte[]> ReadToEnd(ClientWebSocket socket)
    {
        ArrayBufferWriter<byte> all = new();
        byte[] buffer = new byte[4096];
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None).WaitAsync(Patience);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return all.WrittenSpan.ToArray();
            }

            all.Write(buffer.AsSpan(0, result.Count));
        }
    }
}
