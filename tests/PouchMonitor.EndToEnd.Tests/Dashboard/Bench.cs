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
    private const string Node = "bench-a";

    /// <summary>Cells by channel; the first has a profile, so that its temperature has a limit.</summary>
    internal static readonly string[] Cells = ["dne-pouch-1", "pota-lco-lean-2", "nameless-3"];

    private readonly List<string> complaints = [];
    private HeadlessBrowser? browser;
    private SampleDevice? device;
    private ServeProcess? gateway;
    private IPage? open;
    private double time = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 3600;

    internal ServeProcess Gateway => gateway!;

    internal HttpClient Http { get; } = new();

    /// <summary>Console errors, uncaught exceptions and violations of the content security policy so far.</summary>
    internal IReadOnlyList<string> Complaints => complaints;

    /// <summary>Why the browser tests cannot run here; null when they can.</summary>
    internal static string? Missing => HeadlessBrowser.Missing;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        gateway = await ServeProcess.Open(config: """{"cells": {"dne-pouch-1": {"profile": "dne-pouch"}}, "silenceSeconds": 600}""");
        await ConnectDeviceAsync();
        await PublishAsync(60, surfaceC: 25);
        browser = await HeadlessBrowser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

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
            await open.Context.CloseAsync();
        }

        IPage page = open = await browser!.NewPageAsync(width, height, scheme);
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

    internal static Task PictureAsync(IPage page, string name) => HeadlessBrowser.PictureAsync(page, name);

    private async Task DisconnectDeviceAsync()
    {
        if (device is not null)
        {
            await device.DisposeAsync();
            device = null;
        }
    }
}
