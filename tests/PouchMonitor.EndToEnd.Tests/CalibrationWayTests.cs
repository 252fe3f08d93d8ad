using System.Collections;
using System.Text.Json;
using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.EndToEnd.Tests.Storage;
using PouchMonitor.Firmware;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Host.Board;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>
/// From a front end with errors to cycles that are right: the node is calibrated by its commands and sends raw counts, the
/// gateway applies the record that the node's status tells. Errors of the front end: 1 mV and -0.4 % in the voltage, 4 mA
/// and 0.7 % in the current. What is left is stated by the tolerances: references and offsets are read to an eighth of a
/// count (10 uA of 1 A), steps begin and end half-way between two samples.
/// </summary>
public class CalibrationWayTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;
    private const long Start = 1_790_000_000_000_000;
    private const double CycleS = 7_620;

    [Fact]
    public async Task CalibratedNode_GivesTheTruthsCapacityAndEfficiency()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        JsonElement cycles = await Cycles(serve, "right", isCalibrated: true, knownId: 0);
        foreach (JsonElement cycle in cycles.EnumerateArray().Take(2))
        {
            output.WriteLine(cycle.GetRawText());
            Assert.Equal(1.0, cycle.GetProperty("chargeCapacityAh").GetDouble(), 5e-5);
            Assert.Equal(0.995, cycle.GetProperty("dischargeCapacityAh").GetDouble(), 5e-5);
            Assert.Equal(0.995, cycle.GetProperty("coulombicEfficiency").GetDouble(), 5e-5);
            Assert.Equal(3.9, cycle.GetProperty("meanChargeVoltageV").GetDouble(), 1e-4);
        }

        // Newest first; those before it belong to the calibrating itself.
        JsonElement spans = await serve.Until("/api/v1/calibrations?node=right", list => list.GetArrayLength() > 0);
        Assert.All(spans[0].GetProperty("columns").EnumerateArray(), column => Assert.True(column.GetProperty("applied").GetBoolean()));

        // What is drawn says the same as what is judged: the extremes of a thinned answer, and samples one by one.
        double from = cycles[0].GetProperty("start").GetDouble() + 60;
        foreach ((double seconds, bool isThinned) in new[] { (3000.0, true), (50.0, false) })
        {
            string range = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"from={from:F3}&to={from + seconds:F3}");
            JsonElement samples = await serve.Get($"/api/v1/cells/right/samples?{range}&points=200");
            Assert.Equal(isThinned, samples.GetProperty("intervalSeconds").ValueKind == JsonValueKind.Number);
            Assert.NotEqual(0, samples.GetProperty("rows").GetArrayLength());
            foreach (JsonElement row in samples.GetProperty("rows").EnumerateArray())
            {
                Assert.Equal(3.9, row[1].GetDouble(), 5e-4);
                Assert.Equal(1.0, row[2].GetDouble(), 5e-4);
            }
        }
    }

    [Fact]
    public async Task ACalibrationThatNobodyTold_IsShownAndNotApplied()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        JsonElement cycles = await Cycles(serve, "raw", isCalibrated: false, knownId: 99);
        JsonElement cycle = cycles[0];
        output.WriteLine(cycle.GetRawText());
        Assert.Equal(1.007 + 0.004, cycle.GetProperty("chargeCapacityAh").GetDouble(), 1e-3);
        Assert.Equal((1.007 * 0.995) - 0.004, cycle.GetProperty("dischargeCapacityAh").GetDouble(), 1e-3);
        JsonElement spans = await serve.Until("/api/v1/calibrations?node=raw", list => list.GetArrayLength() > 0);
        Assert.All(Assert.Single(spans.EnumerateArray()).GetProperty("columns").EnumerateArray(), column =>
        {
            Assert.Equal(99u, column.GetProperty("id").GetUInt32());
            Assert.False(column.GetProperty("applied").GetBoolean());
        });
    }

    [Fact]
    public async Task UncertaintiesOfACycle_AreThoseOfItsBoard_AndAFileHasNone()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        JsonElement calibrated = (await Cycles(serve, "calibrated", isCalibrated: true, knownId: 0))[1];
        JsonElement bought = (await Cycles(serve, "bought", isCalibrated: false, knownId: 0))[1];
        output.WriteLine(calibrated.GetRawText());
        output.WriteLine(bought.GetRawText());

        // 1 A for 3600 s and back for 3582 s, as either board reads it; a sample a second. On the board as bought a zero of 4 mA
        // passes for a current in the rests and adds its 440 s.
        foreach ((JsonElement cycle, FrontEnd front, double tolerance) in new[]
        {
            (calibrated, FrontEnd.OneAmpereHour.Calibrated(), 0.02), (bought, FrontEnd.OneAmpereHour, 0.1),
        })
        {
            FrontEnd board = front with { SampleSeconds = 1 };
            double chargeA = Value(cycle, "chargeCapacityAh");
            double dischargeAh = Value(cycle, "dischargeCapacityAh");
            double dischargeA = dischargeAh / 0.995;
            Near(CapacityBudget.Of(board, chargeA, 3600), cycle, "chargeCapacityUncertaintyAh", tolerance);
            Near(CapacityBudget.Of(board, dischargeA, 3582), cycle, "dischargeCapacityUncertaintyAh", tolerance);
            Near(EfficiencyBudget.Of(board, new CycleProtocol("", dischargeAh, chargeA, dischargeA, dischargeAh / chargeA)), cycle, "coulombicEfficiencyUncertainty", tolerance);
            Near(PolarizationBudget.Of(board, Value(cycle, "meanChargeVoltageV"), 3600, Value(cycle, "meanDischargeVoltageV"), 3582), cycle, "polarizationUncertaintyV", tolerance);
        }

        Assert.True(Value(bought, "coulombicEfficiencyUncertainty") > 4 * Value(calibrated, "coulombicEfficiencyUncertainty"));
        Assert.True(Value(bought, "dischargeCapacityUncertaintyAh") > 4 * Value(calibrated, "dischargeCapacityUncertaintyAh"));

        // An archive is judged like the node's own frames; a file says nothing of what measured it.
        string folder = Directory.CreateTempSubdirectory("pouch-uncertainty-").FullName;
        try
        {
            string file = Path.Combine(folder, "cell.csv");
            string archive = Path.Combine(folder, "test.zip");
            await ArchiveWayTests.UntilStored(serve, "calibrated", test => test.Ended && test.SampleCount > 20_000);
            foreach (string[] command in (string[][])
            [
                ["export", "--data", serve.Data, "--cell", "calibrated", "--out", archive],
                ["simulate", "dne-pouch", "--cycles", "3", "--interval", "20", "--seed", "7", "--out", file],
                ["replay", file, "--cell", "file", "--mqtt", serve.MqttAddress, "--speed", "max"],
            ])
            {
                CommandRun run = await CommandRun.PouchMonitor(command);
                Assert.True(run.ExitCode == 0, run.Errors);
            }

            CommandRun analysis = await CommandRun.PouchMonitor("analyze", "--json", archive);
            using JsonDocument found = JsonDocument.Parse(analysis.Output);
            Assert.Equal(JsonText.Lines(await serve.Get("/api/v1/cells/calibrated/cycles")), JsonText.Lines(found.RootElement.GetProperty("cycles")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        JsonElement replayed = (await serve.Until("/api/v1/cells/file/cycles", list => list.GetArrayLength() == 3))[1];
        Assert.True(Value(replayed, "coulombicEfficiency") > 0.9);
        foreach (string name in (string[])["chargeCapacityUncertaintyAh", "dischargeCapacityUncertaintyAh", "coulombicEfficiencyUncertainty", "polarizationUncertaintyV"])
        {
            Assert.Equal(JsonValueKind.Null, replayed.GetProperty(name).ValueKind);
        }

        static double Value(JsonElement cycle, string name) => cycle.GetProperty(name).GetDouble();

        static void Near(UncertaintyBudget expected, JsonElement cycle, string name, double tolerance) =>
            Assert.Equal(1, Value(cycle, name) / expected.CombinedStandardUncertainty, tolerance);
    }

    /// <summary>Three cycles of 1 Ah in and 0.995 Ah out, as the gateway counts them.</summary>
    private static async Task<JsonElement> Cycles(ServeProcess serve, string name, bool isCalibrated, uint knownId)
    {
        NodeConfiguration configuration = new()
        {
            Node = name, BrokerHost = "127.0.0.1", AcquireIntervalMilliseconds = 1000, SampleIntervalMilliseconds = 1000,
            PublishIntervalMilliseconds = 60_000, StoreFrameCount = 4096, StoreBytes = 8 * 1024 * 1024,
            Channels = [new ChannelConfiguration { Label = name, CalibrationId = knownId }],
        };
        EmulatedBoard board = new(7) { BootAnchorUnixMicroseconds = Start };
        ScriptedRig rig = new(board.Bus, board.Time, configuration.Channels[0])
        {
            VoltageNoiseV = 60e-6, ShuntNoiseV = 4e-6, VoltageOffsetV = 1e-3, VoltageGainError = -0.004,
            ShuntOffsetV = 400e-6, ShuntGainError = 0.007,
        };
        MqttFrameLink link = new(name, "127.0.0.1", serve.MqttPort, userName: null, password: null);
        PouchNode node = new(configuration, board, link);
        if (isCalibrated)
        {
            Calibrate(node, board, rig);
        }

        double began = board.Time.UptimeMicroseconds / 1e6;
        rig.CurrentA = second => CurrentA(second - began);
        rig.VoltageV = second => CurrentA(second - began) switch { > 0 => 3.9, < 0 => 3.6, _ => 3.75 };
        node.Channels[0].StartTest(board.Time.UptimeMicroseconds);
        Run(node, board, began + (3 * CycleS) + 0.5);
        node.EndTest(0);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        long uptime = board.Time.UptimeMicroseconds;
        while (node.Store.Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            node.Pump(uptime++);
            await Task.Yield();
        }

        JsonElement cycles = await serve.Until($"/api/v1/cells/{name}/cycles", list => list.GetArrayLength() == 3
            && list[2].GetProperty("dischargeCapacityAh").ValueKind == JsonValueKind.Number);
        node.Publisher.SayOffline();
        await link.DisconnectAsync(TimeSpan.FromSeconds(10));
        return cycles;
    }

    private static double CurrentA(double second) => (second % CycleS) switch
    {
        < 0 or (>= 3600.5 and < 3820.5) => 0,
        < 0.5 => 0,
        < 3600.5 => 1,
        < 7402.5 => -1,
        _ => 0,
    };

    /// <summary>By its commands, as a person would: shorted and at rest, then with references applied.</summary>
    private static void Calibrate(PouchNode node, EmulatedBoard board, ScriptedRig rig)
    {
        rig.VoltageV = _ => 0;
        Run(node, board, 70);
        Command("calibrate-zero", "voltage", reference: null);
        Command("calibrate-rest", column: null, reference: null);
        rig.VoltageV = _ => 4;
        rig.CurrentA = _ => 1;
        Run(node, board, 140);
        Command("calibrate-gain", "voltage", "4000000");
        Command("calibrate-gain", "current", "1000000");
        rig.CurrentA = _ => 0;
        Run(node, board, 200);
        node.EndTest(0);

        void Command(string command, string? column, string? reference) => Assert.Null(node.Calibrator.Run(
            command, new Hashtable { ["channel"] = "1", ["column"] = column, ["reference"] = reference }, out _));
    }

    private static void Run(PouchNode node, EmulatedBoard board, double untilSecond)
    {
        while (node.Loop.RunNext((long)(untilSecond * Second)))
        {
            if (node.Channels[0].SampleCount % 60 == 0)
            {
                node.Pump(board.Time.UptimeMicroseconds);
            }
        }

        board.Time.AdvanceTo((long)(untilSecond * Second));
    }
}
