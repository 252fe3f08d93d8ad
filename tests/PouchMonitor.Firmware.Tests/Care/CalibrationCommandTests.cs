using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>Calibration by command, as the command topic gives it.</summary>
public sealed class CalibrationCommandTests
{
    [Fact]
    public void ACalibration_IsDoneByTheCommandTopicAndAnsweredWithItsId()
    {
        var bench = new CareBench();
        bench.Command("""{"id":"a","command":"calibrate-emissivity","channel":"2","permille":940}""");
        JsonElement answer = bench.Answer();
        Assert.True(answer.GetProperty("accepted").GetBoolean());
        Assert.Equal(940, bench.Node.Sensors[1].Calibration!.EmissivityPermille);
        JsonElement record = bench.Status().GetProperty("calibrations").GetProperty("2");
        Assert.Equal(bench.Node.Sensors[1].Calibration!.Id, record.GetProperty("id").GetUInt32());
        bench.Command("""{"id":"b","command":"calibrate-emissivity","channel":"2","permille":50}""");
        Assert.Equal("emissivity of channel 2 is 50 permille, must be 100 to 1000", bench.Answer().GetProperty("reason").GetString());
    }

    [Fact]
<<<<<<< HEAD:tests/PouchMonitor.Firmware.Tests/Care/MeasurementCommandTests.cs
    public void Commands_ReachTheirPart()
    {
        var bench = new ScriptedBench(2);
        bench.RunUntil(10);
        Assert.Null(Run(bench, """{"command":"capture","channel":"1"}"""));
        bench.RunUntil(15);
        Assert.Null(Run(bench, """{"command":"begin-abuse","channel":"2"}"""));
        bench.RunUntil(20);
        Assert.Equal(CaptureCause.Command, bench.Node.Channels[0].Captures!.LastCause);
        Assert.NotEmpty(bench.Frames(FrameKind.Capture));
        Assert.Equal(1, bench.Node.Abuse.ActiveIndex);
        Assert.StartsWith("channel 1 takes no captures", Run(bench, """{"command":"capture","channel":"1"}"""), StringComparison.Ordinal);
        Assert.StartsWith("channel 2 is in abuse mode", Run(bench, """{"command":"begin-abuse","channel":"1"}"""), StringComparison.Ordinal);
        Assert.StartsWith("there is no argument 'channels'", Run(bench, """{"command":"begin-abuse","channel":"1","channels":"2"}"""), StringComparison.Ordinal);
        Assert.Null(Run(bench, """{"command":"end-abuse"}"""));
        bench.RunUntil(21);
        Assert.Equal(-1, bench.Node.Abuse.ActiveIndex);
    }

    [Fact]
=======
>>>>>>> work/sensing:tests/PouchMonitor.Firmware.Tests/Care/CalibrationCommandTests.cs
    public void AnArmedChannel_IsNotCalibrated()
    {
        var bench = new ScriptedBench(1);
        bench.RunUntil(10);
        Assert.Null(bench.Node.Protection.Arm(0, TestKind.Cycling));
        Assert.Equal("channel 1 is armed; disarm it before it is calibrated", Run(bench, """{"command":"calibrate-rest"}"""));
        Assert.Null(bench.Node.Sensors[0].Calibration);
    }

    private static string? Run(ScriptedBench bench, string json)
    {
        FlatJson arguments = FlatJson.Read(Encoding.UTF8.GetBytes(json), out _)!;
<<<<<<< HEAD:tests/PouchMonitor.Firmware.Tests/Care/MeasurementCommandTests.cs
=======
        var commands = new CalibrationCommands(bench.Node);
>>>>>>> work/sensing:tests/PouchMonitor.Firmware.Tests/Care/CalibrationCommandTests.cs
        string command = arguments.Find("command")!;
        ICommandHandler[] all = [new SamplingCommands(bench.Node), new CalibrationCommands(bench.Node)];
        return Assert.Single(all, handler => handler.Knows(command)).Run(command, arguments, out _);
    }
}
