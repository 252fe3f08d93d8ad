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
        var commands = new CalibrationCommands(bench.Node);
        string command = arguments.Find("command")!;
        Assert.True(commands.Knows(command));
        return commands.Run(command, arguments, out _);
    }
}
