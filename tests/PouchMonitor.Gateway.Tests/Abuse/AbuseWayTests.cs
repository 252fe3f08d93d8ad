using System.IO.Compression;
using System.Net;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Tests.Api;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>Tests from their making to their signature, over HTTP and MQTT as in a laboratory.</summary>
public sealed class AbuseWayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATest_GoesFromItsMakingToItsSignature_AndEveryActIsOnRecord()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        using EventReader stream = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        string id = await bench.ArmAsync();
        Assert.True(bench.Node.IsFast);
        Assert.Contains("arm", bench.Node.Commands);
        JsonElement triggered = await bench.Act($"/{id}/trigger", new { note = "nail in" });
        Assert.Equal("observing", AbuseBench.State(triggered));
        JsonElement told = await stream.NextAsync("abuse", one => one.GetProperty("id").GetString() == id && one.GetProperty("triggeredAt").ValueKind == JsonValueKind.Number);
        Assert.Equal((triggered.GetProperty("triggeredAt").GetDouble(), "abuse-cell"), (told.GetProperty("triggeredAt").GetDouble(), told.GetProperty("cell").GetString()));
        await bench.Act($"/{id}/notes", new { text = "Smoke at the tab.", isDeviation = true });
        Assert.Equal(HttpStatusCode.OK, (await bench.SendAsync(HttpMethod.Put, $"/api/v1/abuse/{id}/observations?by=ada", """{"smoke":true,"hazardLevel":3,"massBeforeG":12.5}""")).Status);
        JsonElement ended = await bench.Act($"/{id}/end", new { note = "cold again" });
        Assert.Equal("ended", AbuseBench.State(ended));
        JsonElement signed = await bench.Act($"/{id}/sign", new { meaning = "tested" });
        Assert.Equal("signed", AbuseBench.State(signed));
        JsonElement twice = await bench.Act($"/{id}/sign", new { meaning = "reviewed", by = "bob" });
        Assert.Equal([true, true], twice.GetProperty("signatures").EnumerateArray().Select(signature => signature.GetProperty("isIntact").GetBoolean()));
        Assert.Equal(["Smoke at the tab.", "Ended before the observation was over: cold again"], twice.GetProperty("deviations").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(3, twice.GetProperty("observations").GetProperty("hazardLevel").GetInt32());
        Assert.Contains("nothing of it can be changed", await bench.Refused($"/{id}/notes", new { text = "late" }), StringComparison.Ordinal);
        string[] acts = [.. bench.Gateway.Services.Database.ReadAudit(long.MaxValue, 1000).Where(line => line.Target == id).Select(line => line.Action).Reverse().Distinct()];
        string[] expected = ["abuse.create", "abuse.check", "abuse.arm", "abuse.trigger", "abuse.note", "abuse.observations", "abuse.end", "abuse.sign"];
        Assert.Equal(expected, acts.Where(expected.Contains));
        await UntilReleased(bench);
    }

    [Fact]
    public async Task AFallOfVoltage_TriggersByItself_AndItsSecondsBeforeAreKept()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double at = bench.Gateway.Services.NowMicroseconds() / 1e6 + 1;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (0.05, 25 + Math.Min(200, (t - at) * 100));
        JsonElement record = await bench.Until(id, one => one.GetProperty("triggeredAt").ValueKind == JsonValueKind.Number);
        Assert.InRange(record.GetProperty("triggeredAt").GetDouble(), at - 0.05, at + 0.05);
        await bench.Until(id, one => one.GetProperty("figures").GetProperty("criteria").EnumerateArray().Any(criterion =>
            criterion.GetProperty("id").GetString() == "hot" && criterion.GetProperty("state").GetString() == "met"));
        JsonElement over = await bench.Until(id, one => one.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").ValueKind == JsonValueKind.Number);
        Assert.InRange(over.GetProperty("figures").GetProperty("observation").GetProperty("completeAt").GetDouble() - at, 1.9, 2.2);
        await bench.Until("/api/v1/alarms?state=open", alarms => alarms.EnumerateArray().Any(alarm => alarm.GetProperty("rule").GetString() == "abuse-test"));
        JsonElement trace = await bench.GetAsync($"{id}/trace?points=20000");
        JsonElement voltage = trace.GetProperty("traces").EnumerateArray().Single(one => one.GetProperty("id").GetString()!.StartsWith("voltage", StringComparison.Ordinal));
        Assert.True(voltage.GetProperty("timeS").EnumerateArray().Count(time => time.GetDouble() < at) >= 50, "The second before the event is not all there.");
    }

    [Fact]
    public async Task ASignedTest_HasItsReport_ItsArchiveWithTheRawData_AndStandsBesideAnother()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string first = await Signed(bench, AbuseBench.Plan);
        string second = await Signed(bench, AbuseBench.Plan with { Name = "bench-nail-2" });
        string report = await bench.Http.GetStringAsync($"/api/v1/abuse/{first}/report", Token);
        Assert.Contains("abuse-cell", report, StringComparison.Ordinal);
        Assert.Contains(first, report, StringComparison.Ordinal);
        string both = await bench.Http.GetStringAsync($"/api/v1/abuse/report?ids={first},{second}", Token);
        Assert.Contains(second, both, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.SendAsync(HttpMethod.Get, $"/api/v1/abuse/report?ids={first}", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bench.SendAsync(HttpMethod.Get, $"/api/v1/abuse/report?ids={first},none", null)).Status);
        using ZipArchive zip = new(await Archive(bench, first), ZipArchiveMode.Read);
        Assert.Equal(["SHA256SUMS", "data/test.zip", "record.json", "report.html"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using ZipArchive raw = new(zip.GetEntry("data/test.zip")!.Open(), ZipArchiveMode.Read);
        Assert.NotNull(raw.GetEntry("frames.bin"));
        Assert.NotNull(raw.GetEntry("samples.bdf.csv.gz"));
    }

    [Fact]
    public async Task TheTriggerInput_TimesTheEvent_ByTheNodesClock_AndCountsBeforeACommand()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double at = (await bench.GetAsync(id)).GetProperty("armedAt").GetDouble() + 0.1;
        await bench.Until(id, one => one.GetProperty("figures").GetProperty("lastAt") is { ValueKind: JsonValueKind.Number } last && last.GetDouble() > at);
        await bench.Act($"/{id}/trigger", new { });
        await bench.Node.EdgeAsync(at);
        JsonElement record = await bench.Until(id, one => one.GetProperty("figures").GetProperty("trigger") is { ValueKind: JsonValueKind.Object } trigger
            && trigger.GetProperty("source").GetString() == "input" && Math.Abs(one.GetProperty("triggeredAt").GetDouble() - at) <= 0.002);
        Assert.Equal(2, record.GetProperty("moments").GetArrayLength());
    }

    [Fact]
    public async Task AnEdgeWhoseEventWasLost_IsReadFromTheStatus_OnceAndOnlyWhileArmed()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        bench.Node.LastEdgeS = bench.Gateway.Services.NowMicroseconds() / 1e6;
        string id = await bench.ArmAsync();
        await bench.Node.SayStatusAsync();
        double at = (await bench.GetAsync(id)).GetProperty("armedAt").GetDouble() + 0.1;
        bench.Node.LastEdgeS = at;
        await bench.Node.SayStatusAsync();
        JsonElement record = await bench.Until(id, one => one.GetProperty("triggeredAt") is { ValueKind: JsonValueKind.Number } told && Math.Abs(told.GetDouble() - at) <= 0.002);
        Assert.Equal("input", record.GetProperty("figures").GetProperty("trigger").GetProperty("source").GetString());
        await bench.Node.SayStatusAsync();
        await bench.Act($"/{id}/end", new { note = "done" });
        Assert.Equal(1, (await bench.GetAsync(id)).GetProperty("moments").GetArrayLength());
    }

    [Fact]
    public async Task AMisspeltField_IsRefused_ButNeverAStop()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        Assert.Equal("'notes' is no field of this; by, note are.", await bench.Refused($"/{id}/cancel", new { notes = "typing" }, HttpStatusCode.BadRequest));
        Assert.Equal("'remark' is no field of this; by, text, isDeviation are.", await bench.Refused($"/{id}/notes", new { text = "x", remark = 1 }, HttpStatusCode.BadRequest));
        await bench.Act($"/{id}/stop", new { nonsense = true });
    }

    [Fact]
    public async Task TheProfile_IsThatOfItsMaking_WhateverBecomesOfIt()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        AbuseRecord record = bench.Gateway.Services.Abuse!.Book.Read(id)!;
        CellProfile own = AbuseSetup.ProfileOf(bench.Gateway.Services, record);
        Assert.Equal("default", own.Name);
        string changed = record.ProfileText!.Replace(own.Name, "as-it-was", StringComparison.Ordinal);
        Assert.Equal("as-it-was", AbuseSetup.ProfileOf(bench.Gateway.Services, record with { ProfileText = changed }).Name);
    }

    [Fact]
    public async Task WhatIsHandledBeforeArming_IsNoEvent()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        double since = bench.Gateway.Services.NowMicroseconds() / 1e6;
        bench.Node.Cell = t => ((long)((t - since) / 0.6) % 2 == 0 ? 4.1 : 2.5, 25);
        string id = await bench.PrepareAsync();
        bench.Node.Cell = _ => (4.1, 25);
        double quiet = bench.Gateway.Services.NowMicroseconds() / 1e6 + 0.2;
        await bench.Until(id, one => one.GetProperty("figures").GetProperty("lastAt") is { ValueKind: JsonValueKind.Number } last && last.GetDouble() > quiet);
        double armed = (await bench.Act($"/{id}/arm", new { })).GetProperty("armedAt").GetDouble();
        JsonElement record = await bench.Until(id, one => one.GetProperty("figures").GetProperty("lastAt").ValueKind == JsonValueKind.Number
            && one.GetProperty("figures").GetProperty("lastAt").GetDouble() > armed + 1.5 && one.GetProperty("figures").GetProperty("firstAt").GetDouble() < armed - 1);
        Assert.Equal("armed", AbuseBench.State(record));
    }

    [Fact]
    public async Task OneOpenTestAChannel_AndNoneOfWhatIsNotThere()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        Assert.Contains($"Abuse test {id} of cell 'abuse-cell' is preparing on n1/1", await bench.Refused("", new { plan = "bench-nail", node = "n1", channel = "1" }), StringComparison.Ordinal);
        await bench.Refused("", new { plan = "bench-nail", node = "n1", channel = "7" }, HttpStatusCode.NotFound);
        await bench.Refused("", new { plan = "none", node = "n1", channel = "1" }, HttpStatusCode.NotFound);
        await bench.Refused("/none/arm", new { }, HttpStatusCode.NotFound);
        Assert.Equal("cancelled", AbuseBench.State(await bench.Act($"/{id}/cancel", new { note = "wrong cell" })));
        await bench.PrepareAsync(AbuseBench.Plan with { Version = 1, Name = "another" });
        JsonElement open = await bench.GetAsync("/api/v1/abuse?state=open");
        JsonElement all = await bench.GetAsync("/api/v1/abuse?state=all&limit=10");
        Assert.Equal((1, 2), (open.GetArrayLength(), all.GetArrayLength()));
        Assert.Equal(id, all[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task AnUnwillingNode_IsNotArmed_AndItsReasonIsTold()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        bench.Node.Refusing.Add("arm");
        string id = await bench.PrepareAsync();
        Assert.Contains("does not arm its protection for 'nail': refused, the relay does not move", await bench.Refused($"/{id}/arm", new { }), StringComparison.Ordinal);
        Assert.Equal("preparing", AbuseBench.State(await bench.GetAsync(id)));
    }

    [Fact]
    public async Task ACheckThatTurnsBadAfterArming_IsLoggedAndShown()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        bench.Node.Cell = _ => (4.1, 25);
        bench.Node.IsOffline = true;
        JsonElement record = await bench.Until(id, one => AbuseBench.Says(one, "NO LONGER") && AbuseBench.Says(one, "No samples arrive"));
        Assert.Equal("armed", AbuseBench.State(record));
        Assert.Equal("bad", record.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("id").GetString() == "sensors").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Plans_AreVersioned_AndATestKeepsItsCopy()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        string changed = JsonSerializer.Serialize(AbuseBench.Plan with { Title = "Changed" }, AbuseJson.Options);
        Assert.Equal(HttpStatusCode.OK, (await bench.SendAsync(HttpMethod.Put, "/api/v1/abuse/plans/bench-nail?by=ada", changed)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await bench.SendAsync(HttpMethod.Put, "/api/v1/abuse/plans/bench-nail?by=ada", changed)).Status);
        Assert.Equal((2, "Changed"), Plan(await bench.GetAsync("/api/v1/abuse/plans/bench-nail")));
        Assert.Equal((1, "Nail of the bench"), Plan(await bench.GetAsync("/api/v1/abuse/plans/bench-nail?version=1")));
        Assert.Equal((1, "Nail of the bench"), Plan((await bench.GetAsync(id)).GetProperty("plan")));
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.SendAsync(HttpMethod.Put, "/api/v1/abuse/plans/bench-nail?by=ada", """{"name":"bench-nail"}""")).Status);
    }

    private static async Task<string> Signed(AbuseBench bench, AbusePlan plan)
    {
        string id = await bench.ArmAsync(plan);
        await bench.Act($"/{id}/trigger", new { });
        await bench.Act($"/{id}/end", new { });
        await bench.Act($"/{id}/sign", new { meaning = "tested" });
        await UntilReleased(bench);
        bench.Node.Commands.Clear();
        return id;
    }

    // A test that is judged at this moment is written once that is done.
    private static async Task<MemoryStream> Archive(AbuseBench bench, string id)
    {
        DateTime end = DateTime.UtcNow.AddMinutes(1);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            using HttpResponseMessage answer = await bench.Http.GetAsync($"/api/v1/abuse/{id}/archive", Token);
            if (answer.IsSuccessStatusCode)
            {
                return new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Token));
            }

            Assert.True(DateTime.UtcNow < end, await answer.Content.ReadAsStringAsync(Token));
            await timer.WaitForNextTickAsync(Token);
        }
    }

    private static (int Version, string Title) Plan(JsonElement plan) => (plan.GetProperty("version").GetInt32(), plan.GetProperty("title").GetString()!);

    private static async Task UntilReleased(AbuseBench bench)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!(bench.Node.Commands.Contains("end-abuse") && bench.Node.Commands.Contains("disarm")))
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }
}
