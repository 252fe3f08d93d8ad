using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>An incident of several cells in a real browser: what joins it while a note is typed, and how its page reads to everybody.</summary>
public sealed class GroupedIncidentTests
{
    private const float Patience = 30_000;
    private static readonly string[] Cells = ["first-of-the-bench-00001", "second-of-the-bench-0001", "third-of-the-bench-00001"];
    private double time = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 3600;

    [Fact]
    public async Task WhatJoinsWhileTheNoteIsTyped_IsShown_AndNotAcknowledged()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        string axe = await FramePages.ReadAxeAsync();
        await using ServeProcess gateway = await ServeProcess.Open(
            config: $$"""{"cells": { {{DeskBench.ProfilesOf(Cells)}} }, "silenceSeconds": 600, "alarms": {"groupSeconds": 600} }""");
        await using SampleDevice device = await SampleDevice.ConnectAsync(gateway.MqttPort, "rack", Cells);
        await PublishAsync(device, 20, 25, 25, 25);
        await PublishAsync(device, 30, 90, 90, 25);
        await gateway.Until("/api/v1/alarms?state=open", alarms => Asking(alarms, Cells[0]) && Asking(alarms, Cells[1]));

        await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
        IPage page = await browser.NewPageAsync(390, 844, ColorScheme.Dark);
        await page.GotoAsync(gateway.Address + "/#/alarms?view=list");
        await Expect(page.Locator(".alarm-table [data-alarm]").Nth(1)).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.True(await FramePages.OverflowAsync(page) <= 0, "The list scrolls sideways.");
        await page.GotoAsync(gateway.Address + "/#/alarms");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync(new() { Timeout = Patience });
        Assert.True(await FramePages.OverflowAsync(page) <= 0, "The incident scrolls sideways.");
        await page.EvaluateAsync(axe + ";0");
        Assert.Equal("[]", await page.EvaluateAsync<string>(AccessibilityTests.RunAxe, null));
        Assert.Equal("[]", await page.EvaluateAsync<string>(AccessibilityTests.RunAxe, AccessibilityTests.LabelRules));

        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge all" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.GetByLabel("Note").FillAsync("fan failed");
        await PublishAsync(device, 30, 90, 90, 90);
        ILocator dialog = page.Locator("dialog");
        await Expect(dialog).ToContainTextAsync("Added while you look", new() { Timeout = Patience });
        await Expect(dialog).ToContainTextAsync(Cells[2]);
        await HeadlessBrowser.PictureAsync(page, "desk-added-390");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(dialog).ToContainTextAsync("Acknowledged.", new() { Timeout = Patience });
        JsonElement left = await gateway.Get("/api/v1/alarms?state=open");
        Assert.False(Asking(left, Cells[0]) || Asking(left, Cells[1]), "What was seen still asks.");
        Assert.True(Asking(left, Cells[2]), "What nobody had seen is acknowledged.");

        // It is named now: pressed again, it counts.
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = Patience });
        Assert.False(Asking(await gateway.Get("/api/v1/alarms?state=open"), Cells[2]));
    }

    private static bool Asking(JsonElement alarms, string cell) => alarms.EnumerateArray().Any(alarm =>
        alarm.GetProperty("cell").GetString() == cell && alarm.GetProperty("state").GetString() is "unacknowledged" or "returnedUnacknowledged");

    private async Task PublishAsync(SampleDevice device, int seconds, params double[] surfaceC)
    {
        for (int step = 0; step < seconds; step++)
        {
            time += 1;
            for (int channel = 0; channel < surfaceC.Length; channel++)
            {
                await device.SampleAsync((channel + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), time, 3.5 + ((time % 3600) * 0.0001), 0.5, surfaceC[channel], surfaceC[channel] + 0.4, 24.8);
            }
        }
    }
}
