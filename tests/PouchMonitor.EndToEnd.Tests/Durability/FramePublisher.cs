using System.Net.Sockets;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>
/// A bare MQTT 3.1.1 publisher, its packets written by hand so that the tests know every byte: publishes frames of one
/// channel with QoS 1, several on their way at once, and knows which were acknowledged.
/// </summary>
internal sealed class FramePublisher(int port, string node, ulong boot) : IDisposable
{
    private readonly TcpClient socket = new("127.0.0.1", port) { NoDelay = true };

    /// <summary>The bytes of the frame that starts at a sample number.</summary>
    public static byte[] FrameBytes(string node, ulong boot, long number, int samples = 32)
    {
        var frame = new SampleFrame(samples)
        {
            Node = node, Channel = "1", Boot = boot, FirstSampleNumber = number * samples, Count = samples, IsLive = true,
        };
        var random = new Random((int)(number ^ (long)boot));
        for (int at = 0; at < samples; at++)
        {
            frame.UptimeMicroseconds[at] = ((number * samples) + at) * 10_000;
            frame.States[at] = SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good);
            frame.Counts[SampleColumns.Voltage][at] = 3_700_000 + random.Next(1_000_000);
        }

        frame.Scales[SampleColumns.Voltage].Denominator = 1_000_000;
        var buffer = new byte[4096];
        return buffer[..SampleFrameEncoder.Encode(frame, buffer, 0)];
    }

    /// <summary>Packet id of a frame: 1 to 65535, over and over.</summary>
    public static ushort PacketId(long number) => (ushort)((number % 65535) + 1);

    public async Task ConnectAsync(CancellationToken token)
    {
        byte[] id = System.Text.Encoding.UTF8.GetBytes(node);
        byte[] packet = [0x10, (byte)(12 + id.Length), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, (byte)id.Length, .. id];
        var stream = socket.GetStream();
        await stream.WriteAsync(packet, token);
        var answer = new byte[4];
        await stream.ReadExactlyAsync(answer, token);
        Assert.Equal([0x20, 2, 0, 0], answer);
    }

    public async Task PublishAsync(long number, CancellationToken token)
    {
        byte[] topic = System.Text.Encoding.UTF8.GetBytes(TopicNames.Frame(node, "1"));
        byte[] frame = FrameBytes(node, boot, number);
        int length = 2 + topic.Length + 2 + frame.Length;
        ushort id = PacketId(number);
        byte[] packet =
        [
            0x32, (byte)((length & 0x7F) | 0x80), (byte)(length >> 7), 0, (byte)topic.Length, .. topic,
            (byte)(id >> 8), (byte)id, .. frame,
        ];
        Assert.InRange(length, 128, 16383);
        await socket.GetStream().WriteAsync(packet, token);
    }

    /// <summary>Packet id of the next acknowledgement.</summary>
    public async Task<ushort> ReadAcknowledgementAsync(CancellationToken token)
    {
        var answer = new byte[4];
        await socket.GetStream().ReadExactlyAsync(answer, token);
        Assert.Equal([0x40, 2], answer[..2]);
        return (ushort)((answer[2] << 8) | answer[3]);
    }

    public void Dispose() => socket.Dispose();
}
