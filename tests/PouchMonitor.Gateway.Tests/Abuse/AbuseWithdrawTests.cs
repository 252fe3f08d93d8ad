using System.Net;
using System.Text.Json;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>An event that did not take place is taken back, and the test goes on as if it waited still.</summary>
public sealed class AbuseWithdrawTests
{
    [Fact]
    public async Task AFalseTrigger_IsTakenBack_TheTestWaitsOn_AndTheEventIsFoundThen()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double false1 = Now(bench) + 0.5;
        double false2 = false1 + 1;
        bench.Node.Cell = t => t >= false1 && t < false2 ? (1.0, 65) : (4.1, 25); // a lead fell off, a sensor was touched
        JsonElement begun = await bench.Until(id, one => IsObserving(one) && IsMet(one) && LastAt(one) > false2 + 0.3);
        Assert.InRange(begun.GetProperty("triggeredAt").GetDouble(), false1, false1 + 0.1);

        Assert.Equal("'note' must say why the event is taken back.", await bench.Refused($"/{id}/withdraw", new { }, HttpStatusCode.BadRequest));
        JsonElement armed = await bench.Act($"/{id}/withdraw", new { note = "a lead fell off" });
        Assert.Equal("armed", AbuseBench.State(armed));
        Assert.Equal(JsonValueKind.Null, armed.GetProperty("triggeredAt").ValueKind);
        double withdrawn = armed.GetProperty("withdrawals")[0].GetProperty("at").GetDouble();

        // It stays so, also for a gateway that is started anew and reads it all again.
        JsonElement waiting = await bench.Until(id, one => IsFigured(one) && LastAt(one) > withdrawn + 0.5);
        Assert.Equal(("armed", false), (AbuseBench.State(waiting), IsMet(waiting)));
        await bench.RestartAsync();
        waiting = await bench.Until(id, one => IsFigured(one) && LastAt(one) > withdrawn + 1);
        Assert.Equal(("armed", false), (AbuseBench.State(waiting), IsMet(waiting)));

        double real = Now(bench) + 0.5;
        bench.Node.Cell = t => t >= real ? (1.0, 70) : (4.1, 25);
        JsonElement record = await bench.Until(id, one => IsObserving(one) && IsMet(one));
        Assert.InRange(record.GetProperty("triggeredAt").GetDouble(), real, real + 0.1);
        Assert.True(bench.Node.IsArmed);
        JsonElement ended = await bench.Act($"/{id}/end", new { note = "done" });
        Assert.Contains(ended.GetProperty("deviations").EnumerateArray(), said => said.GetString()!.Contains("was taken back", StringComparison.Ordinal));
        Assert.Equal(1, ended.GetProperty("log").EnumerateArray().Count(line => line.GetProperty("kind").GetString() == "withdrawal"));
        Assert.Equal(2, ended.GetProperty("log").EnumerateArray().Count(line => line.GetProperty("text").GetString()!.StartsWith("'Hotter than 60 C' is met", StringComparison.Ordinal)));
        await bench.Act($"/{id}/sign", new { meaning = "tested" });
        string report = await bench.Http.GetStringAsync($"/api/v1/abuse/{id}/report", TestContext.Current.CancellationToken);
        Assert.Contains("a lead fell off", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEdgeThatWasTakenBack_IsNotTakenFromTheStatusAgain_AndALaterOneIs()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double first = (await bench.GetAsync(id)).GetProperty("armedAt").GetDouble() + 0.1;
        bench.Node.LastEdgeS = first;
        await bench.Node.EdgeAsync(first);
        await bench.Until(id, IsObserving);
        await bench.Act($"/{id}/withdraw", new { note = "the switch was bumped" });
        await bench.Node.SayStatusAsync();
        double second = Now(bench);
        await bench.Node.EdgeAsync(second);
        JsonElement record = await bench.Until(id, IsObserving);
        Assert.InRange(record.GetProperty("triggeredAt").GetDouble(), second - 0.002, second + 0.002);
        JsonElement moment = Assert.Single(record.GetProperty("moments").EnumerateArray());
        Assert.InRange(moment.GetProperty("at").GetDouble(), second - 0.002, second + 0.002);
        Assert.Equal(1, record.GetProperty("withdrawals")[0].GetProperty("moments").GetArrayLength());
    }

    private static double Now(AbuseBench bench) => bench.Gateway.Services.NowMicroseconds() / 1e6;

    private static bool IsObserving(JsonElement record) => AbuseBench.State(record) == "observing";

    private static bool IsFigured(JsonElement record) => record.GetProperty("figures").ValueKind == JsonValueKind.Object;

    private static double LastAt(JsonElement record) =>
        record.GetProperty("figures").GetProperty("lastAt") is { ValueKind: JsonValueKind.Number } at ? at.GetDouble() : 0;

    private static bool IsMet(JsonElement record) => IsFigured(record)
        && record.GetProperty("figures").GetProperty("criteria")[0].GetProperty("state").GetString() == "met";
}
