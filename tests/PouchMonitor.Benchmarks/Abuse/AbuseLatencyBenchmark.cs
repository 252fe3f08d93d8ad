using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.Benchmarks.Api;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Benchmarks.Abuse;

/// <summary>
/// From the physical moment of an emulated event to the screen in a real browser: node emulation in real time, MQTT, a gateway with
/// 200 other channels at 1 Hz, the session's page in headless Chromium. Two moments: the nail, until the page shows the event as begun
/// and its clock running; and the moment from which the runaway criterion holds by the exact curves (GB 38031 asks for 3 s of rise, which
/// are part of that moment), until the screen is red.
/// </summary>
internal static class AbuseLatencyBenchmark
{
    private const string Chromium = "/usr/bin/chromium";
    private const int ChannelsEach = 25;
    private const double Target99Ms = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Notes the wall times at which the page shows the event and at which it is red: each in the frame after the one that drew it, so that
    // it has been shown.
    private const string Watch = """
        window.begunAt = 0;
        window.redAt = 0;
        const look = () => {
          const has = { begunAt: 'main[data-abuse]:is([data-state=triggered], [data-state=observing])', redAt: 'html[data-abuse-red]' };
          for (const [name, sought] of Object.entries(has)) {
            if (window[name] === 0 && document.querySelector(sought)) {
              window[name] = -1;
              requestAnimationFrame(() => { window[name] = performance.timeOrigin + performance.now(); });
            }
          }
          requestAnimationFrame(look);
        };
        look();
        """;

    /// <param name="events">Events to measure, 50 or more.</param>
    /// <param name="usesInput">True where the press closes the node's trigger input; else the plan's rule finds the event.</param>
    public static async Task<IReadOnlyList<Figure>> Run(int events, bool usesInput)
    {
        if (!File.Exists(Chromium))
        {
            Console.Error.WriteLine($"abuse-latency: {Chromium} is not installed.");
            return [];
        }

        using OpenGateway gateway = new();
        using StreamBenchmark.Load load = await StreamBenchmark.Load.StartAsync(gateway, ChannelsEach, samplesPerFrame: 1, samplesPerSecond: 1, new AlarmTimes());
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        IPage page = await browser.NewPageAsync();
        List<(double BegunMs, double RedMs)> times = [];
        Random random = new(7);
        for (int i = 0; i < events; i++)
        {
            times.Add(await Once(gateway, page, i, usesInput, random));
        }

        string way = usesInput ? "input" : "rule";
        return
        [
            new Figure($"abuse-latency ({way}): events", events, "events"),
            .. FiguresOf($"abuse-latency ({way}): event to begun on screen", [.. times.Select(time => time.BegunMs)]),
            .. FiguresOf($"abuse-latency ({way}): runaway to red screen", [.. times.Select(time => time.RedMs)]),
        ];
    }

    private static IEnumerable<Figure> FiguresOf(string name, double[] times) =>
    [
        new Figure($"{name}, never", times.Count(double.IsNaN), "events", 0),
        new Figure($"{name}, p50", Percentiles.Of(times, 0.5), "ms"),
        new Figure($"{name}, p95", Percentiles.Of(times, 0.95), "ms"),
        new Figure($"{name}, p99", Percentiles.Of(times, 0.99), "ms", Target99Ms),
        new Figure($"{name}, worst", times.Max(), "ms"),
    ];

