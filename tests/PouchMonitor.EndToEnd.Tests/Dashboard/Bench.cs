using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// What the browser tests share: a running gateway, a device that publishes three cells, and a headless Chromium. Every
/// page reports what its console and its content security policy had to say.
/// </summary>
public sealed class Bench : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Node = "bench-a";

    /// <summary>Cells by channel; the first has a profile, so that its temperature has a limit.</summary>
    internal static readonly string[] Cells = ["dne-pouch-1", "pota-lco-lean-2", "nameless-3"];

    private readonly List<string> complaints = [];
    private IPlaywright? playwright;
    private SampleDevice? device;
    private ServeProcess? gateway;
    private IBrowserContext? open;
    private double time = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 3600;

    internal ServeProcess Gateway => gateway!;

    internal IBrowser Browser { get; private set; } = null!;

    internal HttpClient Http { get; } = new();

    /// <summary>Console errors, uncaught exceptions and violations of the content security policy so far.</summary>
    internal IReadOnlyList<string> Complaints => complaints;

    /// <summary>Why the browser tests cannot run here; null when they can.</summary>
    internal static string? Missing => File.Exists(Chromium) ? null : $"{Chromium} is not installed.";

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        gateway = await ServeProcess.Open(config: """{"cells": {"dne-pouch-1": {"profile": "dne-pouch"}}, "silenceSeconds": 600}""");
        await ConnectDeviceAsync();
        await PublishAsync(60, surfaceC: 25);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }

        playwright?.Dispose();
        await DisconnectDeviceAsync();
        Http.Dispose();
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }
    }

    /// <summary>Connects the device, anew after the gateway was started again.</summary>
    internal async Task ConnectDeviceAsync()
    {
        await DisconnectDeviceAsync();
        device = await SampleDevice.ConnectAsync(Gateway.MqttPort, Node, Cells);
    }

    /// <summary>
    /// Publishes so many seconds of a charge, one sample a second on every channel, each voltage different from all before;
    /// only the first cell's surface is as warm as asked.
    /// </summary>
    internal async Task PublishAsync(int seconds, double surfaceC)
    {
        for (int step = 0; step < seconds; step++)
        {
            time += 1;
            for (int channel = 0; channel < Cells.Length; channel++)
            {
                double volts = 3.5 + (0.05 * channel) + ((time % 3600) * 0.0001);
                double? infrared = channel == 1 ? null : 25.6;
                await device!.SampleAsync(
                    (channel + 1).ToString(CultureInfo.InvariantCulture), time, volts, 0.5, channel == 0 ? surfaceC : 25.2, infrared, 24.8);
            }
        }
    }

    /// <summary>A page of its own browser context, in place of the one before; what it complains of is collected.</summary>
    internal async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark, bool listen = true)
    {
        if (open is not null)
        {
            await open.CloseAsync();
        }

        open = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = "Europe/Berlin",
        });
        IPage page = await open.NewPageAsync();
        if (listen)
        {
            page.PageError += (_, error) => complaints.Add($"{path}: {error}");
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    complaints.Add($"{path}: {message.Type}: {message.Text}");
                }
            };
        }

        await page.GotoAsync(Gateway.Address + path);
        return page;
    }

    /// <summary>What the API answers.</summary>
    internal async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync(new Uri(Gateway.Address + path)));
        return document.RootElement.Clone();
    }

    /// <summary>Keeps a picture for people to look at, in the ignored <c>artifacts/dashboard</c>.</summary>
    internal static async Task PictureAsync(IPage page, string name)
    {
        string folder = Path.Combine(RepositoryFiles.Root, "artifacts", "dashboard");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }

    private async Task DisconnectDeviceAsync()
    {
        if (device is not null)
        {
            await device.DisposeAsync();
            device = null;
        }
    }
}
