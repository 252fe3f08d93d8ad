using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Abuse;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation.Abuse;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The abuse pages against the real gateway: its own plans, a session as it is made there, and what keeps it from being armed.</summary>
public sealed class AbuseGatewayTests(Bench bench) : IClassFixture<Bench>
{
    private const float Patience = 30_000;

    [Fact]
    public async Task ThePlansOfTheProduct_AreShown_AndKeptAsALabVersion()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        JsonElement plans = await bench.GetAsync("/api/v1/abuse/plans");
        IPage page = await bench.OpenAsync("/#/abuse?plans");
        await Expect(page.Locator("[data-plan]")).ToHaveCountAsync(plans.GetArrayLength(), new() { Timeout = Patience });
        string name = plans.EnumerateArray().Select(plan => plan.GetProperty("name").GetString()!).First(plan => plan.StartsWith("nail", StringComparison.Ordinal));
        await page.Locator($"[data-plan='{name}'] a").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit as lab version" }).ClickAsync(new() { Timeout = Patience });
        ILocator least = page.Locator("[id='observation.leastS']");
        await least.FillAsync("-5");
        await Expect(page.Locator("[id='observation.leastS-problem']")).ToContainTextAsync("observation.leastS is -5", new() { Timeout = Patience });
        await least.FillAsync("1800");
        await page.GetByLabel("Your name").FillAsync("ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as lab version" }).ClickAsync();
        await Expect(page.Locator("main > .done")).ToContainTextAsync($"{name} is saved as version 2", new() { Timeout = Patience });
        JsonElement observation = (await bench.GetAsync($"/api/v1/abuse/plans/{name}")).GetProperty("observation");
        Assert.Equal((1800d, "lab"), (observation.GetProperty("leastS").GetDouble(), observation.GetProperty("source").GetString()));
        Assert.Empty(bench.Complaints);
    }

    [Fact]
    public async Task ASession_IsMade_SaysWhatKeepsItFromBeingArmed_AndIsCancelled()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/abuse?new", 820, 1180, ColorScheme.Light);
        await page.Locator("#plan").SelectOptionAsync("nail-gb", new() { Timeout = Patience });
        await page.Locator("#place").SelectOptionAsync("bench-a/1", new() { Timeout = Patience });
        await page.Locator("input[name=by]").FillAsync("ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin preparing" }).ClickAsync();
        await Expect(page.Locator("main[data-state=preparing]")).ToBeVisibleAsync(new() { Timeout = Patience });
        string id = page.Url[(page.Url.LastIndexOf('/') + 1)..];

        // A device that publishes once a second is no node at the fast rate.
        await Expect(page.Locator("[data-check=fast-rate]")).Not.ToHaveAttributeAsync("data-state", "good");
        await page.Locator("[data-check=people-clear] .primary").ClickAsync();
        await Expect(page.Locator("[data-check=people-clear][data-state=good]")).ToContainTextAsync("ada", new() { Timeout = Patience });
        await Expect(page.Locator(".arm-button")).ToHaveAttributeAsync("aria-disabled", "true");
        await Expect(page.Locator("#arm-reasons")).ToContainTextAsync("fast rate");
        await Bench.PictureAsync(page, "abuse-gateway-preparing-820");
        await page.GetByRole(AriaRole.Button, new() { Name = "Note", Exact = false }).First.ClickAsync();
        await page.Locator(".abuse-question textarea").FillAsync("the nail is blunt");
        await page.Locator(".abuse-question .primary").ClickAsync();
        await Expect(page.Locator(".abuse-log")).ToContainTextAsync("the nail is blunt", new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel test" }).First.ClickAsync();
        await page.Locator(".abuse-question .primary").ClickAsync();
        await Expect(page.Locator("main[data-state=cancelled]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.EvaluateAsync("() => { location.hash = '#/abuse'; }");
        await Expect(page.Locator($".setup-table [data-abuse='{id}']")).ToContainTextAsync("Cancelled", new() { Timeout = Patience });
        Assert.Empty(bench.Complaints);
    }

    /// <summary>From the plan to the signed report: the keyboard, a tablet's width, the real gateway and the node's own code in real time.</summary>
    [Fact]
    public async Task AWholeSession_IsRunByKeysAlone_WithANodeThatSamplesARunaway()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        EmulatedNode node = new(new EmulatedNodeOptions
        {
            Node = "wall", CellName = "dne-pouch", Label = "wall", SampleInterval = TimeSpan.FromMilliseconds(100),
            VirtualStartUnixMicroseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
            Abuse = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway, seed: 33), AbuseDelay = TimeSpan.FromDays(1),
            StoreFlashBytes = 2 * 1024 * 1024, Port = bench.Gateway.MqttPort,
        });
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => node.RunAsync(stop.Token), CancellationToken.None);
        try
        {
            await bench.Gateway.Until("/api/v1/nodes", nodes => nodes.EnumerateArray().Any(one => one.GetProperty("node").GetString() == "wall"));
            IPage page = await bench.OpenAsync("/#/abuse?new", 820, 1180);
            await ArmByKeysAsync(page);
            node.BeginAbuse();
            await Expect(page.Locator("html[data-abuse-red]")).ToBeAttachedAsync(new() { Timeout = Patience });
            await Expect(page.Locator(".red-words")).ToContainTextAsync("THERMAL RUNAWAY", new() { Timeout = Patience });
            await Bench.PictureAsync(page, "abuse-session-red-820");
            await page.Keyboard.DownAsync("Escape");
            await Expect(page.Locator("[data-stop=confirmed]")).ToBeVisibleAsync(new() { Timeout = Patience });
            await page.Keyboard.UpAsync("Escape");

            // The plan asks for an hour of observation: who ends it before says why.
            await page.Keyboard.PressAsync("x");
            await Expect(page.Locator(".abuse-question textarea")).ToBeFocusedAsync(new() { Timeout = Patience });
            await page.Keyboard.TypeAsync("the cell is burnt out");
            await page.Keyboard.PressAsync("Enter");
            await ToBeIn(page, "ended");
            await Expect(page.Locator("[data-verdict=failed]")).ToContainTextAsync("Thermal runaway");
            await SignByKeysAsync(page);
            await Bench.PictureAsync(page, "abuse-session-signed-820");
            string id = page.Url[(page.Url.LastIndexOf('/') + 1)..];
            JsonElement record = await bench.GetAsync($"/api/v1/abuse/{id}");
            double eventS = (node.Options.VirtualStartUnixMicroseconds / 1e6) + node.Abuse!.BeganS!.Value;
            JsonElement trigger = record.GetProperty("figures").GetProperty("trigger");
            Assert.Equal("rule", trigger.GetProperty("source").GetString());
            double doubt = trigger.GetProperty("uncertaintyS").GetDouble() + AbuseBench.EmulatedStepS;
            Assert.InRange(trigger.GetProperty("at").GetDouble(), eventS - doubt, eventS + doubt);
            Assert.Contains(record.GetProperty("deviations").EnumerateArray(), said => said.GetString()!.Contains("the cell is burnt out", StringComparison.Ordinal));
            string report = await bench.Http.GetStringAsync(new Uri($"{bench.Gateway.Address}/api/v1/abuse/{id}/report"), TestContext.Current.CancellationToken);
            Assert.Contains("ada", report, StringComparison.Ordinal);
            Assert.Contains("the cell is burnt out", report, StringComparison.Ordinal);
            Assert.Empty(bench.Complaints);
            await JudgeAgainAsync(id);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Its archive gives every figure that was signed, once the recorded test has been judged up to there.</summary>
    private async Task JudgeAgainAsync(string id)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("pouchmonitor-again-").FullName, "abuse.zip");
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        CommandRun again = new(-1, "", "");
        try
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
            do
            {
                using HttpResponseMessage answer = await bench.Http.GetAsync(new Uri($"{bench.Gateway.Address}/api/v1/abuse/{id}/archive"), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync(limit.Token), limit.Token);
                    again = await CommandRun.PouchMonitor("analyze", "--abuse", "own", file);
                }
            }
            while (!again.Output.Contains("every figure is that of the record", StringComparison.Ordinal) && await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not as it was signed: {again.Output} {again.Errors}");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }

        Assert.Equal((0, ""), (again.ExitCode, again.Errors));
    }

    private static async Task ArmByKeysAsync(IPage page)
    {
        await Expect(page.Locator("#plan option[value=nail-gb]")).ToBeAttachedAsync(new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, page.Locator("#plan"));
        await page.Keyboard.TypeAsync("Nail");
        await Expect(page.Locator("#plan")).ToHaveValueAsync("nail-gb");
        await PageKeys.TabToAsync(page, page.Locator("#place"));
        await page.Keyboard.TypeAsync("wall/1");
        await Expect(page.Locator("#place")).ToHaveValueAsync("wall/1");
        await PageKeys.TabToAsync(page, page.Locator("input[name=by]"));
        await page.Keyboard.TypeAsync("ada");
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "preparing");
        ILocator open = page.Locator(".check-line.is-open button.primary");
        await Expect(open.First).ToBeVisibleAsync(new() { Timeout = Patience });
        for (int left = await open.CountAsync(); left > 0; left--)
        {
            await Expect(open).ToHaveCountAsync(left, new() { Timeout = Patience });
            await page.Keyboard.PressAsync("c");
            await page.Keyboard.PressAsync("Enter");
        }

        // The node is asked for its fast rate while people confirm.
        await Expect(page.Locator(".arm-button")).ToHaveAttributeAsync("aria-disabled", "false", new() { Timeout = 2 * Patience });
        await Bench.PictureAsync(page, "abuse-session-ready-820");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "armed");
    }

    private static async Task SignByKeysAsync(IPage page)
    {
        await PageKeys.TabToAsync(page, page.Locator("#hazard"));
        await page.Keyboard.TypeAsync("5");
        await PageKeys.TabToAsync(page, page.Locator(".abuse-observations button.primary"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".abuse-observations [role=status]")).ToHaveTextAsync("Kept.", new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, page.Locator(".sign").GetByRole(AriaRole.Checkbox));
        await page.Keyboard.PressAsync("Space");
        await PageKeys.TabToAsync(page, page.Locator(".sign button"));
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "signed");
    }

    private static async Task ToBeIn(IPage page, string state) =>
        await Expect(page.Locator($"main[data-state={state}]")).ToBeVisibleAsync(new() { Timeout = Patience });
}
