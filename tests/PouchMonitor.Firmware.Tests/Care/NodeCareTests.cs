using System.Text.Json;
using PouchMonitor.Firmware.Care;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>Whatever throws in either thread is noted, told after the restart, and a crash loop ends in safe mode.</summary>
public sealed class NodeCareTests
{
    private readonly CareBench bench = new();

    [Fact]
    public void AThrowingSensor_EndsTheBootAndIsToldInTheNext()
    {
        bench.Run(1);
        Assert.False(bench.Board.IsRestartOrdered);
        bench.BusFailure = new InvalidOperationException("bus \"gone\"");
        Assert.True(bench.Run(1));
        bench.BusFailure = null;
        bench.Boot();
        bench.Run(1);
        JsonElement told = Assert.Single(bench.Events(), happened => Name(happened) == "restarted-after-exception");
        Assert.Equal("System.InvalidOperationException: bus \"gone\"", told.GetProperty("reason").GetString());
        Assert.Equal(1, told.GetProperty("value").GetInt32());
        JsonElement health = bench.Status().GetProperty("health");
        Assert.Equal("exception", health.GetProperty("restartCause").GetString());
        Assert.Equal(1, health.GetProperty("restarts").GetInt32());
        Assert.Equal(1, health.GetProperty("exceptions").GetInt32());
        Assert.True(bench.Node.Channels[0].SampleCount > 0);
    }

    [Fact]
    public void AThrowingLink_EndsTheBootAndIsToldInTheNext()
    {
        bench.Run(1);
        bench.Link.PublishFailure = new TimeoutException("no answer");
        Assert.True(bench.Run(5));
        bench.Link.PublishFailure = null;
        bench.Boot();
        bench.Run(1);
        JsonElement told = Assert.Single(bench.Events(), happened => Name(happened) == "restarted-after-exception");
        Assert.Equal("System.TimeoutException: no answer", told.GetProperty("reason").GetString());
    }

    [Fact]
    public void TwoThreadsThatThrow_AreOneRestart()
    {
        bench.BusFailure = new InvalidOperationException("first");
        bench.Link.PublishFailure = new InvalidOperationException("second");
        Assert.False(bench.Care.Sample(long.MaxValue));
        bench.Care.Pump(0);
        bench.BusFailure = null;
        bench.Link.PublishFailure = null;
        bench.Boot();
        Assert.Equal("System.InvalidOperationException: first", bench.Care.Ledger.LastReason);
        Assert.Equal(1, bench.Care.Ledger.ExceptionCount);
        bench.Boot();
        Assert.Equal("", bench.Care.Ledger.LastReason);
    }

    [Fact]
    public void ACrashLoop_EndsInSafeModeWithEveryRelayOpen_UntilARebootIsOrdered()
    {
        for (int crash = 1; crash <= RestartLedger.FastRestartLimit + 1; crash++)
        {
            Assert.False(bench.Care.Ledger.IsSafeMode, $"before crash {crash}");
            bench.BusFailure = new InvalidOperationException("loop");
            Assert.True(bench.Run(1));
            bench.BusFailure = null;
            bench.Boot();
        }

        Assert.True(bench.Care.Ledger.IsSafeMode);
        bench.BusFailure = new InvalidOperationException("would be a crash if it were read");
        Assert.False(bench.Run(30));
        Assert.Equal(0, bench.Node.Channels[0].SampleCount);
        Assert.False(bench.Board.Pins.IsRelayClosed(0));
        Assert.Contains(bench.Events(), happened => Name(happened) == "safe-mode");
        Assert.True(bench.Status().GetProperty("health").GetProperty("safeMode").GetBoolean());
        bench.Command("""{"id":"t","command":"start-test","channel":"1"}""");
        Assert.Contains("safe mode", bench.Answer().GetProperty("reason").GetString(), StringComparison.Ordinal);

        // A safe boot that lasts proves nothing: a reset without an order leads into safe mode again.
        Assert.False(bench.Run((RestartLedger.SettledMicroseconds / 1e6) + 1));
        bench.Boot();
        Assert.True(bench.Care.Ledger.IsSafeMode);
        bench.BusFailure = null;
        bench.Command("""{"id":"r","command":"reboot"}""");
        Assert.True(bench.Run(20));
        bench.Boot();
        Assert.False(bench.Care.Ledger.IsSafeMode);
        bench.Run(1);
        Assert.True(bench.Node.Channels[0].SampleCount > 0);
    }