    /// <returns>Milliseconds; not a number where the page never showed it.</returns>
    private static async Task<(double BegunMs, double RedMs)> Once(OpenGateway gateway, IPage page, int index, bool usesInput, Random random)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"abuse-{(usesInput ? "input" : "rule")}-{index}");
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway, seed: (ulong)index + 1);
        double runsAwayAtS = AbuseTruth.Of(script, 60).RunsAwayAtS() ?? throw new InvalidOperationException($"The emulated cell {index} does not run away.");
        EmulatedNode node = new(new EmulatedNodeOptions
        {
            Node = name,
            CellName = "dne-pouch",
            Label = name,
            SampleInterval = TimeSpan.FromMilliseconds(100),
            VirtualStartUnixMicroseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
            Abuse = script,
            AbuseDelay = TimeSpan.FromDays(1),
            HasTriggerInput = usesInput,
            StoreFlashBytes = 2 * 1024 * 1024,
            Port = gateway.MqttPort,
        });
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => node.RunAsync(stop.Token), CancellationToken.None);
        using HttpClient http = new() { BaseAddress = new Uri(gateway.Address + "/api/v1/") };
        string id = await ArmAsync(http, name);
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"{gateway.Address}/#/abuse/{id}");
        await page.WaitForSelectorAsync("[data-abuse][data-state=armed]");
        await page.EvaluateAsync(Watch);

        // Any moment of the node's, the page's and the gateway's own rhythms.
        await Task.Delay(TimeSpan.FromMilliseconds(1500 + random.Next(1000)));
        node.BeginAbuse();
        double redAt = 0;
        Stopwatch wait = Stopwatch.StartNew();
        while (redAt <= 0 && wait.Elapsed < Patience)
        {
            await Task.Delay(100);
            redAt = await page.EvaluateAsync<double>("window.redAt");
        }

        double begunAt = await page.EvaluateAsync<double>("window.begunAt");
        double toldAt = await page.EvaluateAsync<double>("Number(document.documentElement.dataset.abuseRedAt ?? 0)");
        double eventAt = WallMs(node.AbuseBeganTimestamp!.Value);
        await PostAsync(http, $"abuse/{id}/end", new { by = "bench" });
        await stop.CancelAsync();
        await running;
        double begunMs = begunAt <= 0 ? double.NaN : begunAt - eventAt;
        double redMs = redAt <= 0 ? double.NaN : redAt - eventAt - (runsAwayAtS * 1000);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"abuse-latency: event {index + 1}: begun {begunMs:F0} ms, red {redMs:F0} ms after the runaway at {runsAwayAtS:F2} s, drawn within {redAt - toldAt:F0} ms"));
        return (begunMs, redMs);
    }

    /// <summary>Makes a session of the node and answers its list until it can be armed.</summary>
    private static async Task<string> ArmAsync(HttpClient http, string node)
    {
        Stopwatch wait = Stopwatch.StartNew();
        string? id = null;
        string last = "";
        while (wait.Elapsed < Patience)
        {
            await Task.Delay(250);
            if (id is null)
            {
                using HttpResponseMessage made = await http.PostAsJsonAsync("abuse", new { plan = "nail-gb", node, channel = "1", by = "bench" });
                last = await made.Content.ReadAsStringAsync();
                id = made.IsSuccessStatusCode ? JsonDocument.Parse(last).RootElement.GetProperty("id").GetString() : null;
                continue;
            }

            JsonElement record = JsonDocument.Parse(await http.GetStringAsync($"abuse/{id}")).RootElement;
            bool isReady = true;
            foreach (JsonElement check in record.GetProperty("checks").EnumerateArray())
            {
                bool isGood = check.GetProperty("state").GetString() == "good";
                isReady &= isGood;
                if (!isGood && check.GetProperty("isByPerson").GetBoolean())
                {
                    await PostAsync(http, $"abuse/{id}/checks/{check.GetProperty("id").GetString()}", new { good = true, by = "bench" });
                }
            }

            last = record.GetProperty("checks").ToString();
            if (isReady)
            {
                await PostAsync(http, $"abuse/{id}/arm", new { by = "bench" });
                return id;
            }
        }

        throw new InvalidOperationException($"The session of {node} could not be armed in {Patience.TotalSeconds} s: {last}");
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static double WallMs(long timestamp) =>
        ((DateTime.UtcNow - DateTime.UnixEpoch) - Stopwatch.GetElapsedTime(timestamp)).TotalMilliseconds;
}
