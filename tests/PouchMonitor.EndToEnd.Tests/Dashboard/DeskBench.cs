using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// What the tests of the alarm desk share: a gateway whose cells have a profile and stand each on a bench of its own, so that
/// each test has its own cell and its own incident, and a headless Chromium.
/// </summary>
public sealed class DeskBench : IAsyncLifetime
{
    /// <summary>Replaces what a browser has of notifications and sound by what only counts: there is neither in a test.</summary>
    internal const string Spies = """
        window.notes = [];
        window.pulses = 0;
        window.Notification = class {
          static permission = 'default';
          static async requestPermission() { this.permission = 'granted'; return 'granted'; }
          constructor(title, options) { Object.assign(this, options, { title, closed: false }); window.notes.push(this); }
          close() { this.closed = true; }
        };
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...rest) { window.pulses += 1; return start.apply(this, rest); };
        """;

    /// <summary>One for each test.</summary>
    private static readonly string[] Cells = ["seen", "parked", "refused", "keys", "phone", "loud", "gap", "cooled"];

    private readonly Dictionary<string, SampleDevice> devices = new(StringComparer.Ordinal);
    private readonly List<string> complaints = [];
    private HeadlessBrowser? browser;
    private ServeProcess? gateway;
    private IPage? open;
    private double time = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 3600;

    internal ServeProcess Gateway => gateway!;

    /// <summary>Console errors and uncaught exceptions so far.</summary>
    internal IReadOnlyList<string> Complaints => complaints;

    public async ValueTask InitializeAsync()
    {
        if (Bench.Missing is not null)
        {
            return;
        }

        gateway = await ServeProcess.Open(config: $$"""{"cells": { {{ProfilesOf(Cells)}} }, "silenceSeconds": 600, "alarms": {"groupSeconds": 1} }""");
        browser = await HeadlessBrowser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        await DisconnectAsync();
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }
    }

    /// <summary>Entries of the configuration that give each cell a profile, so that its temperature has a limit.</summary>
    internal static string ProfilesOf(IEnumerable<string> cells) => string.Join(", ", cells.Select(cell => $$"""
        "{{cell}}": {"profile": "dne-pouch"}
        """));

    /// <summary>Publishes a charge of a cell at 25 degrees and then so many seconds at the temperature asked, on a node of its own.</summary>
    internal async Task HeatAsync(string cell, double surfaceC, int seconds = 30)
    {
        if (!devices.TryGetValue(cell, out SampleDevice? device))
        {
            device = devices[cell] = await SampleDevice.ConnectAsync(Gateway.MqttPort, "bench-of-" + cell, cell);
            await PublishAsync(device, 25, 20);
        }

        await PublishAsync(device, surfaceC, seconds);
    }

    /// <summary>Lets the devices go; they connect again with what they publish next.</summary>
    internal async Task DisconnectAsync()
    {
        foreach (SampleDevice device in devices.Values)
        {
            await device.DisposeAsync();
        }

        devices.Clear();
    }

    /// <summary>A page with spies for notifications and sound, in place of the one before.</summary>
    internal async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark, bool listen = true)
    {
        if (open is not null)
        {
            await open.Context.CloseAsync();
        }

        IPage page = open = await browser!.NewPageAsync(width, height, scheme);
        await page.AddInitScriptAsync(Spies);
        if (listen)
        {
            page.PageError += (_, error) => complaints.Add($"{path}: {error}");
            page.Console += (_, message) =>
            {
                if (message.Type is "error")
                {
                    complaints.Add($"{path}: {message.Text}");
                }
            };
        }

        await page.GotoAsync(Gateway.Address + path);
        return page;
    }

    /// <summary>
    /// Asks the page again until an expression is true; the page's security policy forbids Playwright's own way, which evaluates
    /// text inside the page.
    /// </summary>
    internal static async Task UntilAsync(IPage page, string expression)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!await page.EvaluateAsync<bool>(expression))
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"The page did not become so: {expression}", late);
            }
        }
    }

    /// <summary>The newest alarm of a cell's rule, as soon as it is as wanted.</summary>
    internal async Task<JsonElement> AlarmAsync(string id, Func<JsonElement, bool> isWanted)
    {
        JsonElement all = await Gateway.Until("/api/v1/alarms", alarms => alarms.EnumerateArray().Any(alarm => alarm.GetProperty("id").GetString() == id && isWanted(alarm)));
        return all.EnumerateArray().First(alarm => alarm.GetProperty("id").GetString() == id && isWanted(alarm));
    }

    private async Task PublishAsync(SampleDevice device, double surfaceC, int seconds)
    {
        for (int step = 0; step < seconds; step++)
        {
            time += 1;
            await device.SampleAsync("1", time, 3.5 + ((time % 3600) * 0.0001), 0.5, surfaceC, surfaceC + 0.4, 24.8);
        }
    }
}
