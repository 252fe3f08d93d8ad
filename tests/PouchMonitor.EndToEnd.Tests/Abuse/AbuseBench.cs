using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation.Abuse;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>
/// An emulated abuse through the shipped firmware in virtual time: the emulated board's registers, the fast rate, frames over a
/// link in memory, and what a gateway makes of them. Network and power can be taken away.
/// </summary>
internal sealed class AbuseBench
{
    /// <summary>Virtual Unix time at which the node starts, s.</summary>
    public const double StartS = 1_790_000_000;

    /// <summary>Virtual time from the first fast sample to the event, s.</summary>
    public const double DelayS = 35;

    /// <summary>The emulated cell shows nothing of the event before its next step, s; and a tenth of a millisecond of rounding.</summary>
    public const double EmulatedStepS = AbuseCell.StepS + 0.0001;

    private const double TurnS = 0.05;

    public AbuseBench(AbuseScript script, bool hasTriggerInput = true)
    {
        Node = new EmulatedNode(
            new EmulatedNodeOptions
            {
                Node = "n1",
                CellName = "dne-pouch",
                SampleInterval = TimeSpan.FromMilliseconds(100),
                VirtualStartUnixMicroseconds = (long)(StartS * 1e6),
                Abuse = script,
                AbuseDelay = TimeSpan.FromSeconds(DelayS),
                HasTriggerInput = hasTriggerInput,
                StoreFlashBytes = 2 * 1024 * 1024,
            },
            Broker);
        Run(3);
        Broker.Deliver("pouch/v1/n1/command", """{"id":"begin","command":"begin-abuse"}""");
        Run(0.5);
        Assert.Equal("1", Node.Node.Abuse.FastChannel);
    }

    public EmulatedNode Node { get; }

    public MemoryBroker Broker { get; } = new();

    /// <summary>Virtual time since the node's first start, s.</summary>
    public double NowS => Node.Board.Time.UptimeMicroseconds / 1e6;

    /// <summary>Virtual Unix time of the event, s.</summary>
    public double EventS => StartS + Node.Abuse!.BeganS!.Value;

    /// <summary>Lets so much virtual time pass.</summary>
    public void Run(double seconds)
    {
        double until = NowS + seconds;
        while (NowS + 1e-6 < until)
        {
            double turn = Math.Min(until, NowS + TurnS);
            Node.SampleUntil((long)Math.Round(turn * 1e6));
            Node.Care.Pump(Node.Board.Clock.UptimeMicroseconds);
        }
    }

    /// <summary>Lets time pass until so long after the event.</summary>
    public void RunUntilAfterEvent(double seconds) => Run(Node.Abuse!.BeganS!.Value + seconds - NowS);

    /// <summary>Every sample that arrived, once, in order of time.</summary>
    public Sample[] Samples()
    {
        SortedDictionary<long, Sample> samples = [];
        foreach (SampleFrame frame in Frames(FrameKind.Samples))
        {
            for (int at = 0; at < frame.Count; at++)
            {
                Sample sample = default;
                FrameSamples.Read(frame, at, frame.BootAnchorUnixMicroseconds, ref sample);
                samples[sample.TimeMicroseconds] = sample;
            }
        }

        return [.. samples.Values];
    }

    /// <summary>The images of the infrared array.</summary>
    public IEnumerable<AbuseImage> Images()
    {
        foreach (SampleFrame frame in Frames(FrameKind.Image))
        {
            for (int first = 0; first < frame.Count; first += ImageRules.Pixels)
            {
                yield return new AbuseImage(
                    (frame.BootAnchorUnixMicroseconds + frame.UptimeMicroseconds[first]) / 1e6, ImageRules.Side, ImageRules.Side,
                    [.. Enumerable.Range(first, ImageRules.Pixels).Select(at =>
                        ScaledValue.Of(frame.Counts[SampleColumns.Infrared][at], frame.Scales[SampleColumns.Infrared]))]);
            }
        }
    }

    /// <summary>The event of the trigger input.</summary>
    public JsonElement? TriggerEvent()
    {
        foreach ((string topic, byte[] payload) in Broker.Received)
        {
            if (topic == "pouch/v1/n1/event" && JsonDocument.Parse(payload).RootElement is { } happened && happened.GetProperty("event").GetString() == "trigger")
            {
                return happened;
            }
        }

        return null;
    }

    /// <summary>Frames of a kind in the order in which they came.</summary>
    public IEnumerable<SampleFrame> Frames(FrameKind kind)
    {
        foreach ((string topic, byte[] payload) in Broker.Received.Where(one => one.Topic.EndsWith("/frame", StringComparison.Ordinal)))
        {
            SampleFrame frame = new(SampleFrame.MaximumSamples);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
            Assert.True(frame.HasBootAnchor);
            if (frame.Kind == kind)
            {
                yield return frame;
            }
        }
    }
}
