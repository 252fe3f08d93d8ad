using System.Collections.Concurrent;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>One test of every kind through the gateway, by a plan the product brings: armed, triggered by its rule, met, ended.</summary>
public sealed class AbuseKindTests
{
    private const double HeatingCPerS = 25;

    // Each takes a dozen seconds by the clock and next to nothing of the processor.
    private const int AtATime = 3;

    [Fact]
    public async Task ATestOfEachKind_IsTriggeredByItsRule_AndItsRunawayIsTimed()
    {
        ConcurrentBag<string> failed = [];
        await Parallel.ForEachAsync(
            Enum.GetValues<AbuseKind>(),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = TestContext.Current.CancellationToken },
            async (kind, _) =>
            {
                string plan = AbusePlans.BuiltIn.First(plan => plan.Kind == kind).Name;
                try
                {
                    await RunAsync(plan);
                }
                catch (Xunit.Sdk.XunitException wrong)
                {
                    failed.Add($"{plan}: {wrong.Message}");
                }
            });
        Assert.Empty(failed);
    }

    private static async Task RunAsync(string plan)
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync(plan);
        JsonElement armed = await bench.Act($"/{id}/arm", new { });
        Assert.Equal("armed", AbuseBench.State(armed));

        // More than the 5 s of the initial voltage after the node's first fast sample, and after the arming in any case.
        await bench.Until(id, one => one.GetProperty("figures").GetProperty("initialVoltageV").ValueKind == JsonValueKind.Number
            && one.GetProperty("figures").GetProperty("lastAt").GetDouble() - one.GetProperty("figures").GetProperty("firstAt").GetDouble() > 6);
        double at = (bench.Gateway.Services.NowMicroseconds() / 1e6) + 0.5;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (t < at + 1 ? 4.3 : 0.1, 25 + Math.Min(300, (t - at) * HeatingCPerS));
        JsonElement record = await bench.Until(id, one => one.GetProperty("figures").GetProperty("criteria").EnumerateArray().Any(criterion =>
            criterion.GetProperty("id").GetString() == "thermal-runaway" && criterion.GetProperty("state").GetString() == "met")
            && Value(one, "timeToRunawayS").GetProperty("uncertainty").ValueKind == JsonValueKind.Number);
        AbusePlan kept = AbusePlans.Find(plan)!;

        // The first that the plan's rule can see: 4.3 V at once, 1 C/s within the second, the fall after one.
        double triggered = record.GetProperty("triggeredAt").GetDouble();
        double first = kept.Trigger.VoltageRiseV is not null ? 0 : kept.Trigger.HeatingCPerS is { } rate ? rate / HeatingCPerS : 1;
        Assert.InRange(triggered - at, first - 0.03, first + 0.07);

        // T(t) - T(t - 1 s) is 1 C/s after 1 / 25 s, and must hold for more than 3 s. A trigger by heat is in doubt by a second of its own.
        JsonElement runaway = Value(record, "timeToRunawayS");
        double half = runaway.GetProperty("uncertainty").GetDouble() - Value(record, "triggerS").GetProperty("uncertainty").GetDouble();
        Assert.InRange(half, 0.03, 0.3);
        Assert.InRange(runaway.GetProperty("at").GetDouble() - at, 3 + (1 / HeatingCPerS) - half, 3 + (1 / HeatingCPerS) + half);
        JsonElement ended = await bench.Act($"/{id}/end", new { note = "it has burnt" });
        Assert.Equal("ended", AbuseBench.State(ended));
    }

    private static JsonElement Value(JsonElement record, string id) =>
        record.GetProperty("figures").GetProperty("values").EnumerateArray().Single(value => value.GetProperty("id").GetString() == id);
}
