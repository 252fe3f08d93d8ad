using System.Text.Json;
using PouchMonitor.Gateway.Tests.Api;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>The emergency stop: sent at once in any state, and confirmed only where the node says so twice.</summary>
public sealed class AbuseStopTests
{
    [Fact]
    public async Task AStop_IsConfirmed_ByTheAnswerAndTheProtection_InAnyState()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        using EventReader stream = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        string id = await bench.ArmAsync();
        JsonElement stopped = await bench.Act($"/{id}/stop", new { by = "bob" });
        Assert.Equal(("confirmed", "bob", "armed"), (Stop(stopped), stopped.GetProperty("stop").GetProperty("person").GetString(), AbuseBench.State(stopped)));
        await stream.NextAsync("abuse", one => one.GetProperty("stop").GetString() == "sent");
        await stream.NextAsync("abuse", one => one.GetProperty("stop").GetString() == "confirmed");
        await bench.Until(id, one => AbuseBench.Says(one, "Emergency stop confirmed"));
        await bench.Act($"/{id}/cancel", new { });
        JsonElement again = await bench.Act($"/{id}/stop", new { });
        Assert.Equal(("confirmed", "cancelled"), (Stop(again), AbuseBench.State(again)));
        Assert.Equal(2, bench.Node.Commands.Count(command => command == "trip"));
        Assert.Equal("confirmed", Stop(await bench.GetAsync(id)));
    }

    [Fact]
    public async Task AStopThatIsRefused_OrTakenWithoutEffect_OrNotAnswered_SaysSo_AndCallsSomebody()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        bench.Gateway.Services.Abuse!.Stopper.Patience = TimeSpan.FromMilliseconds(500);
        string id = await bench.PrepareAsync();
        bench.Node.Refusing.Add("trip");
        JsonElement refused = await bench.Act($"/{id}/stop", new { });
        Assert.Equal(("refused", "the relay does not move"), (Stop(refused), refused.GetProperty("stop").GetProperty("detail").GetString()));
        bench.Node.Refusing.Clear();
        bench.Node.IsStuck = true;
        Assert.Equal("unanswered", Stop(await bench.Act($"/{id}/stop", new { })));
        bench.Node.Deaf.Add("trip");
        JsonElement unanswered = await bench.Act($"/{id}/stop", new { });
        Assert.Equal("unanswered", Stop(unanswered));
        Assert.Contains("it may have acted all the same", unanswered.GetProperty("stop").GetProperty("detail").GetString(), StringComparison.Ordinal);
        JsonElement alarms = await bench.Until("/api/v1/alarms?state=open", all => all.EnumerateArray().Any(alarm => alarm.GetProperty("rule").GetString() == "abuse-test"));
        JsonElement alarm = alarms.EnumerateArray().Single(one => one.GetProperty("rule").GetString() == "abuse-test");
        Assert.Contains("emergency stop of ada is unanswered", alarm.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStopWhoseAnswerWasLost_IsConfirmedLater_ByTheStatus()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        bench.Gateway.Services.Abuse!.Stopper.Patience = TimeSpan.FromMilliseconds(300);
        string id = await bench.PrepareAsync();
        bench.Node.Deaf.Add("trip");
        Assert.Equal("unanswered", Stop(await bench.Act($"/{id}/stop", new { })));
        bench.Node.Trip();
        await bench.Node.SayStatusAsync();
        await bench.Until(id, one => Stop(one) == "confirmed");
    }

    [Fact]
    public async Task AStop_IsSent_WhileTheDeskIsHeldUp()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        using ManualResetEventSlim held = new();
        bench.Gateway.Services.Abuse!.Post(held.Wait);
        try
        {
            Assert.Equal("confirmed", (await bench.Gateway.Services.Abuse.Stopper.StopAsync(id, "ada")).State);
            Assert.Equal("confirmed", Stop(await bench.GetAsync(id)));
        }
        finally
        {
            held.Set();
        }

        await bench.Until(id, one => AbuseBench.Says(one, "Emergency stop confirmed"));
    }

    private static string? Stop(JsonElement record) => record.GetProperty("stop") is { ValueKind: JsonValueKind.Object } stop ? stop.GetProperty("state").GetString() : null;
}
