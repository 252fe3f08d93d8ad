using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks.Api;

/// <summary>
/// A node that samples its channels on the clock and publishes each channel's frames at QoS 1 as they fill, spread over the
/// time of a frame; a channel can be made hot from its next frame on.
/// </summary>
internal sealed class PacedNode : IDisposable
{
    private const int FramesAfter = 3;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string node;
    private readonly int channels;
    private readonly int samplesPerFrame;
    private readonly int evidenceFrames;
    private readonly long intervalMicroseconds;
    private readonly Random random;
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly byte[] packet = new byte[64 * 1024];
    private readonly SampleFrame frame;
    private readonly long[] numbers;
    private readonly int[] hotFrames;
    private int packetId;

    /// <param name="node">Its name.</param>
    /// <param name="channels">Channels, named 1, 2, ...</param>
    /// <param name="samplesPerFrame">Samples in a frame.</param>
    /// <param name="samplesPerSecond">Samples a second of each channel.</param>
    public PacedNode(string node, int channels, int samplesPerFrame, double samplesPerSecond)
    {
        this.node = node;
        this.channels = channels;
        this.samplesPerFrame = samplesPerFrame;
        intervalMicroseconds = (long)(1e6 / samplesPerSecond);
        evidenceFrames = (int)Math.Round(samplesPerSecond / samplesPerFrame);
        random = new Random(node.Length + channels);
        numbers = new long[channels];
        hotFrames = new int[channels];
        frame = new SampleFrame(samplesPerFrame)
        {
            Node = node,
            Boot = (ulong)random.NextInt64() | 1,
            IsLive = true,
            HasBootAnchor = true,
            BootAnchorUnixMicroseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
        };
        frame.Scales[SampleColumns.Voltage].Denominator = 10_000;
        frame.Scales[SampleColumns.Current].Denominator = 1000;
        frame.Scales[SampleColumns.Surface].Denominator = 100;
    }

    /// <summary>
    /// Told the cell and the time (<see cref="Stopwatch.GetTimestamp"/>) before the frame of a channel is sent with which it has
    /// been too hot for the second that the rule asks for.
    /// </summary>
    public Action<string, long>? EvidenceSent { get; set; }

    /// <summary>Name that the gateway gives the cell on a channel.</summary>
    public string CellOf(int channel) => string.Create(CultureInfo.InvariantCulture, $"{node}.{channel + 1}");

    /// <summary>Makes a channel 92 degrees hot for its next frames, from a steady 86; the limit is 90.</summary>
    public void Heat(int channel) => Volatile.Write(ref hotFrames[channel], evidenceFrames + FramesAfter);

    public async Task ConnectAsync(int port)
    {
        await socket.ConnectAsync(IPAddress.Loopback, port);
        byte[] name = Encoding.UTF8.GetBytes(node);
        await socket.SendAsync((byte[])[0x10, (byte)(12 + name.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, (byte)name.Length, .. name]);
        byte[] answer = new byte[4];
        await socket.ReceiveAsync(answer);

        // On a thread of its own: eight that block threads of the pool leave none, at times for most of a second, for the stream
        // client of this same process, which then reads late what came in time.
        new Thread(DiscardAcknowledgements) { IsBackground = true, Name = "acknowledgements" }.Start();
    }

    /// <summary>Publishes on the clock until cancelled.</summary>
    public void Run(CancellationToken stop)
    {
        Stopwatch clock = Stopwatch.StartNew();
        double frameSeconds = samplesPerFrame * intervalMicroseconds / 1e6;
        for (long slot = 0; !stop.IsCancellationRequested; slot++)
        {
            double due = frameSeconds * (1 + (slot / (double)channels));
            double wait = due - clock.Elapsed.TotalSeconds;
            if (wait > 0.0005)
            {
                Thread.Sleep(TimeSpan.FromSeconds(wait));
            }

            Send((int)(slot % channels));
        }
    }

    /// <summary>Publishes frames of channel 1 as fast as they are taken.</summary>
    public void Fill(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            Send(0);
        }
    }

    public void Dispose() => socket.Dispose();

    private void Send(int channel)
    {
        bool isHot = Volatile.Read(ref hotFrames[channel]) > 0;
        bool isEvidence = isHot && hotFrames[channel]-- == FramesAfter;
        frame.Clear();
        frame.Channel = string.Create(CultureInfo.InvariantCulture, $"{channel + 1}");
        frame.FirstSampleNumber = numbers[channel];
        uint states = SensorStates.AllAbsent;
        foreach (int column in (int[])[SampleColumns.Voltage, SampleColumns.Current, SampleColumns.Surface])
        {
            states = SensorStates.With(states, column, SensorState.Good);
        }

        for (int at = 0; at < samplesPerFrame; at++)
        {
            frame.UptimeMicroseconds[at] = (numbers[channel] + at) * intervalMicroseconds;
            frame.Counts[SampleColumns.Voltage][at] = 37_000 + random.Next(-3, 4);
            frame.Counts[SampleColumns.Current][at] = 500 + random.Next(-2, 3);
            frame.Counts[SampleColumns.Surface][at] = (isHot ? 9200 : 8600) + random.Next(-2, 3);
            frame.States[at] = states;
        }

        frame.Count = samplesPerFrame;
        numbers[channel] += samplesPerFrame;
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        byte[] topic = Encoding.UTF8.GetBytes($"pouch/v1/{node}/{frame.Channel}/frame");
        int body = 2 + topic.Length + 2 + length;
        int at0 = 0;
        packet[at0++] = 0x32;
        for (int left = body; ;)
        {
            packet[at0++] = (byte)((left & 127) | (left > 127 ? 128 : 0));
            left >>= 7;
            if (left == 0)
            {
                break;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at0), (ushort)topic.Length);
        topic.CopyTo(packet, at0 + 2);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at0 + 2 + topic.Length), (ushort)((packetId++ % 65535) + 1));
        buffer.AsSpan(0, length).CopyTo(packet.AsSpan(at0 + 4 + topic.Length));
        if (isEvidence)
        {
            EvidenceSent?.Invoke(CellOf(channel), Stopwatch.GetTimestamp());
        }

        for (int sent = 0; sent < at0 + body;)
        {
            sent += socket.Send(packet, sent, at0 + body - sent, SocketFlags.None);
        }
    }

    private void DiscardAcknowledgements()
    {
        byte[] discarded = new byte[16 * 1024];
        try
        {
            while (socket.Receive(discarded) > 0)
            {
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The node was closed.
        }
    }
}
