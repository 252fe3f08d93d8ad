using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>A node whose channels hang on a multiplexer, each with a front end of scripted quantities.</summary>
internal sealed class ScriptedBench
{
    public const long Second = 1_000_000;

    public ScriptedBench(int channels, Action<NodeConfiguration>? change = null)
    {
        Configuration = new NodeConfiguration { Node = "n1", BrokerHost = "h", StoreFrameCount = 4096, StoreBytes = 8 * 1024 * 1024 };
        Configuration.Channels = new ChannelConfiguration[channels];
        for (int i = 0; i < channels; i++)
        {
            Configuration.Channels[i] = new ChannelConfiguration { Name = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), MultiplexerOutput = i };
        }

        change?.Invoke(Configuration);
        Board = new EmulatedBoard(7);
        Multiplexer = Board.Bus.AttachMultiplexer(Configuration.MultiplexerAddress);
        Rigs = [.. Configuration.Channels.Select((channel, i) =>
            new ScriptedRig(Multiplexer.Segment(channel.MultiplexerOutput), Board.Time, channel, (ulong)i + 1))];
        Node = new PouchNode(Configuration, Board, Link);
    }

    public NodeConfiguration Configuration { get; }

    public EmulatedBoard Board { get; }

    public EmulatedTca9548A Multiplexer { get; }

    public ScriptedRig[] Rigs { get; }

    public MemoryLink Link { get; } = new();

    public PouchNode Node { get; }

    /// <summary>Samples and publishes in turn up to a virtual time.</summary>
    public void RunUntil(double seconds, Action? afterPass = null)
    {
        long until = (long)(seconds * Second);
        long pumpAt = Board.Time.UptimeMicroseconds;
        while (Node.Loop.RunNext(until))
        {
            afterPass?.Invoke();
            if (Board.Time.UptimeMicroseconds >= pumpAt)
            {
                Node.Publisher.Pump(Board.Time.UptimeMicroseconds);
                pumpAt += Second / 20;
            }
        }

        Board.Time.AdvanceTo(until);
        for (int i = 0; i < 5; i++)
        {
            Node.Publisher.Pump(until + i);
        }
    }

    /// <summary>The frames that arrived, decoded.</summary>
    public List<SampleFrame> Frames(FrameKind kind, string channel = "1")
    {
        var frames = new List<SampleFrame>();
        foreach (byte[] bytes in Link.Frames)
        {
            var frame = new SampleFrame(SampleFrame.MaximumSamples);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
            if (frame.Kind == kind && frame.Channel == channel)
            {
                frames.Add(frame);
            }
        }

        return frames;
    }
}
