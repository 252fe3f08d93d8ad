using System.Net;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>A node is let go after a test: its relay open, its usual rate, whatever it had heard of the order.</summary>
public sealed class AbuseReleaseTests
{
    [Fact]
    public async Task ANodeThatDidNotHearTheEnd_IsToldAgain_AlsoByTheNextGateway()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        bench.Node.Deaf.Add("disarm");
        bench.Node.Deaf.Add("end-abuse");
        await bench.Act($"/{id}/trigger", new { });
        await bench.Act($"/{id}/end", new { note = "done" });
        await bench.Until(id, record => AbuseBench.Says(record, "The node was told 'disarm': no answer"));
        Assert.True(bench.Node.IsArmed);
        await bench.RestartAsync();
        Assert.True(bench.Node.IsArmed);
        bench.Node.Deaf.Clear();
        await bench.Until("/api/v1/nodes", nodes => !bench.Node.IsArmed && !bench.Node.IsFast);
        await bench.Until(id, record => AbuseBench.Says(record, "The protection is disarmed and the relay open")
            && AbuseBench.Says(record, "The node samples at its usual rate again"));
        await bench.Until("/api/v1/nodes", _ => bench.Gateway.Services.Database.ReadAbuseReleases().Count == 0);
    }

    [Fact]
    public async Task ANodeThatIsAway_IsAskedOnceItIsBack_AndNotBefore()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        await bench.Node.SayStatusAsync(isOnline: false);
        await bench.Until("/api/v1/nodes", nodes => nodes[0].GetProperty("state").GetString() == "offline");
        await bench.Act($"/{id}/trigger", new { });
        await bench.Act($"/{id}/end", new { note = "done" });

        // Its figures are completed more than a second after the end: by then it would have been asked.
        await bench.Until(id, record => record.GetProperty("figures").GetProperty("deviations").EnumerateArray().Any(text =>
            text.GetString()!.Contains("not reached", StringComparison.Ordinal)));
        Assert.DoesNotContain("disarm", bench.Node.Commands);
        await bench.Node.SayStatusAsync();
        await bench.Until(id, record => AbuseBench.Says(record, "The protection is disarmed and the relay open"));
        Assert.False(bench.Node.IsArmed);
    }

    [Fact]
    public async Task AnArmingWhoseAnswerIsLost_IsTakenBack()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        bench.Node.Mute.Add("arm");
        Assert.Contains("no answer", await bench.Refused($"/{id}/arm", new { }, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        await bench.Until("/api/v1/nodes", _ => bench.Node.Commands.Contains("disarm") && !bench.Node.IsArmed);
        Assert.True(bench.Node.IsFast);
        Assert.Equal("preparing", AbuseBench.State(await bench.GetAsync(id)));
    }

    [Fact]
    public void WhatAPersonAccepted_CoversThatFaultAlone()
    {
        AbuseRecord record = AbuseMovesTests.Ready();
        AbuseCheck bad = record.Checks.Single(check => check.Id == AbuseChecks.Storage) with { State = CheckState.Bad, Detail = "3 MB are free, 300 MB are needed" };
        AbuseRecord accepted = AbuseNotes.Acknowledge(record with { Checks = AbuseNotes.Replace(record.Checks, bad) }, AbuseChecks.Storage, true, "the old segments go tonight", "ada", 5);
        AbuseSight Sight(string problem) => AbuseMovesTests.Nothing with { StorageProblem = problem };
        Assert.Equal(CheckState.Good, Storage(AbuseChecks.Look(accepted, Sight("4 MB are free, 300 MB are needed"), 6)).State);
        AbuseCheck other = Storage(AbuseChecks.Look(accepted, Sight("the disk is gone"), 6));
        Assert.Equal((CheckState.Bad, "the disk is gone", null), (other.State, other.Detail, other.Person));
        Assert.Equal(CheckState.Bad, Storage(AbuseChecks.Look(accepted, Sight("3 MB are free, 900 MB are needed"), 6)).State);
        Assert.Equal(CheckState.Bad, Storage(AbuseChecks.Look(accepted, Sight("1 MB are free, 300 MB are needed"), 6)).State);
    }

    [Fact]
    public async Task TheFiguresOfATestThatEnds_SayWhatWasNotReached()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync(AbuseBench.Plan with { Observation = AbuseBench.Plan.Observation with { LeastS = 600 } });
        bench.Node.IsOffline = true;
        await bench.Act($"/{id}/trigger", new { });
        await bench.Act($"/{id}/end", new { note = "done" });
        await bench.Until(id, record => record.GetProperty("figures").GetProperty("deviations").EnumerateArray().Any(text =>
            text.GetString()!.Contains("not reached", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnAlarmOfATest_GoesWithIt()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        bench.Node.IsOffline = true;
        await bench.Until("/api/v1/alarms?state=open", alarms => IsActive(alarms, id));
        await bench.Act($"/{id}/cancel", new { note = "the node is dead" });
        await bench.Until("/api/v1/alarms?state=open", alarms => !IsActive(alarms, id));
    }

    private static bool IsActive(JsonElement alarms, string id) => alarms.EnumerateArray().Any(alarm =>
        alarm.GetProperty("test").GetString() == id + "@abuse" && alarm.GetProperty("clearedAt").ValueKind == JsonValueKind.Null);

    private static AbuseCheck Storage(IReadOnlyList<AbuseCheck> checks) => checks.Single(check => check.Id == AbuseChecks.Storage);
}
