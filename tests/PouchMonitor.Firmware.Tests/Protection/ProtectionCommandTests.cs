using System.Text.Json;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Firmware.Tests.Care;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>Arming, opening and resetting by command, as an answer tells and the lines show.</summary>
public sealed class ProtectionCommandTests
{
    private readonly CareBench bench = new("node = n1\nbrokerHost = h\nchannel.1.label = c1\n");

    public ProtectionCommandTests()
    {
        CellOnCycler cell = new(new CellRunOptions { Profile = EmulatedCells.Create("dne-pouch"), StepS = 0.1, Seed = 1 });
        _ = new EmulatedCellRig(bench.Board.Bus, bench.Board.Time, new Configuration.ChannelConfiguration(), cell, 1);
        bench.Run(3);
        bench.Events();
    }

    [Fact]
    public void Arm_ClosesTheRelay_AndNoRestartIsTakenUntilItIsDisarmed()
    {
        AssertRefused("""{"id":"a1","command":"arm"}""", "kind is missing; there are cycling, overcharge");
        AssertRefused("""{"id":"a2","command":"arm","kind":"none"}""", "needs a kind of test to be armed for, one of cycling");
        AssertRefused("""{"id":"a3","command":"arm","kind":"cycling","limit":"5"}""", "there is no argument 'limit' of arm");
        AssertRefused("""{"id":"a4","command":"disarm","kind":"cycling"}""", "there is no argument 'kind' of disarm");
        AssertRefused("""{"id":"a5","command":"trip"}""", "channel 1 is not armed");
        AssertRefused("""{"id":"a6","command":"reset"}""", "channel 1 is not tripped");
        AssertTaken("""{"id":"a7","command":"arm","kind":"cycling"}""");
        Assert.True(bench.Board.Lines.IsRelayClosed(0));
        AssertRefused("""{"id":"a8","command":"reboot"}""", "a channel is armed");
        AssertTaken("""{"id":"a9","command":"disarm"}""");
        Assert.False(bench.Board.Lines.IsRelayClosed(0));
    }

    [Fact]
    public void OpenRelay_IsLatchedAndToldInTheStatus_UntilReset()
    {
        AssertTaken("""{"id":"b1","command":"arm","kind":"heating"}""");
        AssertTaken("""{"id":"b2","command":"trip"}""");
        Assert.False(bench.Board.Lines.IsRelayClosed(0));
        bench.Run(1);
        JsonElement status = bench.Status().GetProperty("protection").GetProperty("1");
        Assert.Equal("tripped", status.GetProperty("state").GetString());
        Assert.Equal("ordered", status.GetProperty("cause").GetString());
        AssertRefused("""{"id":"b3","command":"arm","kind":"heating"}""", "channel 1 is tripped by ordered: reset it first");
        AssertTaken("""{"id":"b4","command":"reset"}""");
        Assert.Equal("disarmed", bench.Status().GetProperty("protection").GetProperty("1").GetProperty("state").GetString());
    }

    [Fact]
    public void ExceptionWhileArmed_OpensTheRelayBeforeTheRestart_AndTheNextBootIsTripped()
    {
        AssertTaken("""{"id":"c1","command":"arm","kind":"cycling"}""");
        bench.BusFailure = new InvalidOperationException("no such thing");
        Assert.True(bench.Run(1));
        Assert.False(bench.Board.Lines.IsRelayClosed(0));
        bench.BusFailure = null;
        bench.Boot();
        bench.Care.Tick();
        Assert.Equal(ProtectionCause.Restart, bench.Node.Protection[0].Cause);
    }

    private void AssertTaken(string command)
    {
        bench.Command(command);
        JsonElement answer = bench.Answer();
        Assert.True(answer.GetProperty("accepted").GetBoolean(), answer.ToString());
    }

    private void AssertRefused(string command, string reason)
    {
        bench.Command(command);
        JsonElement answer = bench.Answer();
        Assert.False(answer.GetProperty("accepted").GetBoolean());
        Assert.Contains(reason, answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}
