using System.Text.Json;
using PouchMonitor.Firmware.Care;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>A command acts once and is answered once, or is refused with thing, value and limit.</summary>
public sealed class CommandTests
{
    private readonly CareBench bench = new();

    [Fact]
    public void Identify_BlinksTheLampForAsLongAsAskedAndThenStops()
    {
        bench.Command("""{"id":"a","command":"identify","seconds":3}""");
        JsonElement answer = bench.Answer();
        Assert.Equal("command", answer.GetProperty("event").GetString());
        Assert.Equal("a", answer.GetProperty("id").GetString());
        Assert.Equal("identify", answer.GetProperty("command").GetString());
        Assert.True(answer.GetProperty("accepted").GetBoolean());
        int changes = 0;
        bool wasLit = bench.Board.Lines.IsLampLit;
        for (int i = 0; i < 100; i++)
        {
            bench.Run(0.05);
            changes += bench.Board.Lines.IsLampLit == wasLit ? 0 : 1;
            wasLit = bench.Board.Lines.IsLampLit;
        }

        Assert.InRange(changes, 9, 12);
        Assert.False(wasLit);
    }

    [Theory]
    [InlineData("nonsense", "", "no flat JSON object")]
    [InlineData("""{"command":"identify"}""", "", "id is missing")]
    [InlineData("""{"id":"a b","command":"identify"}""", "", "id is 'a b', must be")]
    [InlineData("""{"id":"a"}""", "a", "command is missing")]
    [InlineData("""{"id":"a","command":"explode"}""", "a", "there is no command 'explode'")]
    [InlineData("""{"id":"a","command":"identify","seconds":0}""", "a", "seconds is '0', must be 1 to 600")]
    [InlineData("""{"id":"a","command":"identify","seconds":601}""", "a", "seconds is '601', must be 1 to 600")]
    [InlineData("""{"id":"a","command":"identify","second":5}""", "a", "there is no argument 'second' of identify")]
    [InlineData("""{"id":"a","command":"reboot","now":true}""", "a", "there is no argument 'now' of reboot")]
    [InlineData("""{"id":"a","command":"end-test"}""", "a", "channel is missing; there are 1, 2")]
    [InlineData("""{"id":"a","command":"end-test","channel":"3"}""", "a", "channel is '3'; there are 1, 2")]
    [InlineData("""{"id":"a","command":"arm","channel":"1"}""", "a", "kind is missing; there are ")]
    [InlineData("""{"id":"a","command":"arm","channel":"1","kind":"fire"}""", "a", "kind is 'fire'; there are ")]
    [InlineData("""{"id":"a","command":"disarm","channel":"1","kind":"nail"}""", "a", "there is no argument 'kind' of disarm")]
    [InlineData("""{"id":"a","command":"reset","channel":"1"}""", "a", "tripped")]
    [InlineData("""{"id":"a","command":"trip","channel":"1"}""", "a", "channel 1 is not armed")]
    [InlineData("""{"id":"a","command":"begin-abuse"}""", "a", "channel is missing; there are 1, 2")]
    [InlineData("""{"id":"a","command":"end-abuse","channel":"1"}""", "a", "there is no argument 'channel' of end-abuse")]
    public void WhatCannotBeDone_IsRefusedWithItsReason(string json, string id, string expected)
    {
        bench.Command(json);
        JsonElement answer = bench.Answer();
        Assert.Equal(id, answer.GetProperty("id").GetString());
        Assert.False(answer.GetProperty("accepted").GetBoolean());
        Assert.Contains(expected, answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, bench.Care.Commands.RefusedCount);
    }

