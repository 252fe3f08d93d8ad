using System.Text.Json;
using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>What becomes of a test when the gateway or the node restarts, and when data come late or not at all.</summary>
public sealed class AbuseRestartTests
{
    [Fact]
    public async Task EachState_SurvivesARestartOfTheGateway()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        await bench.RestartAsync();
        Assert.Equal("preparing", AbuseBench.State(await bench.GetAsync(id)));
        await bench.Until(id, one => one.GetProperty("checks").EnumerateArray().All(check => check.GetProperty("state").GetString() == "good"));
        await bench.Act($"/{id}/arm", new { });
        await bench.RestartAsync();
        Assert.Equal("armed", AbuseBench.State(await bench.GetAsync(id)));
        double triggered = (await bench.Act($"/{id}/trigger", new { })).GetProperty("triggeredAt").GetDouble();
        await bench.RestartAsync();
        JsonElement observing = await bench.Until(id, one => one.GetProperty("figures").ValueKind == JsonValueKind.Object
            && one.GetProperty("figures").GetProperty("trigger").ValueKind == JsonValueKind.Object);
        Assert.Equal(("observing", triggered), (AbuseBench.State(observing), observing.GetProperty("triggeredAt").GetDouble()));
        JsonElement over = await bench.Until(id, one => one.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").ValueKind == JsonValueKind.Number);
        Assert.InRange(over.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").GetDouble() - triggered, 1.5, 3);
        await bench.Act($"/{id}/end", new { });
        await bench.RestartAsync();
        Assert.Equal("ended", AbuseBench.State(await bench.GetAsync(id)));
        await bench.Act($"/{id}/sign", new { meaning = "tested" });
        await bench.RestartAsync();
        JsonElement signed = await bench.GetAsync(id);
        Assert.True(Assert.Single(signed.GetProperty("signatures").EnumerateArray().ToList()).GetProperty("isIntact").GetBoolean());
        Assert.Contains("The gateway has been started anew", signed.GetProperty("log").EnumerateArray().Select(line => line.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task TheGatewayDown_AtTheEvent_FindsItAfterwards_AtItsOwnTime()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double at = bench.Gateway.Services.NowMicroseconds() / 1e6 + 0.3;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (0.05, 80);
        bench.Node.IsOffline = true;
        await bench.RestartAsync();
        await UntilPast(at + 1);
        bench.Node.IsOffline = false;
        await bench.Node.SendBacklogAsync();
        JsonElement record = await bench.Until(id, one => one.GetProperty("triggeredAt").ValueKind == JsonValueKind.Number
            && Math.Abs(one.GetProperty("triggeredAt").GetDouble() - at) < 0.05);
        Assert.Equal("observing", AbuseBench.State(record));
    }

    [Fact]
    public async Task TheNetworkLost_ForTheWholeEvent_GivesTheFiguresOfALiveOne()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double at = bench.Gateway.Services.NowMicroseconds() / 1e6 + 0.5;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (0.05, 25 + Math.Min(100, (t - at) * 100));
        bench.Node.IsOffline = true;
        await UntilPast(at + 2.5);

        // Somebody saw it, pressed late, and has even ended it before the data came.
        await bench.Act($"/{id}/trigger", new { });
        bench.Node.IsOffline = false;
        await bench.Act($"/{id}/end", new { });
        await bench.Node.SendBacklogAsync();
        JsonElement record = await bench.Until(id, one => Math.Abs(one.GetProperty("triggeredAt").GetDouble() - at) < 0.05);
        Assert.Equal(("ended", "rule"), (AbuseBench.State(record), record.GetProperty("figures").GetProperty("trigger").GetProperty("source").GetString()));
        Assert.Equal("met", record.GetProperty("figures").GetProperty("criteria")[0].GetProperty("state").GetString());
        await bench.Act($"/{id}/sign", new { meaning = "tested" });
    }

    [Fact]
    public async Task ARebootOfTheNode_IsAskedForTheFastRateAgain_AndTheTimeRunsOn()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double triggered = (await bench.Act($"/{id}/trigger", new { })).GetProperty("triggeredAt").GetDouble();
        await bench.Node.RebootAsync();
        JsonElement record = await bench.Until(id, one => one.GetProperty("log").EnumerateArray()
            .Count(line => line.GetProperty("text").GetString()!.StartsWith("Samples come from boot", StringComparison.Ordinal)) == 2);
        Assert.Equal(triggered, record.GetProperty("triggeredAt").GetDouble());
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!bench.Node.IsFast)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        JsonElement over = await bench.Until(id, one => one.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").ValueKind == JsonValueKind.Number);
        Assert.InRange(over.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").GetDouble() - triggered, 1.5, 3);
    }

    [Fact]
    public async Task WhatFoundNoRoomInTheHandOver_IsReadFromTheJournal_AndCounted()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        AbuseDesk desk = bench.Gateway.Services.Abuse!;
        AbuseTap tap = desk.Taps.Find(FakeNode.Name, "1")!;
        using ManualResetEventSlim held = new();
        desk.Post(held.Wait);
        byte[] junk = new byte[16];
        while (desk.Taps.DroppedCount == 0)
        {
            desk.Taps.Offer(tap, junk, 0, 0, -1);
        }

        double at = bench.Gateway.Services.NowMicroseconds() / 1e6;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (0.05, 80);
        long dropped = desk.Taps.DroppedCount;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (desk.Taps.DroppedCount < dropped + 5)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        held.Set();

        // Live frames after the gap may show the event first; what is read from the journal then moves it to where it was.
        await bench.Until(id, one => one.GetProperty("triggeredAt").ValueKind == JsonValueKind.Number
            && Math.Abs(one.GetProperty("triggeredAt").GetDouble() - at) <= 0.05);
        Assert.Contains("pouchmonitor_abuse_frames_missed_total", await bench.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>A worker may have frames left when the desk has ended already: they must not end the worker.</summary>
    [Fact]
    public async Task FramesHandedOver_WhenTheDeskHasEnded_HurtNobody()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        await bench.ArmAsync();
        AbuseDesk desk = bench.Gateway.Services.Abuse!;
        desk.Stop();
        long handed = desk.Taps.HandedCount;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (desk.Taps.HandedCount < handed + 3)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task UntilPast(double timeS)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds < timeS)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
