using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>Assigning cells and editing profiles in a real browser, down to the alarm at the limit that was set there.</summary>
public sealed class SetupPageTests(Bench bench) : IClassFixture<Bench>
{
    private const float Patience = 20_000;

    [Fact]
    public async Task AnAssignedCell_IsJudgedUnderItsNewName_AtItsNewLimit()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/setup");
        ILocator row = page.Locator("[data-channel='bench-a/1']");
        await Expect(row).ToContainTextAsync("dne-pouch-1@", new() { Timeout = Patience });
        await row.GetByRole(AriaRole.Button).ClickAsync();
        ILocator form = page.Locator("dialog");
        await form.GetByLabel("Cell").FillAsync("pouch 77");
        await Expect(form.Locator("#cell-problem")).ToContainTextAsync("no spaces");
        await form.GetByLabel("Cell").FillAsync("pouch-77");
        await form.GetByLabel("Profile").SelectOptionAsync("dne-pouch");
        await form.GetByLabel("Bench").FillAsync("left");
        await form.GetByLabel("Warning temperature").FillAsync("40");
        await form.GetByLabel("Highest working temperature").FillAsync("45");
        await form.GetByLabel("Your name").FillAsync("R. Okafor");
        await form.GetByRole(AriaRole.Button, new() { Name = "Assign", Exact = true }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("ends the running test of dne-pouch-1");
        await form.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Bench.PictureAsync(page, "setup-form-dark");
        await form.GetByRole(AriaRole.Button, new() { Name = "Assign", Exact = true }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(row).ToContainTextAsync("pouch-77");
        await Expect(row).ToContainTextAsync("dne-pouch-limits");
        await Expect(row).ToContainTextAsync("R. Okafor");
        await bench.PublishAsync(5, surfaceC: 25);
        await bench.PublishAsync(20, surfaceC: 47);
        await Bench.PictureAsync(page, "setup-dark");

        await page.GotoAsync(bench.Gateway.Address + "/#/");
        ILocator alarm = page.Locator("[data-cell='pouch-77'] .alarm-line").Filter(new() { HasText = "Temperature limit" });
        await Expect(alarm).ToContainTextAsync("47.0", new() { Timeout = Patience });
        JsonElement raised = (await bench.GetAsync("/api/v1/alarms")).EnumerateArray()
            .First(known => known.GetProperty("id").GetString() == "pouch-77/thermal-limit");
        Assert.Equal(45, raised.GetProperty("limit").GetDouble());
        Assert.DoesNotContain((await bench.GetAsync("/api/v1/alarms")).EnumerateArray(), known => known.GetProperty("cell").GetString() == "dne-pouch-1");
        JsonElement cell = (await bench.GetAsync("/api/v1/cells")).EnumerateArray().First(known => known.GetProperty("cell").GetString() == "pouch-77");
        Assert.Equal(("left", "dne-pouch-limits"), (cell.GetProperty("bench").GetString(), cell.GetProperty("profile").GetString()));
    }

    [Fact]
    public async Task KeyboardAlone_AssignsACell()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/setup");
        ILocator button = page.Locator("[data-channel='bench-a/3'] button");
        await Expect(button).ToBeVisibleAsync(new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, button);
        await page.Keyboard.PressAsync("Enter");
        await PageKeys.TabToAsync(page, page.Locator("dialog #cell"));
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("typed-9");
        await PageKeys.TabToAsync(page, page.Locator("dialog").GetByRole(AriaRole.Checkbox));
        await page.Keyboard.PressAsync("Space");
        await PageKeys.TabToAsync(page, page.GetByLabel("Your name"));
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("ada");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.Locator("[data-channel='bench-a/3']")).ToContainTextAsync("typed-9");
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "bench-a/3: cell typed-9" })).ToBeVisibleAsync();

        // Escape leaves the form without a change.
        await PageKeys.TabToAsync(page, button);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AProfile_IsMade_Corrected_AndItsVersionsCompared()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/profiles/dne-pouch");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync(new() { Timeout = Patience });
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("lab-9");
        await page.GetByLabel("Highest voltage").FillAsync("2.5");
        await Expect(page.Locator("#minimumVoltageV-problem")).ToContainTextAsync("it must lie below maximumVoltageV of 2.5", new() { Timeout = Patience });
        await page.GetByLabel("Highest voltage").FillAsync("4.25");
        await Expect(page.Locator("#minimumVoltageV-problem")).ToHaveTextAsync("", new() { Timeout = Patience });
        await page.GetByLabel("Your name").FillAsync("ada");
        await Bench.PictureAsync(page, "profile-editor-dark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.Locator("#values")).ToHaveTextAsync("Version 1", new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.GetByLabel("Highest voltage").FillAsync("4.2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save version 2" }).ClickAsync();
        await Expect(page.Locator("#values")).ToHaveTextAsync("Version 2", new() { Timeout = Patience });
        await Expect(page.Locator(".compare tbody")).ToHaveTextAsync("Highest voltage4.254.2", new() { Timeout = Patience });
        JsonElement saved = await bench.GetAsync("/api/v1/profiles/lab-9?version=1");
        Assert.Equal(4.25, saved.GetProperty("profile").GetProperty("maximumVoltageV").GetDouble());
        await Bench.PictureAsync(page, "profile-dark");
    }

    [Theory]
    [InlineData("/#/setup", ".setup-table", "setup")]
    [InlineData("/#/profiles", ".setup-table", "profiles")]
    [InlineData("/#/profiles/dne-pouch", ".values", "profile")]
    public async Task NoPageScrollsSideways_NorComplains(string path, string mark, string name)
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync(path, 390, 800, ColorScheme.Light);
        await Expect(page.Locator(mark).First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Bench.PictureAsync(page, name + "-390-light");
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"));
        if (name == "setup")
        {
            await page.Locator(".at-action button").First.ClickAsync();
            int overflow = await page.Locator("dialog").EvaluateAsync<int>("d => Math.max(d.scrollWidth - d.clientWidth, d.getBoundingClientRect().right - innerWidth)");
            await Bench.PictureAsync(page, "setup-form-390-light");
            Assert.True(overflow <= 0, $"The form is {overflow} px wider than the screen.");
        }

        Assert.Empty(bench.Complaints);
    }
}
