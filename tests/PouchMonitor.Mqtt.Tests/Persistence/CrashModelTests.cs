using System.Net;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Persistence;

/// <summary>
/// The power goes at random appends and syncs while messages of QoS 1 and 2 are on their way to persistent sessions, one
/// of which is away: each message of QoS 1 arrives at least once, each of QoS 2 exactly once, and both in order.
/// </summary>
public sealed class CrashModelTests(ITestOutputHelper output)
{
    private const int Messages = 150;

    [Fact]
    public async Task RandomCrashes_KeepWhatTheProtocolPromises()
    {
        int crashes = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 1000 : 20;
        int seed = int.TryParse(Environment.GetEnvironmentVariable("POUCHMONITOR_SEED"), out int given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}: POUCHMONITOR_SEED={seed} repeats it");
        for (int round = 0, seen = 0; seen < crashes; round++)
        {
            seen += await RunAsync(new Random(seed + round), $"seed {seed}, round {round}");
        }
    }

    private static async Task<int> RunAsync(Random random, string where)
    {
        IPEndPoint? address = null;
        var files = new MemoryLogFiles();
        Bench bench = await StartAsync(files);
        Volatile.Write(ref address, bench.Server.EndPoint);
        using var stop = new CancellationTokenSource();
        var present = new ModelSubscriber("present", () => Volatile.Read(ref address), new Random(random.Next()));
        var away = new ModelSubscriber("away", () => Volatile.Read(ref address), new Random(random.Next()));
        var publisher = new ModelPublisher(() => Volatile.Read(ref address), Messages, new Random(random.Next()));
        var threads = new List<Thread> { present.Start(stop.Token) };
        using (var leaves = new CancellationTokenSource())
        {
            Thread first = away.Start(leaves.Token);
            await Eventually.TrueAsync(() => present.IsSubscribed && away.IsSubscribed, where + ": both subscribed", 30);
            await leaves.CancelAsync();
            first.Join();
        }

        files.DiesAtCall = random.Next(1, 40) + files.Calls;
        threads.Add(publisher.Start(stop.Token));
        int crashes = 0;
        while (crashes < 4)
        {
            await Eventually.TrueAsync(() => files.IsDead || publisher.IsDone, where + ": a crash, or the end", 60);
            if (!files.IsDead)
            {
                break;
            }

            crashes++;
            Volatile.Write(ref address, null);
            files = files.LosePower(random);
            await bench.DisposeAsync();
            files.DiesAtCall = crashes < 4 ? random.Next(3, 80) : int.MaxValue;
            try
            {
                bench = await StartAsync(files);
            }
            catch (IOException) when (files.IsDead)
            {
                continue; // it died again while it started
            }

            Volatile.Write(ref address, bench.Server.EndPoint);
        }

        files.DiesAtCall = int.MaxValue;
        threads.Add(away.Start(stop.Token));
        try
        {
            await Eventually.TrueAsync(() => publisher.IsDone, where + ": all published", 60);
            await Eventually.TrueAsync(() => HasAll(present) && HasAll(away), where + ": all delivered", 60);
        }
        finally
        {
            await stop.CancelAsync();
            threads.ForEach(thread => thread.Join());
            await bench.DisposeAsync();
        }

        Check(present, where);
        Check(away, where);
        Assert.Empty(present.Violations.Concat(away.Violations).Concat(publisher.Violations));
        return Math.Max(1, crashes);
    }

    private static Task<Bench> StartAsync(MemoryLogFiles files) => Bench.StartAsync(() => new MqttServerOptions
    {
        EndPoint = Bench.Options().EndPoint,
        SessionFiles = files,
        SessionStopPatience = TimeSpan.Zero,
        SessionSegmentBytes = 4096, // so that segments turn meanwhile
        MaximumInFlightPerSession = 5,
    });

    private static bool HasAll(ModelSubscriber subscriber) => subscriber.Got.Select(Number).Distinct().Count() == Messages;

    private static void Check(ModelSubscriber subscriber, string where)
    {
        List<string> got = subscriber.Got;
        int[] exactlyOnce = [.. got.Where(payload => payload[0] == 'e').Select(Number)];
        int[] atLeastOnce = [.. got.Where(payload => payload[0] == 'a').Select(Number).Distinct()];
        Assert.True(exactlyOnce.Distinct().Count() == exactlyOnce.Length, $"{where}: a QoS 2 message came twice: {string.Join(' ', exactlyOnce)}");
        Assert.True(exactlyOnce.Order().SequenceEqual(exactlyOnce), $"{where}: QoS 2 out of order: {string.Join(' ', exactlyOnce)}");
        Assert.True(atLeastOnce.Order().SequenceEqual(atLeastOnce), $"{where}: QoS 1 out of order: {string.Join(' ', atLeastOnce)}");
        Assert.Equal(Messages, exactlyOnce.Length + atLeastOnce.Length);
    }

    private static int Number(string payload) => int.Parse(payload.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