    [Theory]
    [InlineData(RestartLedger.SettledMicroseconds - 100_000, true)]
    [InlineData(RestartLedger.SettledMicroseconds + 200_000, false)]
    public void ABootThatLasted_IsNoPartOfACrashLoop(long lastedMicroseconds, bool becomesSafe)
    {
        for (int crash = 1; crash <= RestartLedger.FastRestartLimit; crash++)
        {
            bench.Boot();
        }

        Assert.False(bench.Care.Ledger.IsSafeMode);
        bench.Board.Time.AdvanceTo(bench.Board.NodeClock.ToWorld(lastedMicroseconds));
        bench.Care.Sample(0);
        bench.Boot();
        Assert.Equal(becomesSafe, bench.Care.Ledger.IsSafeMode);
    }

    [Theory]
    [InlineData(RestartCause.PowerOn, "power-on", 0)]
    [InlineData(RestartCause.Watchdog, "watchdog", 1)]
    [InlineData(RestartCause.BrownOut, "brown-out", 1)]
    [InlineData(RestartCause.Unknown, "unknown", 1)]
    public void WithoutANoteOfTheProgram_TheCauseIsTheBoards(RestartCause told, string expected, int fast)
    {
        bench.Boot(told);
        Assert.Equal(expected, bench.Care.Ledger.Cause);
        Assert.Equal(fast, bench.Care.Ledger.FastRestartCount);
    }

    [Fact]
    public void AFlashThatRefuses_StillRestarts()
    {
        bench.Board.Flash.IsWorn = true;
        bench.BusFailure = new InvalidOperationException("x");
        Assert.True(bench.Run(1));
        Assert.False(bench.Care.Ledger.IsWritten);
    }

    [Fact]
    public void AnException_OpensEveryRelayBeforeTheRestart()
    {
        bench.Board.Pins.SetRelay(1, true);
        bench.BusFailure = new InvalidOperationException("x");
        Assert.True(bench.Run(1));
        Assert.False(bench.Board.Pins.IsRelayClosed(1));
    }

    [Fact]
    public void InSafeMode_TheWatchdogIsKickedAllTheSame()
    {
        for (int crash = 0; crash <= RestartLedger.FastRestartLimit; crash++)
        {
            bench.Boot();
        }

        Assert.True(bench.Care.Ledger.IsSafeMode);
        bench.Run(60);
        Assert.InRange(bench.Board.Time.UptimeMicroseconds - bench.Board.Lines.KickedMicroseconds, 0, 1_000_000);
    }

    [Fact]
    public void Health_CountsWhatTheNodeLostAndHowFarItIsBehind()
    {
        bench.Link.IsReachable = false;
        bench.Run(100);
        JsonElement health = bench.Status().GetProperty("health");
        Assert.True(health.GetProperty("flashBytes").GetInt64() > 10 * 30);
        Assert.InRange(health.GetProperty("behindMs").GetInt64(), 90_000, 100_000);
        Assert.Equal(92160, health.GetProperty("heapFreeBytes").GetInt64());
        Assert.Equal(-60, health.GetProperty("signalDbm").GetInt32());

        // Nothing is on the bus, so every pass of every channel is refused there.
        Assert.InRange(health.GetProperty("busErrors").GetProperty("2").GetInt64(), 51, long.MaxValue);
        bench.Link.IsReachable = true;
        bench.Run(120);
        health = bench.Status().GetProperty("health");
        Assert.Equal(0, health.GetProperty("backlogFrames").GetInt32());
        Assert.Equal(0, health.GetProperty("behindMs").GetInt64());
        Assert.Equal(1, health.GetProperty("connections").GetInt32());
        Assert.InRange(bench.Status().GetRawText().Length, 1, 900);
    }

    private static string? Name(JsonElement happened) => happened.GetProperty("event").GetString();
}
