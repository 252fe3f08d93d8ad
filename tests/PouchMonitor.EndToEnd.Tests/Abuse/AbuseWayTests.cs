using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>
/// An abuse test by the real program: an emulated node in real time over MQTT, a session of a built-in plan, and in the middle of it
/// what goes wrong: the gateway is killed while it observes, the node starts anew.
/// </summary>
public sealed class AbuseWayTests(ITestOutputHelper output)
{
    private const string Name = "wall";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task AGatewayKilledAndANodeStartedAnew_LoseNothingOfTheTest()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway, seed: 21);
        AbuseTruth truth = AbuseTruth.Of(script, 120);
        EmulatedNode node = new(new EmulatedNodeOptions
        {
            Node = Name,
            CellName = "dne-pouch",
            Label = Name,
            SampleInterval = TimeSpan.FromMilliseconds(100),
            VirtualStartUnixMicroseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
            Abuse = script,
            AbuseDelay = TimeSpan.FromDays(1),
            HasTriggerInput = true,
            StoreFlashBytes = 2 * 1024 * 1024,
            Port = serve.MqttPort,
        });
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => node.RunAsync(stop.Token), CancellationToken.None);
        try
        {
            string path = await ArmAsync(serve);
            ulong boot = node.Node.Boot;

            // The record of arming goes to flash, which may hold the node up once: not in the seconds before the event.
            double armed = (await serve.Get(path)).GetProperty("armedAt").GetDouble();
            await serve.Until(path, record => LastAt(record) > armed + 3, Patience);
            node.BeginAbuse();
            JsonElement red = await serve.Until(path, record => State(record) is "triggered" or "observing" && HasTrigger(record), Patience);
            double moment = red.GetProperty("figures").GetProperty("trigger").GetProperty("at").GetDouble();
            double uncertainty = red.GetProperty("figures").GetProperty("trigger").GetProperty("uncertaintyS").GetDouble();
            double eventS = (node.Options.VirtualStartUnixMicroseconds / 1e6) + node.Abuse!.BeganS!.Value;
            output.WriteLine($"triggered at {moment - eventS:F4} s +- {uncertainty:F4} s from the event");
            Assert.InRange(eventS, moment - uncertainty - AbuseBench.EmulatedStepS, moment + uncertainty + AbuseBench.EmulatedStepS);

            serve.Kill();
            await UntilSampled(node, node.Node.Channels[0].SampleCount + 50);
            await serve.StartAsync();
            JsonElement back = await serve.Until(path, record => State(record) is "triggered" or "observing", Patience);
            Assert.Equal(red.GetProperty("triggeredAt").GetDouble(), back.GetProperty("triggeredAt").GetDouble(), 1.0);

            // As after a loss of power, once the runaway is over.
            await serve.Until(path, record => HasTrigger(record) && Criterion(record) == "met", Patience);
            node.Board.Restart();
            JsonElement whole = await serve.Until(
                path, record => node.Node.Boot != boot && HasTrigger(record) && LastAt(record) > eventS + truth.MaximumAtS + 10, Patience);
            JsonElement trigger = whole.GetProperty("figures").GetProperty("trigger");
            Assert.Equal("input", trigger.GetProperty("source").GetString());
            double told = trigger.GetProperty("at").GetDouble();
            double doubt = trigger.GetProperty("uncertaintyS").GetDouble() + AbuseBench.EmulatedStepS;
            Assert.InRange(eventS, told - doubt, told + doubt);
            Assert.Equal(truth.InitialVoltageV, whole.GetProperty("figures").GetProperty("initialVoltageV").GetDouble(), 0.005);
            JsonElement trace = await serve.Get(path + "/trace?after=0&points=20000");
            AssertBeforeTheTrigger(trace, eventS);
            Assert.Equal(Name, (await serve.Get("/api/v1/nodes")).EnumerateArray().Single().GetProperty("node").GetString());
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>The seconds before the trigger are there at the full rate.</summary>
    private static void AssertBeforeTheTrigger(JsonElement trace, double eventS)
    {
        JsonElement voltage = trace.GetProperty("traces").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "voltage");
        double[] before = [.. voltage.GetProperty("timeS").EnumerateArray().Select(time => time.GetDouble()).Where(time => time > eventS - 1.5 && time < eventS)];
        Assert.InRange(before.Length, 73, 77);
        Assert.All(before.Skip(1).Zip(before), pair => Assert.InRange(pair.First - pair.Second, 0.001, 0.045));
    }

    private static async Task<string> ArmAsync(ServeProcess serve)
    {
        await serve.Until("/api/v1/nodes", nodes => nodes.GetArrayLength() == 1, Patience);
        string? path = null;
        string last = "";
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            if (path is null)
            {
                using HttpResponseMessage made = await serve.Http.PostAsJsonAsync(
                    serve.Address + "/api/v1/abuse", new { plan = "nail-gb", node = Name, channel = "1", by = "ada" }, limit.Token);
                last = await made.Content.ReadAsStringAsync(limit.Token);
                path = made.IsSuccessStatusCode ? $"/api/v1/abuse/{JsonDocument.Parse(last).RootElement.GetProperty("id").GetString()}" : null;
                continue;
            }

            JsonElement checks = (await serve.Get(path)).GetProperty("checks");
            last = checks.GetRawText();
            foreach (JsonElement check in checks.EnumerateArray().Where(check => check.GetProperty("isByPerson").GetBoolean() && check.GetProperty("state").GetString() != "good"))
            {
                await Post(serve, $"{path}/checks/{check.GetProperty("id").GetString()}", new { good = true, by = "ada" }, limit.Token);
            }

            if (checks.EnumerateArray().All(check => check.GetProperty("state").GetString() == "good"))
            {
                await Post(serve, path + "/arm", new { by = "ada" }, limit.Token);
                await serve.Until(path, record => State(record) == "armed", Patience);
                return path;
            }
        }

        throw new InvalidOperationException($"It could not be armed: {last}");
    }

    private static async Task UntilSampled(EmulatedNode node, long samples)
    {
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (node.Node.Channels[0].SampleCount < samples)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task Post(ServeProcess serve, string path, object body, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(serve.Address + path, body, cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }

    private static string? State(JsonElement record) => record.GetProperty("state").GetString();

    private static bool HasTrigger(JsonElement record) =>
        record.GetProperty("figures") is { ValueKind: JsonValueKind.Object } figures && figures.GetProperty("trigger").ValueKind == JsonValueKind.Object;

    private static string? Criterion(JsonElement record) => record.GetProperty("figures").GetProperty("criteria").EnumerateArray()
        .Single(one => one.GetProperty("id").GetString() == "thermal-runaway").GetProperty("state").GetString();

    private static double LastAt(JsonElement record) =>
        record.GetProperty("figures").GetProperty("lastAt") is { ValueKind: JsonValueKind.Number } at ? at.GetDouble() : 0;
}
