using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>
/// The real program is killed at random moments while people acknowledge, shelve and bring back: what was answered is so after
/// the start, no alarm is lost, none is raised twice, and no incident either.
/// </summary>
public sealed class AlarmCrashTests(ITestOutputHelper output)
{
    private const int Cells = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int Kills => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 200 : 6;

    [Fact]
    public async Task KilledAtAnyMoment_WhatWasAnsweredHolds_AndNoAlarmIsLost()
    {
        int seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        CancellationToken token = TestContext.Current.CancellationToken;
        await using ServeProcess serve = await ServeProcess.Open(config: HotCells.Config(Cells, nodes: 1));
        await HotCells.Raise(serve, Cells, nodes: 1);
        Dictionary<string, string> answered = new(StringComparer.Ordinal);
        Dictionary<string, string> shelved = new(StringComparer.Ordinal);
        string[] ids = await Alarms(serve);
        string[] tests = await AlarmsOfTests(serve);
        string[] incidents = await Incidents(serve);
        for (int life = 0; life < Kills; life++)
        {
            using CancellationTokenSource killed = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task people = Act(serve, random.Next(), answered, shelved, ids, killed.Token);
            if (life > 0)
            {
                // A loaded machine answers nobody within those milliseconds; somebody has to be, or nothing is tried.
                await UntilAnswered(answered, people, token);
            }

            await Task.Delay(random.Next(1, 120), token); // the moment is what is random here, nothing is waited for
            serve.Kill();
            await killed.CancelAsync();
            await people.WaitAsync(Limit, token);
            await serve.StartAsync();
            Assert.Equal(tests, await AlarmsOfTests(serve));
            Assert.Equal(incidents, await Incidents(serve));
            foreach (JsonElement alarm in (await serve.Get("/api/v1/alarms")).EnumerateArray())
            {
                string id = alarm.GetProperty("id").GetString()!;
                if (answered.TryGetValue(id, out string? note))
                {
                    Assert.True(alarm.GetProperty("state").GetString() == "acknowledged", $"seed {seed}, life {life}: {id} has reverted");
                    Assert.Equal(note, alarm.GetProperty("note").GetString());
                }

                if (shelved.TryGetValue(id, out string? reason))
                {
                    Assert.True(Reason(alarm) == reason, $"seed {seed}, life {life}: {id} is shelved for '{Reason(alarm)}', not '{reason}'");
                }
            }
        }

        Assert.True(answered.Count > 0, $"seed {seed}: nobody came to acknowledge anything");
        JsonElement history = await serve.Get("/api/v1/alarms/history?rule=voltage-limit");
        Assert.Equal(Cells, history.EnumerateArray().Count(line => line.GetProperty("reason").GetString() == "raised"));
        foreach ((string id, string note) in answered)
        {
            Assert.Single(history.EnumerateArray(), line => $"{line.GetProperty("cell").GetString()}/voltage-limit" == id
                && line.GetProperty("note").GetString() == note && line.GetProperty("reason").GetString() == "acknowledged by ada");
        }
    }

    private static async Task UntilAnswered(Dictionary<string, string> answered, Task people, CancellationToken token)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(Limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (answered.Count == 0 && !people.IsCompleted)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    // What was answered once is not done again, so that it has to stay as it was answered.
    private static async Task Act(
        ServeProcess serve, int seed, Dictionary<string, string> answered, Dictionary<string, string> shelved, string[] ids, CancellationToken killed)
    {
        Random random = new(seed);
        try
        {
            while (!killed.IsCancellationRequested)
            {
                string id = ids[random.Next(ids.Length)];
                if (random.Next(2) == 0)
                {
                    string note = $"note {random.Next()}";
                    using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(
                        $"{serve.Address}/api/v1/alarms/{id}/acknowledge", new { by = "ada", note }, killed);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        answered[id] = note;
                    }
                    else
                    {
                        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                    }
                }
                else if (!shelved.ContainsKey(id))
                {
                    string reason = $"reason {random.Next()}";
                    using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(
                        $"{serve.Address}/api/v1/alarms/{id}/shelve", new { by = "bob", reason, seconds = 86_400 }, killed);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        shelved[id] = reason;
                    }
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // The gateway was killed: what was not answered may or may not hold.
        }
    }

    private static string? Reason(JsonElement alarm) =>
        alarm.GetProperty("shelf") is { ValueKind: JsonValueKind.Object } shelf ? shelf.GetProperty("reason").GetString() : null;

    private static async Task<string[]> Alarms(ServeProcess serve) => [.. (await serve.Get("/api/v1/alarms")).EnumerateArray()
        .Where(alarm => alarm.GetProperty("rule").GetString() == "voltage-limit")
        .Select(alarm => alarm.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];

    // The test as well: after a restart the same samples are the same test, and not another one with an alarm of its own.
    private static async Task<string[]> AlarmsOfTests(ServeProcess serve) => [.. (await serve.Get("/api/v1/alarms")).EnumerateArray()
        .Where(alarm => alarm.GetProperty("rule").GetString() == "voltage-limit")
        .Select(alarm => $"{alarm.GetProperty("id").GetString()} in {alarm.GetProperty("test").GetString()}").Order(StringComparer.Ordinal)];

    private static async Task<string[]> Incidents(ServeProcess serve) => [.. (await serve.Get("/api/v1/incidents?state=all")).EnumerateArray()
        .Select(incident => incident.GetProperty("incident").GetString()!).Order(StringComparer.Ordinal)];
}
