using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PouchMonitor.Benchmarks;

/// <summary>One node of the load: a plain socket that keeps a window of prepared publishes unacknowledged.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string node;
    private readonly string token;
    private readonly int window;
    private readonly byte[][] packets;
    private readonly byte[] acknowledgements = new byte[64 * 1024];
    private readonly byte[] batch = new byte[256 * 1024];
    private int next;
    private int partial;

    public LoadConnection(string node, string token, int samplesPerFrame, int frames, int window)
    {
        this.node = node;
        this.token = token;
        this.window = window;
        NoisyFrames source = new(node, (ulong)node.GetHashCode(StringComparison.Ordinal) | 1, samplesPerFrame, seed: node.Length);
        byte[] topic = Encoding.UTF8.GetBytes($"pouch/v1/{node}/1/frame");
        packets = new byte[frames][];
        for (int i = 0; i < frames; i++)
        {
            packets[i] = Publish(topic, source.Next(), (ushort)((i % 65535) + 1));
        }
    }

    public async Task ConnectAsync(int port)
    {
        await socket.ConnectAsync(IPAddress.Loopback, port);
        List<byte> body = [0, 4, .. "MQTT"u8, 4, 0b1100_0010, 0, 60];
        foreach (string text in (string[])[node, node, token])
        {
            body.Add((byte)(text.Length >> 8));
            body.Add((byte)text.Length);
            body.AddRange(Encoding.UTF8.GetBytes(text));
        }

        await socket.SendAsync((byte[])[0x10, .. Length(body.Count), .. body]);
        byte[] answer = new byte[4];
        int read = await socket.ReceiveAsync(answer);
        if (read != 4 || answer[0] != 0x20 || answer[3] != 0)
        {
            throw new InvalidOperationException($"CONNACK {Convert.ToHexString(answer.AsSpan(0, read))}");
        }
    }

    /// <summary>Sends the next frames and returns when each is acknowledged.</summary>
    public void Send(int count)
    {
        int sent = 0;
        int acknowledged = 0;
        while (acknowledged < count)
        {
            int length = 0;
            while (sent < count && sent - acknowledged < window && length + packets[next].Length <= batch.Length)
            {
                packets[next].CopyTo(batch, length);
                length += packets[next].Length;
                next++;
                sent++;
            }

            for (int at = 0; at < length;)
            {
                at += socket.Send(batch, at, length - at, SocketFlags.None);
            }

            int read = socket.Receive(acknowledgements) + partial;
            if (read == partial)
            {
                throw new InvalidOperationException("The gateway closed the connection.");
            }

            acknowledged += read / 4;
            partial = read % 4;
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Publish(byte[] topic, byte[] payload, ushort id)
    {
        byte[] head = new byte[2 + topic.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)topic.Length);
        topic.CopyTo(head, 2);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2 + topic.Length), id);
        return [0x32, .. Length(head.Length + payload.Length), .. head, .. payload];
    }

    private static byte[] Length(int length)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((length & 127) | (length > 127 ? 128 : 0)));
            length >>= 7;
        }
        while (length > 0);
        return [.. bytes];
    }
}