    [Fact]
    public void ATest_EndsOnceAndStartsAgain()
    {
        bench.Command("""{"id":"a","command":"end-test","channel":"2"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        Assert.False(bench.Node.Channels[1].IsRunning);
        Assert.True(bench.Node.Channels[0].IsRunning);
        bench.Command("""{"id":"b","command":"end-test","channel":"2"}""");
        Assert.Equal("no test runs on channel 2", bench.Answer().GetProperty("reason").GetString());
        bench.Command("""{"id":"c","command":"start-test","channel":"2"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        Assert.True(bench.Node.Channels[1].IsRunning);
    }

    [Fact]
    public void Captures_AndAbuseMode_AreAskedForByCommands()
    {
        bench.Run(10);
        bench.Command("""{"id":"a","command":"capture","channel":"2"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        bench.Run(30);
        Assert.Equal(1, bench.Node.Channels[1].Captures!.CaptureCount);
        bench.Command("""{"id":"b","command":"begin-abuse","channel":"2"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        bench.Run(1);
        Assert.Equal(1, bench.Node.Abuse.ActiveIndex);
        bench.Command("""{"id":"c","command":"end-abuse"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        bench.Run(1);
        Assert.Equal(-1, bench.Node.Abuse.ActiveIndex);
    }

    [Fact]
    public void TheSameId_ActsOnceAndIsAnsweredAgain()
    {
        var counting = new Counting();
        bench.Care.Commands.Add(counting);
        for (int i = 0; i < 3; i++)
        {
            bench.Command("""{"id":"a","command":"count"}""");
            Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
        }

        Assert.Equal(1, counting.Count);
        Assert.Equal(2, bench.Care.Commands.RepeatedCount);
        bench.Command("""{"id":"b","command":"fail"}""");
        Assert.Equal("level is 4, at most 3", bench.Answer().GetProperty("reason").GetString());
        bench.Command("""{"id":"b","command":"fail"}""");
        Assert.Equal("level is 4, at most 3", bench.Answer().GetProperty("reason").GetString());
        Assert.Equal(2, counting.Count);
    }

    [Fact]
    public void ARetainedReboot_RestartsOnce()
    {
        const string Reboot = """{"id":"once","command":"reboot"}""";
        bench.Command(Reboot);
        Assert.True(bench.Run(5));
        bench.Boot();
        Assert.Equal("ordered", bench.Care.Ledger.Cause);
        bench.Command(Reboot);
        Assert.False(bench.Run(30));
        Assert.Equal(1, bench.Care.Ledger.RestartCount);
    }

    [Fact]
    public void AReboot_SaysItsAnswerAndOfflineFirst()
    {
        bench.Command("""{"id":"r","command":"reboot"}""");
        Assert.True(bench.Run(5));
        Assert.True(Assert.Single(bench.Events(), happened => happened.TryGetProperty("accepted", out _)).GetProperty("accepted").GetBoolean());
        string last = System.Text.Encoding.UTF8.GetString(bench.Link.Received[^1].Payload);
        Assert.Contains("\"offline\"", last, StringComparison.Ordinal);
    }

    [Fact]
    public void AReboot_IsRefusedWhileAChannelIsArmed()
    {
        var armed = new Armed { IsAnyArmed = true };
        bench.Care.SetArmed(armed);
        bench.Command("""{"id":"a","command":"reboot"}""");
        Assert.Contains("a channel is armed", bench.Answer().GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(bench.Run(30));
        armed.IsAnyArmed = false;
        bench.Command("""{"id":"b","command":"reboot"}""");
        Assert.True(bench.Run(5));
    }

    [Fact]
    public void AReboot_IsRefusedWhenTheFlashCannotRememberIt()
    {
        bench.Run(2.5);
        bench.Board.Flash.IsWorn = true;
        bench.Command("""{"id":"a","command":"reboot"}""");
        Assert.Equal("the flash cannot be written", bench.Answer().GetProperty("reason").GetString());
        bench.Command("""{"id":"b","command":"identify"}""");
        Assert.True(bench.Answer().GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public void SixteenCommandsAreRemembered_AlsoOverARestart()
    {
        var memory = new CommandMemory(bench.Board.Flash);
        for (int i = 0; i <= CommandMemory.Places; i++)
        {
            Assert.True(memory.Add("c" + i));
        }

        foreach (CommandMemory read in (CommandMemory[])[memory, new CommandMemory(bench.Board.Flash)])
        {
            Assert.False(read.Knows("c0", out _));
            Assert.True(read.Knows("c1", out _));
            Assert.True(read.Knows("c16", out _));
        }
    }

    private sealed class Armed : IArmedState
    {
        public bool IsAnyArmed { get; set; }
    }

    private sealed class Counting : ICommandHandler
    {
        public int Count { get; private set; }

        public bool Knows(string command) => command is "count" or "fail";

        public string? Run(string command, FlatJson arguments, out string result)
        {
            Count++;
            result = "";
            return command == "fail" ? "level is 4, at most 3" : null;
        }
    }
}
