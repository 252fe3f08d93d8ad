using System.Text.Json;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The trigger input: its edge lies within what is stated, whatever holds the node up, and counts once.</summary>
public sealed class TriggerInputTests(ITestOutputHelper output)
{
    private const long Second = ScriptedBench.Second;

    [Fact]
    public void Edges_LieWithinTheirStatedTime()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var noise = new Simulation.SeededNoise(seed);
        ScriptedBench bench = Bench(TriggerEdge.Closing);
        long edge = 0;
        bench.Board.Lines.TriggerClosedAt = world => world >= edge && world < edge + 500_000;
        long worst = 0;
        for (int i = 0; i < 200; i++)
        {
            edge = (long)((2.05 + (i * 2) + (noise.NextUnit() * 0.9)) * Second);
            bench.RunUntil(4 + (i * 2));
            Assert.Equal(i + 1, bench.Node.Trigger.Count);
            Assert.InRange(edge, bench.Node.Trigger.AtMicroseconds - bench.Node.Trigger.UncertaintyMicroseconds, bench.Node.Trigger.AtMicroseconds + bench.Node.Trigger.UncertaintyMicroseconds);
            worst = Math.Max(worst, bench.Node.Trigger.UncertaintyMicroseconds);
        }

        output.WriteLine($"largest uncertainty {worst} us");
        Assert.InRange(worst, 1, 6_000);
    }

    [Fact]
    public void AnEdge_IsToldWithTheChannelUnderAbuse()
    {
        ScriptedBench bench = Bench(TriggerEdge.Opening, channels: 2);
        bench.Board.Lines.TriggerClosedAt = world => world < 5_003_000;
        bench.RunUntil(8);
        JsonElement happened = Assert.Single(Events(bench, "trigger"));
        Assert.Equal("2", happened.GetProperty("channel").GetString());
        long uncertainty = happened.GetProperty("uncertaintyUs").GetInt64();
        Assert.InRange(5_003_000, happened.GetProperty("uptimeUs").GetInt64() - uncertainty, happened.GetProperty("uptimeUs").GetInt64() + uncertainty);
        JsonElement capture = Assert.Single(Events(bench, "capture"));
        Assert.Equal((int)CaptureCause.Trigger, capture.GetProperty("value").GetInt32());
        JsonElement status = JsonDocument.Parse(bench.Node.Reports.OnlineBytes()).RootElement.GetProperty("trigger");
        Assert.Equal("opening", status.GetProperty("edge").GetString());
        Assert.Equal(1, status.GetProperty("count").GetInt32());
        Assert.Equal(happened.GetProperty("uptimeUs").GetInt64(), status.GetProperty("uptimeUs").GetInt64());
    }

    [Fact]
    public void WhatWasSampledBefore_LeavesAtOnce()
    {
        ScriptedBench bench = Bench(TriggerEdge.Closing);
        bench.Board.Lines.TriggerClosedAt = world => world >= 5_003_000;
        bench.RunUntil(8);
        long told = bench.Node.Trigger.AtMicroseconds;
        Assert.Contains(bench.Frames(FrameKind.Samples), frame =>
            frame.Count < 11 && frame.UptimeMicroseconds[frame.Count - 1] >= told - 20_000 && frame.UptimeMicroseconds[frame.Count - 1] <= told + 30_000);
    }

    [Fact]
    public void Bounces_CountOnceAndChangeNothingOfTheTime()
    {
        ScriptedBench bench = Bench(TriggerEdge.Closing);

        // Touches at 5.003 s and bounces for 7 ms.
        bench.Board.Lines.TriggerClosedAt = world => world is >= 5_003_000 and < 5_008_500 or >= 5_010_000 and < 6_000_000 or >= 6_002_000 and < 6_004_000;
        bench.RunUntil(8);
        Assert.Equal(1, bench.Node.Trigger.Count);
        Assert.InRange(5_003_000, bench.Node.Trigger.AtMicroseconds - bench.Node.Trigger.UncertaintyMicroseconds, bench.Node.Trigger.AtMicroseconds + bench.Node.Trigger.UncertaintyMicroseconds);
    }

    [Fact]
    public void AGlitch_IsNoEdge()
    {
        ScriptedBench bench = Bench(TriggerEdge.Closing);
        bench.Board.Lines.TriggerClosedAt = world => world is >= 5_000_000 and < 5_006_000;
        bench.RunUntil(8);
        Assert.Equal(0, bench.Node.Trigger.Count);
    }

    [Theory]
    [InlineData(TriggerEdge.Closing, true)]
    [InlineData(TriggerEdge.Opening, false)]
    public void ALineThatIsThereFromTheStart_TellsNothing(TriggerEdge edge, bool isClosed)
    {
        ScriptedBench bench = Bench(edge);
        bench.Board.Lines.TriggerClosedAt = _ => isClosed;
        bench.RunUntil(5);
        Assert.Equal(0, bench.Node.Trigger.Count);
    }

    [Fact]
    public void WithoutTheSetting_NothingIsToldOrSaid()
    {
        var bench = new ScriptedBench(1);
        bench.Board.Lines.TriggerClosedAt = world => world >= 5_000_000;
        bench.RunUntil(8);
        Assert.Empty(Events(bench, "trigger"));
        Assert.False(JsonDocument.Parse(bench.Node.Reports.OnlineBytes()).RootElement.TryGetProperty("trigger", out _));
    }

    [Theory]
    [InlineData("triggerInput = rising", "triggerInput is 'rising', must be none, closing or opening")]
    [InlineData("triggerDebounceMilliseconds = 1001", "triggerDebounceMilliseconds is 1001, must be 0 to 1000")]
    public void Settings_HaveLimits(string line, string expected)
    {
        Assert.Null(ConfigurationText.Read("node = n\nbrokerHost = h\nchannel.1.label = c\n" + line, out string fault));
        Assert.EndsWith(expected, fault, StringComparison.Ordinal);
    }

    private static ScriptedBench Bench(TriggerEdge edge, int channels = 1)
    {
        var bench = new ScriptedBench(channels, node => node.TriggerEdge = edge);
        Assert.Null(bench.Node.Abuse.Begin(channels - 1, out _));
        return bench;
    }

    private static List<JsonElement> Events(ScriptedBench bench, string name) =>
    [
        .. bench.Link.Received.Where(message => message.Topic == "pouch/v1/n1/event")
            .Select(message => JsonDocument.Parse(message.Payload).RootElement)
            .Where(happened => happened.GetProperty("event").GetString() == name),
    ];
}
