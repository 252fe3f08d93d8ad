using System.Collections;
using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Calibration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Calibration finds the errors of a front end, keeps them through a loss of power, and refuses what cannot be.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    [Fact]
    public void WholeProcedure_FindsTheErrorsOfTheFrontEnd()
    {
        ScriptedBench bench = Bench();
        ScriptedRig rig = bench.Rigs[0];
        (rig.VoltageOffsetV, rig.VoltageGainError) = (0.9e-3, -0.004);
        (rig.ShuntOffsetV, rig.ShuntGainError) = (-40e-6, 0.007);
        rig.VoltageV = _ => 0;
        bench.RunUntil(10);
        Run(bench, "calibrate-zero", ("column", "voltage"));
        Run(bench, "calibrate-rest");
        rig.VoltageV = _ => 4.1;
        rig.CurrentA = _ => 1.5;
        bench.RunUntil(20);
        Run(bench, "calibrate-gain", ("column", "voltage"), ("reference", "4100000"));
        string result = Run(bench, "calibrate-gain", ("column", "current"), ("reference", "1500000"));

        ChannelCalibration record = Sensors(bench).Calibration!;
        Assert.Equal("calibration " + record.Id, result);
        output.WriteLine($"voltage {record.VoltageOffsetMillicounts} mcounts {record.VoltageGainPpm} ppm, current {record.CurrentOffsetMillicounts} mcounts {record.CurrentGainPpm} ppm");
        Assert.Equal(0.9e-3 / 187.5e-6 * 1000, record.VoltageOffsetMillicounts, 200.0);
        Assert.Equal(-40e-6 / 7.8125e-6 * 1000, record.CurrentOffsetMillicounts, 200.0);
        Assert.Equal(1e6 * ((1 / 0.996) - 1), record.VoltageGainPpm, 20.0);
        Assert.Equal(1e6 * ((1 / 1.007) - 1), record.CurrentGainPpm, 30.0);

        rig.CurrentA = _ => -0.7;
        rig.VoltageV = _ => 3.3;
        bench.RunUntil(30);
        CellSample last = bench.Node.Channels[0].LastSample;
        Assert.Equal(3.3, (last.Counts[0] - (record.VoltageOffsetMillicounts / 1e3)) * (1 + (record.VoltageGainPpm / 1e6)) * 187.5e-6, 3e-4);
        Assert.Equal(-0.7, (last.Counts[1] - (record.CurrentOffsetMillicounts / 1e3)) * (1 + (record.CurrentGainPpm / 1e6)) * 78.125e-6, 3e-4);
    }

    [Fact]
    public void Swap_GivesTheOffsetWhateverTheSourceIs()
    {
        ScriptedBench bench = Bench();
        bench.Rigs[0].VoltageOffsetV = 1.5e-3;
        bench.Rigs[0].VoltageV = s => s < 10.5 ? 1.2345 : -1.2345;
        bench.RunUntil(10);
        Assert.StartsWith("side a of voltage of channel 1 is missing", Fault(bench, "calibrate-swap", ("column", "voltage"), ("side", "b")), StringComparison.Ordinal);
        Run(bench, "calibrate-swap", ("column", "voltage"), ("side", "a"));
        Assert.Null(Sensors(bench).Calibration);

        // What was read before the leads were swapped must not count for the second side.
        Assert.Contains("was good in 0", Fault(bench, "calibrate-swap", ("column", "voltage"), ("side", "b")), StringComparison.Ordinal);
        bench.RunUntil(20);
        Assert.StartsWith("side a of current of channel 1 is missing", Fault(bench, "calibrate-swap", ("column", "current"), ("side", "b")), StringComparison.Ordinal);
        Run(bench, "calibrate-swap", ("column", "voltage"), ("side", "b"));
        Assert.Equal(8000, Sensors(bench).Calibration!.VoltageOffsetMillicounts, 200.0);
    }

    [Theory]
    [InlineData(1, 2.5)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.1)]
    public void Thermistor_GetsBetterWithEachPoint(int points, double errorK)
    {
        // The part's beta is not the configured one, and its resistance is off.
        ScriptedBench bench = Bench(node => node.ThermistorBetaKelvin = 3435, rigBeta: 3950);
        bench.Rigs[0].ThermistorError = 0.03;
        double[] baths = [25, 60, 5];
        for (int point = 1; point <= points; point++)
        {
            double bath = baths[point - 1];
            bench.Rigs[0].SurfaceC = _ => bath;
            bench.RunUntil(point * 20);
            string millidegrees = ((int)(bath * 1000)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Run(bench, "calibrate-thermistor", ("millidegrees", millidegrees), ("point", point.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        double worst = 0;
        for (int celsius = 20; celsius <= 40; celsius += 5)
        {
            double truth = celsius;
            bench.Rigs[0].SurfaceC = _ => truth;
            bench.RunUntil((points * 20) + celsius);
            worst = Math.Max(worst, Math.Abs((bench.Node.Channels[0].LastSample.Counts[SampleColumns.Surface] / 100.0) - celsius));
        }

        output.WriteLine($"{points} points: worst error from 20 to 40 C {worst:F3} K");
        Assert.InRange(worst, 0, errorK);
    }

    [Fact]
    public void Emissivity_IsAppliedToTheInfrared()
    {
        ScriptedBench bench = Bench();

        // A surface at 60 C with emissivity 0.8 in a room of 25 C.
        double read = Math.Pow((0.8 * Math.Pow(333.15, 4)) + (0.2 * Math.Pow(298.15, 4)), 0.25) - 273.15;
        bench.Rigs[0].InfraredC = _ => read;
        bench.RunUntil(2);
        Assert.Equal(read, bench.Node.Channels[0].LastSample.Counts[SampleColumns.Infrared] / 100.0, 0.03);
        Run(bench, "calibrate-emissivity", ("permille", "800"));
        bench.RunUntil(4);
        Assert.Equal(60, bench.Node.Channels[0].LastSample.Counts[SampleColumns.Infrared] / 100.0, 0.05);
        Assert.Equal(SensorState.OutOfRange, EmissivityCorrection.Correct(-60_000, 80_000, 200, out _));
    }

    [Fact]
    public void Record_GoesOutInTheStatusBeforeTheFramesThatNameIt()
    {
        ScriptedBench bench = Bench();
        bench.RunUntil(10);
        Run(bench, "calibrate-rest");
        bench.RunUntil(20);
        uint id = Sensors(bench).Calibration!.Id;
        int status = bench.Link.Received.FindIndex(message => message.Topic.EndsWith("/status", StringComparison.Ordinal)
            && Encoding.UTF8.GetString(message.Payload).Contains("\"id\":" + id, StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(bench.Link.Received[status].Payload);
        JsonElement record = json.RootElement.GetProperty("calibrations").GetProperty("1");
        Assert.Equal(Sensors(bench).Calibration!.CurrentOffsetMillicounts, record.GetProperty("currentOffsetMillicounts").GetInt64());
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        int named = bench.Link.Received.FindIndex(message => message.Topic.EndsWith("/frame", StringComparison.Ordinal)
            && SampleFrameDecoder.TryDecode(message.Payload, 0, message.Payload.Length, frame) == DecodeFault.None
            && frame.Scales[SampleColumns.Current].CalibrationId == id);
        Assert.InRange(status, 0, named);
        Assert.All(frame.Scales.Take(2), scale => Assert.Equal(id, scale.CalibrationId));
    }

    [Fact]
    public void Record_IsTakenUpAfterARestartAndClearedByCommand()
    {
        ScriptedBench bench = Bench();
        bench.RunUntil(10);
        Run(bench, "calibrate-emissivity", ("permille", "950"));
        uint id = Sensors(bench).Calibration!.Id;
        bench.Board.Boot(8, RestartCause.PowerOn);
        var again = new PouchNode(bench.Configuration, bench.Board, new MemoryLink());
        Assert.Equal(id, again.Sensors[0].Calibration!.Id);
        Assert.Null(again.Calibrator.Run("calibrate-clear", new Hashtable { ["channel"] = "1" }, out _));
        Assert.Null(again.Sensors[0].Calibration);
        bench.Board.Boot(9, RestartCause.PowerOn);
        var third = new PouchNode(bench.Configuration, bench.Board, new MemoryLink());
        Assert.Null(third.Sensors[0].Calibration);
    }

    [Fact]
    public void PowerLostWhileItIsKept_LeavesTheOldOrTheNewRecord()
    {
        int losses = 0;
        for (long steps = 0; steps < 150; steps++)
        {
            ScriptedBench bench = Bench();
            bench.RunUntil(1);
            Run(bench, "calibrate-emissivity", ("permille", "900"));
            uint old = Sensors(bench).Calibration!.Id;
            bench.Board.Flash.StepsUntilPowerLoss = steps;
            try
            {
                Run(bench, "calibrate-emissivity", ("permille", "800"));
            }
            catch (PowerLossException)
            {
                losses++;
            }

            bench.Board.Flash.StepsUntilPowerLoss = null;
            ChannelCalibration? kept = CalibrationFiles.Read(bench.Board.Flash, "1", out bool isSpoiled);
            Assert.False(isSpoiled);
            Assert.NotNull(kept);
            Assert.True(kept.Id == old || kept.EmissivityPermille == 800);
        }

        Assert.InRange(losses, 100, 149);
    }

    [Fact]
    public void SpoiledRecord_IsReportedAndNotUsed()
    {
        ScriptedBench bench = Bench();
        bench.RunUntil(1);
        Run(bench, "calibrate-emissivity", ("permille", "900"));
        byte[] bytes = bench.Board.Flash.Read("calibration-1")!;
        bytes[9] ^= 4;
        Assert.True(bench.Board.Flash.Write("calibration-1", bytes, bytes.Length));
        bench.Board.Boot(8, RestartCause.PowerOn);
        var link = new MemoryLink();
        var again = new PouchNode(bench.Configuration, bench.Board, link);
        again.Publisher.Pump(0);
        Assert.Null(again.Sensors[0].Calibration);
        Assert.Contains(link.Received, message => Encoding.UTF8.GetString(message.Payload).Contains("calibration-lost", StringComparison.Ordinal));
    }

    [Fact]
    public void AnotherContent_HasAnotherId()
    {
        var ids = new HashSet<uint>();
        for (int i = 0; i < 2000; i++)
        {
            var record = new ChannelCalibration { UnixSeconds = i / 500, VoltageGainPpm = i % 20, CurrentOffsetMillicounts = i % 500 / 20 };
            Assert.True(ids.Add(record.Id));
            ChannelCalibration again = ChannelCalibration.FromBytes(record.ToBytes())!;
            Assert.Equal(record.Id, again.Id);
        }
    }

    [Theory]
    [InlineData("calibrate-zero", "column", "power", "column is 'power', must be voltage or current")]
    [InlineData("calibrate-gain", "column", "voltage", "reference is missing, must be a whole number")]
    [InlineData("calibrate-emissivity", "permille", "99", "emissivity of channel 1 is 99 permille, must be 100 to 1000")]
    [InlineData("calibrate-emissivity", "permille", "1001", "emissivity of channel 1 is 1001 permille, must be 100 to 1000")]
    [InlineData("calibrate-thermistor", "millidegrees", "250001", "temperature of channel 1 is 250001 millidegrees, must be -45000 to 250000")]
    [InlineData("calibrate-thermistor", "point", "2", "millidegrees is missing, must be a whole number")]
    [InlineData("calibrate-swap", "column", "voltage", "side is missing, must be a or b")]
    [InlineData("calibrate-everything", "column", "voltage", "there is no command 'calibrate-everything'")]
    public void BadArguments_AreRefusedInOneLine(string command, string name, string value, string expected)
    {
        ScriptedBench bench = Bench();
        bench.RunUntil(10);
        Assert.Equal(expected, Fault(bench, command, (name, value)));
        Assert.Null(Sensors(bench).Calibration);
        Assert.Equal("channel is '2', must be one of this node's",
            bench.Node.Calibrator.Run(command, new Hashtable { ["channel"] = "2" }, out _));
    }

    [Theory]
    [InlineData(0.0199, null)]
    [InlineData(0.0210, "voltage gain of channel 1 is ")]
    [InlineData(-0.0194, null)]
    [InlineData(-0.0210, "voltage gain of channel 1 is ")]
    public void Gain_BeyondTwoPercentIsRefused(double share, string? expected)
    {
        ScriptedBench bench = Bench();
        bench.RunUntil(10);
        int reference = (int)(3_700_000 * (1 + share));
        string? fault = bench.Node.Calibrator.Run("calibrate-gain", Arguments(("column", "voltage"), ("reference", reference.ToString(System.Globalization.CultureInfo.InvariantCulture))), out _);
        Assert.Equal(expected is null, fault is null);
        Assert.StartsWith(expected ?? "", fault ?? "", StringComparison.Ordinal);
        Assert.Equal(expected is null, Sensors(bench).Calibration is not null);
    }

    [Fact]
    public void UnsteadySaturatedOrTooSmallReadings_AreRefused()
    {
        ScriptedBench bench = Bench();
        bench.Rigs[0].CurrentA = s => s % 2 < 1 ? 0.1 : 0;
        bench.RunUntil(10);
        Assert.StartsWith("current of channel 1 spreads over 12", Fault(bench, "calibrate-rest"), StringComparison.Ordinal);
        Assert.StartsWith("current of channel 1 reads", FaultAt(bench, 20, 0.2, "100000"), StringComparison.Ordinal);
        Assert.StartsWith("current of channel 1 was good in 0 of the last passes, must be in 64", FaultAt(bench, 30, 2.7, "2700000"), StringComparison.Ordinal);
        Assert.StartsWith("reference is -1000000, must be within 2 %", FaultAt(bench, 40, 1, "-1000000"), StringComparison.Ordinal);
        bench.Rigs[0].CurrentA = _ => 0.1;
        bench.RunUntil(50);
        Assert.StartsWith("current offset of channel 1 is 12", Fault(bench, "calibrate-rest"), StringComparison.Ordinal);
        bench.Board.Flash.IsWorn = true;
        Assert.Equal("the flash refused the calibration of channel 1", Fault(bench, "calibrate-emissivity", ("permille", "900")));
        Assert.Null(Sensors(bench).Calibration);

        static string FaultAt(ScriptedBench bench, double until, double amperes, string reference)
        {
            bench.Rigs[0].CurrentA = _ => amperes;
            bench.RunUntil(until);
            return Fault(bench, "calibrate-gain", ("column", "current"), ("reference", reference));
        }
    }

    private static ScriptedBench Bench(Action<Configuration.ChannelConfiguration>? change = null, int rigBeta = 0)
    {
        var bench = new ScriptedBench(1, node => change?.Invoke(node.Channels[0]));
        if (rigBeta != 0)
        {
            bench.Rigs[0].BetaKelvin = rigBeta;
        }

        bench.Rigs[0].VoltageNoiseV = 60e-6;
        bench.Rigs[0].ShuntNoiseV = 4e-6;
        return bench;
    }

    private static ChannelSensors Sensors(ScriptedBench bench) => bench.Node.Sensors[0];

    private static Hashtable Arguments(params (string Name, string Value)[] arguments)
    {
        var table = new Hashtable { ["channel"] = "1" };
        foreach ((string name, string value) in arguments)
        {
            table[name] = value;
        }

        return table;
    }

    private static string Run(ScriptedBench bench, string command, params (string Name, string Value)[] arguments)
    {
        Assert.Null(bench.Node.Calibrator.Run(command, Arguments(arguments), out string result));
        return result;
    }

    private static string Fault(ScriptedBench bench, string command, params (string Name, string Value)[] arguments)
    {
        string? fault = bench.Node.Calibrator.Run(command, Arguments(arguments), out _);
        Assert.NotNull(fault);
        Assert.DoesNotContain('\n', fault);
        return fault;
    }
}
