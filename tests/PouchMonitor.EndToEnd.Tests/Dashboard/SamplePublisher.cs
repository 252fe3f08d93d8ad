using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// Somebody else's device: speaks just enough MQTT 3.1.1 to publish JSON samples with QoS 1, written from the standard and
/// not from the gateway's own code, and waits for each acknowledgement.
/// </summary>
internal sealed class SamplePublisher : IDisposable
{
    private readonly TcpClient tcp = new();
    private readonly string node;
    private NetworkStream? stream;
    private ushort packet;

    private SamplePublisher(string node) => this.node = node;

    /// <summary>Connects as a node and says what cell is on each of its channels.</summary>
    public static async Task<SamplePublisher> ConnectAsync(IPEndPoint endPoint, string node, string statusJson)
    {
        SamplePublisher publisher = new(node);
        await publisher.tcp.ConnectAsync(endPoint);
        publisher.stream = publisher.tcp.GetStream();
        byte[] name = Encoding.UTF8.GetBytes(node);
        await publisher.SendAsync(0x10, [0, 4, .. "MQTT"u8, 4, 0x02, 0, 60, 0, (byte)name.Length, .. name]);
        byte[] answer = await publisher.ReadAsync(4);
        Assert.Equal([0x20, 2, 0, 0], answer);
        await publisher.PublishAsync($"pouch/v1/{node}/status", statusJson, retain: true);
        return publisher;
    }

    /// <summary>Publishes one sample and returns when the gateway has acknowledged it.</summary>
    public Task SampleAsync(string channel, double timeSeconds, double volts, double amperes, double surfaceC, double? infraredC, double ambientC)
    {
        string infrared = infraredC is { } known ? string.Create(CultureInfo.InvariantCulture, $@"""ir"":{known:F2},") : "";
        string json = string.Create(
            CultureInfo.InvariantCulture,
            $@"{{""t"":{timeSeconds:F3},""v"":{volts:F4},""i"":{amperes:F3},""surface"":{surfaceC:F2},{infrared}""ambient"":{ambientC:F2}}}");
        return PublishAsync($"pouch/v1/{node}/{channel}/sample", json, retain: false);
    }

    public void Dispose() => tcp.Dispose();

    private async Task PublishAsync(string topic, string payload, bool retain)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] body = Encoding.UTF8.GetBytes(payload);
        byte[] variable = new byte[2 + name.Length + 2 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(variable, (ushort)name.Length);
        name.CopyTo(variable, 2);
        BinaryPrimitives.WriteUInt16BigEndian(variable.AsSpan(2 + name.Length), ++packet);
        body.CopyTo(variable, 4 + name.Length);
        await SendAsync((byte)(0x32 | (retain ? 1 : 0)), variable);
        Assert.Equal([0x40, 2, (byte)(packet >> 8), (byte)packet], await ReadAsync(4));
    }

    private async Task SendAsync(byte type, byte[] rest)
    {
        List<byte> bytes = [type];
        for (int length = rest.Length; ;)
        {
            int digit = length % 128;
            length /= 128;
            bytes.Add((byte)(length > 0 ? digit | 128 : digit));
            if (length == 0)
            {
                break;
            }
        }

        bytes.AddRange(rest);
        await stream!.WriteAsync(bytes.ToArray());
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        byte[] bytes = new byte[count];
        await stream!.ReadExactlyAsync(bytes, limit.Token);
        return bytes;
    }
}
