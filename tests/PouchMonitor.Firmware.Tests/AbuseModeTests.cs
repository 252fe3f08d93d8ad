using System.Text.Json;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Firmware.Tests.Care;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Fast sampling of one channel: said in the status while it is so, and gone on with by the next boot.</summary>
public sealed class AbuseModeTests
{
    private const string Begin = """{"id":"b","command":"begin-abuse","channel":"2"}""";
    private const string End = """{"id":"e","command":"end-abuse"}""";
    private readonly CareBench bench = new();

    [Fact]
    public void Status_NamesTheChannelWhileItIsSampledFast()
    {
        Assert.Null(Channel());
        bench.Command(Begin);
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        Assert.Equal("2", Channel());
        Assert.Equal("2", LastStatus().GetProperty("abuseChannel").GetString());
        bench.Command(End);
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        Assert.Null(Channel());
        Assert.False(LastStatus().TryGetProperty("abuseChannel", out _));
    }

    [Fact]
    public void Status_NamesNoChannelThatRests()
    {
        bench.Command(Begin);
        bench.Answer();
        bench.Command("""{"id":"t","command":"end-test","channel":"2"}""");
        bench.Answer();
        Assert.Null(Channel());
        Assert.False(LastStatus().TryGetProperty("abuseChannel", out _));
    }

    [Fact]
    public void OfflineStatus_NamesNoChannel()
    {
        bench.Command(Begin);
        bench.Answer();
        Assert.DoesNotContain("abuseChannel", bench.Node.Reports.WillText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheNextBoot_SamplesFastFromItsFirstPassOn(bool isOrdered)
    {
        bench.Command(Begin);
        bench.Answer();
        bench.Run(5);
        if (isOrdered)
        {
            bench.Command("""{"id":"r","command":"reboot"}""");
            Assert.True(bench.Run(10));
        }

        int before = bench.Link.Received.Count;
        bench.Link.IsReachable = false;
        bench.Boot();
        bench.Run(4);
        Assert.Equal("2", Channel());
        bench.Link.IsReachable = true;
        bench.Run(20);
        SampleFrame first = Frames(before).First(frame => frame.Channel == "2" && frame.Boot == bench.Node.Boot);
        Assert.Equal(0, first.FirstSampleNumber);

        // The boot itself writes to flash before it samples.
        Assert.InRange(first.UptimeMicroseconds[0], 0, 200_000);
        Assert.All(
            first.UptimeMicroseconds.Take(first.Count).Zip(first.UptimeMicroseconds.Skip(1).Take(first.Count - 1)),
            pair => Assert.InRange(pair.Second - pair.First, AbuseMode.PassMicroseconds - 5_000, AbuseMode.PassMicroseconds + 5_000));
    }

    [Fact]
    public void EndedMode_StaysEndedInTheNextBoot()
    {
        bench.Command(Begin);
        bench.Answer();
        bench.Command(End);
        bench.Answer();
        bench.Boot();
        bench.Run(3);
        Assert.Null(Channel());
    }

    [Fact]
    public void AnOrderedRestart_LosesNoSample()
    {
        bench.Command(Begin);
        bench.Answer();
        bench.Link.Cut();
        bench.Run(7);
        bench.Link.IsReachable = true;
        bench.Run(30);
        bench.Command("""{"id":"r","command":"reboot"}""");
        ulong boot = bench.Node.Boot;
        bench.Run(10);
        long taken = bench.Node.Channels[1].SampleCount;
        bench.Boot();
        bench.Run(20);
        Assert.Equal(taken, NumbersOf(boot).Count);
        Assert.Equal(taken - 1, NumbersOf(boot).Max);
    }

    /// <summary>While frames flow, a node that is cut off loses what was not acknowledged: the frame that was being filled.</summary>
    [Fact]
    public void ACutOffBoot_LosesAtMostTheFrameThatWasBeingFilled()
    {
        bench.Command(Begin);
        bench.Answer();
        bench.Run(6.33);
        ulong boot = bench.Node.Boot;
        long taken = bench.Node.Channels[1].SampleCount;
        bench.Boot(RestartCause.BrownOut);
        bench.Run(20);
        SortedSet<long> arrived = NumbersOf(boot);
        Assert.Equal(arrived.Max, arrived.Count - 1);
        Assert.InRange(taken - arrived.Count, 0, AbuseMode.PublishMicroseconds / AbuseMode.PassMicroseconds);
    }

    [Fact]
    public void WornFlash_IsToldAndTheModeBeginsAllTheSame()
    {
        bench.Run(3);
        bench.Board.Flash.IsWorn = true;
        bench.Command(Begin);
        JsonElement answer = bench.Answer();
        Assert.Equal("the flash cannot be written: a restart would end it", answer.GetProperty("result").GetString());
        Assert.Equal("2", Channel());
    }

    /// <summary>The sample that shows the event leaves with it, not when its frame is full or old.</summary>
    [Fact]
    public void AStepOfTheVoltage_LeavesAtOnce()
    {
        var scripted = new ScriptedBench(1);
        scripted.Rigs[0].VoltageV = s => s > 10.031 ? 3.2 : 3.7;
        Assert.Null(scripted.Node.Abuse.Begin(0, out _));
        scripted.RunUntil(11);
        SampleFrame with = scripted.Frames(FrameKind.Samples).First(frame =>
            frame.Counts[SampleColumns.Voltage].Take(frame.Count).Any(count => count * 187.5e-6 < 3.5));
        Assert.Equal(3.2, with.Counts[SampleColumns.Voltage][with.Count - 1] * 187.5e-6, 0.001);
        Assert.InRange(with.UptimeMicroseconds[with.Count - 1], 10_031_000, 10_051_000);
    }

    private string? Channel() => bench.Status().TryGetProperty("abuseChannel", out JsonElement channel) ? channel.GetString() : null;

    private JsonElement LastStatus() => JsonDocument.Parse(
        bench.Link.Received.Last(message => message.Topic == "pouch/v1/n1/status").Payload).RootElement;

    private List<SampleFrame> Frames(int since)
    {
        var frames = new List<SampleFrame>();
        foreach ((string topic, byte[] payload, bool _) in bench.Link.Received.Skip(since))
        {
            if (topic.EndsWith("/frame", StringComparison.Ordinal))
            {
                var frame = new SampleFrame(SampleFrame.MaximumSamples);
                Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
                frames.Add(frame);
            }
        }

        return frames;
    }

    private SortedSet<long> NumbersOf(ulong boot) =>
    [
        .. Frames(0).Where(frame => frame.Boot == boot && frame.Channel == "2" && frame.Kind == FrameKind.Samples)
            .SelectMany(frame => Enumerable.Range(0, frame.Count).Select(i => frame.FirstSampleNumber + i)),
    ];
}
