using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>What the bench wall and the nodes page ask the gateway for.</summary>
[Collection(FrameCollection.Name)]
public sealed class BenchFieldTests(Bench bench)
{
    [Fact]
    public async Task ChannelTellsItsRunningStepItsBenchAndWhetherItKnowsTheTime()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.PublishAsync(2, surfaceC: 25);
        JsonElement cell = (await bench.GetAsync("/api/v1/cells")).EnumerateArray()
            .First(each => each.GetProperty("cell").GetString() == "dne-pouch-1");
        JsonElement step = cell.GetProperty("step");
        Assert.Equal("charge", step.GetProperty("kind").GetString());
        Assert.Equal(1, step.GetProperty("number").GetInt32());
        Assert.InRange(step.GetProperty("elapsedSeconds").GetDouble(), 50, 3600);
        Assert.Equal("bench-a", cell.GetProperty("bench").GetString());
        Assert.True(cell.GetProperty("clockKnown").GetBoolean());
    }

    [Fact]
    public async Task GatewayTellsItsDiskAndItsJournalAndTheNodeItsProtectionAndCalibrations()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        JsonElement gateway = await bench.GetAsync("/api/v1/gateway");
        Assert.True(gateway.GetProperty("freeBytes").GetInt64() > 0);
        Assert.True(gateway.GetProperty("storedSamples").GetInt64() >= 60 * Bench.Cells.Length);
        Assert.Equal(JsonValueKind.Null, gateway.GetProperty("storageProblem").ValueKind);
        JsonElement node = await NodeAsync("bench-a");
        Assert.Equal(JsonValueKind.Null, node.GetProperty("trips").ValueKind);
        Assert.Empty(node.GetProperty("calibrations").EnumerateObject());
    }

    [Fact]
    public async Task NodeTellsItsTripsAndTheNewestCalibrationOfEachChannel()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        const string Name = "calibrated-node";
        await using SampleDevice device = await SampleDevice.ConnectAsync(bench.Gateway.MqttPort, Name);
        foreach ((int id, int made) in ((int, int)[])[(0x1a2b3c4d, 1_700_000_000), (0x0badcafe, 1_790_000_000), (0x00000007, 1_600_000_000)])
        {
            await device.PublishAsync(TopicNames.Status(Name), JsonSerializer.Serialize(new
            {
                state = "online",
                calibrations = new Dictionary<string, object>
                {
                    ["1"] = new { id, unixSeconds = made, voltageOffsetMillicounts = 0, voltageGainPpm = 0, currentOffsetMillicounts = 0, currentGainPpm = 0 },
                },
                protection = new Dictionary<string, object>
                {
                    ["1"] = new { state = "tripped", cause = "over-voltage", kind = "cycling", value = 4_430_000, limit = 4_400_000, unit = "uV" },
                    ["2"] = new { state = "armed" },
                },
            }));
        }

        JsonElement node = await NodeAsync(Name);
        JsonElement calibration = node.GetProperty("calibrations").GetProperty("1");
        Assert.Equal("0badcafe", calibration.GetProperty("id").GetString());
        Assert.Equal(1_790_000_000, calibration.GetProperty("madeAt").GetDouble());
        JsonProperty trip = node.GetProperty("trips").EnumerateObject().Single();
        Assert.Equal("1", trip.Name);
        Assert.Equal("over-voltage", trip.Value.GetProperty("cause").GetString());
        Assert.Equal(4.43, trip.Value.GetProperty("value").GetDouble(), 9);
        Assert.Equal("V", trip.Value.GetProperty("unit").GetString());
    }

    /// <summary>A node as the API shows it; what was published is taken before it is acknowledged.</summary>
    private async Task<JsonElement> NodeAsync(string name) =>
        (await bench.GetAsync("/api/v1/nodes")).EnumerateArray().Single(node => node.GetProperty("node").GetString() == name);
}
