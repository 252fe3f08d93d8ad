using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// A gateway with two tests of several cycles that have gone all the way of samples, one with an hour missing, a third that a
/// node's board measured, and a headless Chromium. All are read only by the tests that share it.
/// </summary>
public sealed class HistoryBench : IAsyncLifetime
{
    internal const string Cell = "dne-pouch-1";
    internal const string Other = "dne-pouch-2";
    internal const string Measured = "board.1";

    private const int CycleCount = 3;
    private const int GapSeconds = 3600;

    private readonly List<string> complaints = [];
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-history-").FullName;
    private HeadlessBrowser? browser;
    private ServeProcess? gateway;
    private IPage? open;

    /// <summary>Console errors, uncaught exceptions and violations of the content security policy so far.</summary>
    internal IReadOnlyList<string> Complaints => complaints;

    public async ValueTask InitializeAsync()
    {
        if (HeadlessBrowser.Missing is not null)
        {
            return;
        }

        string whole = Path.Combine(folder, "whole.csv");
        string gapped = Path.Combine(folder, "gapped.csv");
        await Done("simulate", "dne-pouch", "--cycles", CycleCount.ToString(CultureInfo.InvariantCulture), "--interval", "10", "--seed", "3", "--out", whole);
        // The heat balance needs the surroundings too.
        string[] lines = [.. (await File.ReadAllLinesAsync(whole)).Select((line, at) => line + (at == 0 ? ",ambient_C" : ",24.5"))];
        await File.WriteAllLinesAsync(whole, lines);
        await File.WriteAllLinesAsync(gapped, WithoutAnHour(lines));
        gateway = await ServeProcess.Open(config: $$"""{"cells": { "{{Cell}}": { "profile": "dne-pouch" }, "{{Other}}": { "profile": "dne-pouch" } } }""");
        await Done("replay", gapped, "--cell", Cell, "--mqtt", gateway.MqttAddress, "--speed", "max");
        await Done("replay", whole, "--cell", Other, "--mqtt", gateway.MqttAddress, "--speed", "max");
        await Done("simulate", "--mqtt", gateway.MqttAddress, "--cell", "dne-pouch", "--cycles", "4", "--interval", "2", "--seed", "3", "--name", "board");
        browser = await HeadlessBrowser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A page of its own browser context, in place of the one before; what it complains of is collected.</summary>
    internal async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark)
    {
        if (open is not null)
        {
            await open.Context.CloseAsync();
        }

        IPage page = open = await browser!.NewPageAsync(width, height, scheme);
        page.PageError += (_, error) => complaints.Add($"{path}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add($"{path}: {message.Type}: {message.Text}");
            }
        };
        await page.GotoAsync(gateway!.Address + path);
        return page;
    }

    /// <summary>What the API answers.</summary>
    internal async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await gateway!.Http.GetStringAsync(new Uri(gateway.Address + path)));
        return document.RootElement.Clone();
    }

    private static async Task Done(params string[] command)
    {
        CommandRun run = await CommandRun.PouchMonitor(command);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    // The middle of the file; the row after the missing hour is as it was.
    private static IEnumerable<string> WithoutAnHour(string[] lines)
    {
        int first = lines.Length / 2;
        double from = TimeOf(lines[first]);
        return lines.Where((line, at) => at <= first || TimeOf(line) > from + GapSeconds);
    }

    private static double TimeOf(string line) => double.Parse(line.AsSpan(0, line.IndexOf(',', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
}
