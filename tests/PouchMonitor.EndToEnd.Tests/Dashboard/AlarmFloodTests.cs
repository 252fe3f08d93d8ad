using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Tests.Delivery;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// Five hundred cells fail at once while somebody works on the alarm desk: one incident on the screen, one notification of the browser, one
/// message, keys that answer, and every single alarm in the record.
/// </summary>
public sealed class AlarmFloodTests(ITestOutputHelper output)
{
    private const int CellCount = 500;
    private const int BenchCount = 50;
    private const float Patience = 60_000;

    /// <summary>Notifications of alarms; one of a connection that a busy machine held up is another matter.</summary>
    private const string Notifications = "JSON.stringify(window.notes.filter(n => n.tag !== 'connection').map(n => n.tag + ' ' + n.title))";

    [Fact]
    public async Task FloodIsOneLineAndOneCall_KeysAnswer_AndEveryAlarmIsKept()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using ServeProcess gateway = await ServeProcess.Open(config: HotCells.Config(CellCount, BenchCount));
        await WebhookRoute.SetAsync(gateway, receiver.Url);
        await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
        IPage page = await browser.NewPageAsync(1440, 900, ColorScheme.Dark);
        await page.AddInitScriptAsync(DeskBench.Spies);
        await page.GotoAsync(gateway.Address + "/#/alarms");
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        await page.Locator(".sound-settings summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn notifications on" }).ClickAsync();
        await Expect(page.Locator(".sound-settings summary")).ToContainTextAsync("notifications on");
        await page.Locator(".sound-settings summary").ClickAsync();

        Task raising = HotCells.Raise(gateway, CellCount, BenchCount);
        int answered = await PressAsync(page, whileRunning: raising);
        await raising;
        JsonElement incident = (await gateway.Until("/api/v1/incidents?state=open", all => all.GetArrayLength() == 1 && all[0].GetProperty("cells").GetInt32() == CellCount))[0];
        JsonElement alarms = await gateway.Get("/api/v1/alarms?state=open&priority=high");
        Assert.Equal(CellCount, alarms.EnumerateArray().Select(alarm => alarm.GetProperty("cell").GetString()).Distinct(StringComparer.Ordinal).Count());
        await Expect(page.Locator(".case")).ToHaveCountAsync(1, new() { Timeout = Patience });
        await Expect(page.Locator(".case-facts")).ToContainTextAsync($"{CellCount} cells", new() { Timeout = Patience });
        await PressAsync(page, whileRunning: Task.CompletedTask);
        await HeadlessBrowser.PictureAsync(page, "desk-flood-dark");

        using (JsonDocument told = JsonDocument.Parse((await receiver.NextAsync()).Body))
        {
            JsonElement notice = Assert.Single(told.RootElement.GetProperty("notices").EnumerateArray());
            Assert.Equal((incident.GetProperty("incident").GetString(), "raised"), (notice.GetProperty("incident").GetString(), notice.GetProperty("kind").GetString()));
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge all" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.GetByLabel("Note").FillAsync("power supply failed");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.Locator(".case")).Not.ToContainTextAsync("not acknowledged", new() { Timeout = Patience });
        JsonElement after = await gateway.Get("/api/v1/alarms?priority=high");
        Assert.Equal(CellCount, after.EnumerateArray().Count(alarm => alarm.GetProperty("note").GetString() == "power supply failed"));

        // The next message after that of the flood is that somebody has seen to it: there was no other between them.
        using (JsonDocument told = JsonDocument.Parse((await receiver.NextAsync()).Body))
        {
            Assert.Equal("acknowledged", Assert.Single(told.RootElement.GetProperty("notices").EnumerateArray()).GetProperty("kind").GetString());
        }

        string called = await page.EvaluateAsync<string>(Notifications);
        output.WriteLine($"{answered} keys answered during the flood; notified: {called}");
        using JsonDocument notifications = JsonDocument.Parse(called);
        Assert.Contains(incident.GetProperty("incident").GetString()!, Assert.Single(notifications.RootElement.EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    /// <summary>Asks for the list of keys and closes it again, by keys, at least once; returns how often that was answered.</summary>
    private static async Task<int> PressAsync(IPage page, Task whileRunning)
    {
        int answered = 0;
        do
        {
            await page.Keyboard.PressAsync("?");
            await Expect(page.Locator("dialog")).ToBeVisibleAsync(new() { Timeout = Patience });
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Patience });
            answered++;
        }
        while (!whileRunning.IsCompleted);
        return answered;
    }
}
