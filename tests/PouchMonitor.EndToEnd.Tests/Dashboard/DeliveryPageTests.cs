using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.Gateway.Tests.Delivery;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>Setting who is told in a real browser, trying the route, and an alarm that then arrives by it.</summary>
public sealed class DeliveryPageTests(Bench bench) : IClassFixture<Bench>
{
    private const float Patience = 20_000;

    [Fact]
    public async Task APersonIsAdded_TheRouteIsTried_AndAnAlarmArrivesByIt()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        IPage page = await bench.OpenAsync("/#/delivery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a person" }).ClickAsync(new() { Timeout = Patience });
        ILocator person = page.Locator(".person");
        await person.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada <b>");
        await person.GetByLabel("Tell").SelectOptionAsync("low");
        await person.GetByLabel("Name of the route").FillAsync("hook");
        await person.GetByLabel("For").SelectOptionAsync("json");
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(person.GetByText("An address is needed.")).ToBeVisibleAsync();
        await person.GetByLabel("Address").FillAsync(receiver.Url + "/very-secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.Locator(".save-bar")).ToContainTextAsync("Saved.", new() { Timeout = Patience });
        await Expect(person.GetByText($"Leads to {receiver.Url}")).ToBeVisibleAsync();
        await Expect(person.GetByLabel("Address")).ToHaveValueAsync("");

        await person.GetByRole(AriaRole.Button, new() { Name = "Send a test by the route hook" }).ClickAsync();
        await Expect(person.Locator(".test")).ToContainTextAsync("Taken by the receiver", new() { Timeout = Patience });
        Assert.Equal("/very-secret", (await receiver.NextAsync()).Path);
        await Expect(page.Locator(".log-table tbody tr").First).ToContainTextAsync("test by R. Okafor", new() { Timeout = Patience });
        await Bench.PictureAsync(page, "delivery-dark");
        await page.EvaluateAsync(await FramePages.ReadAxeAsync() + ";0");
        Assert.Equal("[]", await page.EvaluateAsync<string>(AccessibilityTests.RunAxe, null));
        Assert.Equal("[]", await page.EvaluateAsync<string>(AccessibilityTests.RunAxe, AccessibilityTests.LabelRules));

        await bench.PublishAsync(20, surfaceC: 25);
        await bench.PublishAsync(30, surfaceC: 63);
        using JsonDocument told = JsonDocument.Parse((await receiver.NextAsync()).Body);
        Assert.False(told.RootElement.GetProperty("test").GetBoolean());
        Assert.NotEmpty(told.RootElement.GetProperty("notices")[0].GetProperty("alarms").EnumerateArray());
        await Expect(page.Locator(".log-table tbody tr").First).ToContainTextAsync("Ada <b>/hook", new() { Timeout = Patience });
        await Expect(page.Locator(".log-sent").First).ToBeVisibleAsync();

        await page.SetViewportSizeAsync(390, 844);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 390"), "The page scrolls sideways at 390 px.");
        await Bench.PictureAsync(page, "delivery-390");
    }
}
