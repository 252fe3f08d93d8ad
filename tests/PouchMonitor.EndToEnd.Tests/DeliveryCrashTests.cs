using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Tests.Delivery;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>
/// The real program, killed while it tells of burning cells, at random moments and for certain between the arrival of a notice and its answer:
/// each notice reaches the webhook at least once, and one that comes again says that it may be a repeat.
/// </summary>
public class DeliveryCrashTests
{
    private const int Kills = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<(string Key, bool MayBeRepeat)> arrivals = new();
    private TaskCompletionSource<string>? held;

    [Fact]
    public async Task Killed_WhileItSends_LosesNoNotice_AndRepeatsNoneWithoutSayingSo()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (context, request) =>
        {
            arrivals.Enqueue((request.Headers["Idempotency-Key"], request.Headers.ContainsKey("X-PouchMonitor-Repeat")));
            if (Interlocked.Exchange(ref held, null) is { } arrived)
            {
                arrived.SetResult(request.Headers["Idempotency-Key"]);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            // Some answers come late, so that kills fall between arrival and answer; some say that a gateway on the way failed.
            await Task.Delay(TimeSpan.FromMilliseconds(arrivals.Count % 3 * 150));
            context.Response.StatusCode = arrivals.Count % 5 == 4 ? StatusCodes.Status502BadGateway : StatusCodes.Status204NoContent;
        };

        // With a profile that has limits: without one nothing is too hot.
        object cells = Enumerable.Range(0, Kills + 1).ToDictionary(bench => $"pouch-{bench}", _ => new { profile = "dne-pouch" }, StringComparer.Ordinal);
        await using ServeProcess serve = await ServeProcess.Open(config: JsonSerializer.Serialize(new { cells }));
        await WebhookRoute.SetAsync(serve, receiver.Url);
        long time = 1_790_000_000;
        List<string> unanswered = [];
        for (int bench = 0; bench <= Kills; bench++)
        {
            // A random moment seldom falls between arrival and answer; the first kill always does.
            TaskCompletionSource<string>? arrival = bench == 0 ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            Volatile.Write(ref held, arrival);
            await using (SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, $"n{bench}", $"pouch-{bench}"))
            {
                for (int i = 0; i < 20; i++)
                {
                    await device.SampleAsync("1", time++, 3.8, 0.5, 25);
                }

                for (double temperature = 25; temperature < 66; temperature += 0.5)
                {
                    await device.SampleAsync("1", time++, 3.8, 0.5, temperature);
                }
            }

            if (bench < Kills)
            {
                if (arrival is not null)
                {
                    unanswered.Add(await arrival.Task.WaitAsync(Patience));
                }
                else
                {
                    // The moment is what is random here: before, while and after it is told. Nothing is waited for.
                    await Task.Delay(random.Next(1500));
                }

                serve.Kill();
                await serve.StartAsync();
            }
        }

        // Each cell is in alarm, each incident that there is has been told, and nothing waits any more.
        await serve.Until("/api/v1/alarms", alarms => Enumerable.Range(0, Kills + 1).All(bench => alarms.EnumerateArray().Any(alarm => alarm.GetProperty("cell").GetString() == $"pouch-{bench}")));
        JsonElement incidents = await serve.Until("/api/v1/incidents?state=all&limit=100", all => all.GetArrayLength() > 0);
        string[] told = [.. incidents.EnumerateArray().SelectMany(incident => incident.GetProperty("notices").EnumerateArray()).Select(notice => notice.GetProperty("key").GetString()!)];
        JsonElement log = await serve.Until("/api/v1/delivery/log?limit=500", lines => !told.Except(KeysOf(lines), StringComparer.Ordinal).Any()
            && lines.EnumerateArray().All(line => line.GetProperty("state").GetString() == "sent"), TimeSpan.FromSeconds(120));
        ILookup<string, bool> byKey = arrivals.ToLookup(arrival => arrival.Key, arrival => arrival.MayBeRepeat, StringComparer.Ordinal);
        Assert.All(log.EnumerateArray(), line => Assert.True(
            byKey.Contains(line.GetProperty("notice").GetString()!), $"Seed {seed}: {line.GetProperty("notice")} never arrived."));
        Assert.All(unanswered, key => Assert.True(byKey[key].Skip(1).Any(), $"Seed {seed}: {key} was never answered, and did not come again."));
        Assert.NotEmpty(told);
        Assert.All(told, key => Assert.True(byKey.Contains(key), $"Seed {seed}: {key} of an incident never arrived."));
        Assert.All(byKey, notice => Assert.True(
            notice.Skip(1).All(mark => mark), $"Seed {seed}: {notice.Key} came {notice.Count()} times, marked {string.Join(", ", notice)}."));
    }

    private static IEnumerable<string> KeysOf(JsonElement log) => log.EnumerateArray().Select(line => line.GetProperty("notice").GetString()!);
}
