using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>A screen that was left open and whose session ends: it says so, nothing on it looks live or quiet, and it goes on after signing in.</summary>
public sealed partial class SessionEndTests : IAsyncLifetime
{
    private const float Patience = 30_000;
    private const string Cell = "dne-pouch-1";
    private const string Node = "bench-a";
    private const string Password = "correct horse battery";
    private const string OtherPassword = "another horse battery";

    private readonly string folder = Directory.CreateTempSubdirectory("session-end-").FullName;
    private readonly List<string> complaints = [];
    private double time = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 3600;

    private string Data => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync()
    {
        if (HeadlessBrowser.Missing is null)
        {
            await AccountAsync("vera", Password);
            await AccountAsync("olga", Password);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AnEndedSession_IsSaid_NothingLooksLiveOrQuiet_AndTheSamePageGoesOnAfterSigningIn()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        string token = (await DoneAsync("node", "add", Node, "--data", Data)).Output.Trim();
        await using ServeProcess gateway = await ServeProcess.Closed(Data, $$"""{"cells": { {{DeskBench.ProfilesOf([Cell])}} }, "silenceSeconds": 600}""");
        await using SampleDevice device = await SampleDevice.ConnectAsync(gateway.MqttPort, Node, token, [Cell]);
        await PublishAsync(device, 30, surfaceC: 25);
        await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
        IPage page = await OpenAsync(browser);

        // The wall, whose session is ended elsewhere, as one that expires is.
        await page.GotoAsync(gateway.Address + "/#/?kiosk");
        await SignInAsync(page, "vera", Password);
        await Expect(page.Locator($"[data-cell='{Cell}']")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(Wall());
        await PublishAsync(device, 30, surfaceC: 90);
        ILocator waiting = page.Locator(".banner-count.is-on");
        await Expect(waiting).Not.ToHaveCountAsync(0, new() { Timeout = Patience });
        int pulses = await page.EvaluateAsync<int>("window.pulses");
        await EndElsewhereAsync(page, gateway);
        await ExpectEndedAsync(page, "vera", "wall");
        await DeskBench.UntilAsync(page, string.Create(CultureInfo.InvariantCulture, $"window.pulses > {pulses}"));
        await SignInAsync(page, "vera", Password);
        await ExpectLiveAsync(page, Wall(), device);

        // Another page, by a new password: the address that is asked for meanwhile shows nothing that was known.
        await page.EvaluateAsync($"location.hash = '#/compare?cells={Cell}'");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Compare", new() { Timeout = Patience });
        await AccountAsync("vera", OtherPassword);
        await ExpectEndedAsync(page, "vera", "compare");
        await page.EvaluateAsync($"location.hash = '#/cell/{Cell}'");
        await Expect(page).ToHaveURLAsync(Login(), new() { Timeout = Patience });
        await Expect(page.Locator(".reading, .tile, .uplot")).ToHaveCountAsync(0);
        await SignInAsync(page, "vera", OtherPassword);
        await ExpectLiveAsync(page, CellPage(), device);

        // The account is removed, and somebody else signs in with another tab of this browser.
        await DoneAsync("user", "remove", "vera", "--data", Data);
        await ExpectEndedAsync(page, "vera", "cell");
        IAPIResponse other = await page.Context.APIRequest.PostAsync(gateway.Address + "/api/v1/session", new() { DataObject = new { user = "olga", password = Password } });
        Assert.True(other.Ok, await other.TextAsync());
        await ExpectLiveAsync(page, CellPage(), device);

        // Signing out on purpose leaves nothing that goes on sounding or that the next person could find.
        TaskCompletionSource begunAnew = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.EvaluateAsync("location.hash = '#/login'");
        page.Load += (_, _) => begunAnew.TrySetResult();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync(new() { Timeout = Patience });
        await begunAnew.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sign in", new() { Timeout = Patience });
        await Expect(page.Locator(".lost, .banner-count, .alert-strip")).ToHaveCountAsync(0);
        await Expect(page).ToHaveTitleAsync("PouchMonitor");
        Assert.Empty(complaints);
    }

    private static async Task EndElsewhereAsync(IPage page, ServeProcess gateway)
    {
        string cookie = string.Join("; ", (await page.Context.CookiesAsync()).Select(one => $"{one.Name}={one.Value}"));
        using HttpRequestMessage request = new(HttpMethod.Delete, gateway.Address + "/api/v1/session");
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage answer = await gateway.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task ExpectEndedAsync(IPage page, string person, string picture)
    {
        ILocator lost = page.Locator(".lost[data-lost=session]");
        await Expect(lost).ToContainTextAsync("Signed out: nothing here is live", new() { Timeout = Patience });
        await Expect(lost).ToContainTextAsync($"The session of {person} has ended");
        await Expect(lost).ToHaveAttributeAsync("role", "alert");
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Not live");
        await Expect(page).ToHaveTitleAsync(NotLive());
        await Expect(page.Locator(".banner-count.is-on")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator(".banner-words")).ToContainTextAsync("as last heard");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sign in");
        await Expect(page.Locator(".reading, .tile, .uplot")).ToHaveCountAsync(0);
        foreach ((int width, ColorScheme scheme) in ((int, ColorScheme)[])[(390, ColorScheme.Light), (1280, ColorScheme.Dark)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await HeadlessBrowser.PictureAsync(page, string.Create(CultureInfo.InvariantCulture, $"session-ended-{picture}-{width}"));
            await AccessibilityTests.HoldAsync(page, $"an ended session at {width} px");
        }
    }

    private async Task ExpectLiveAsync(IPage page, Regex address, SampleDevice device)
    {
        await Expect(page).ToHaveURLAsync(address, new() { Timeout = Patience });
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        await Expect(page.Locator(".lost")).ToHaveCountAsync(0);
        ILocator voltage = page.Locator("[data-column=voltage] .number").First;
        await Expect(voltage).ToBeVisibleAsync(new() { Timeout = Patience });
        string before = await voltage.InnerTextAsync();
        await PublishAsync(device, 1, surfaceC: 90);
        await Expect(voltage).Not.ToHaveTextAsync(before, new() { Timeout = Patience });
    }

    private static async Task SignInAsync(IPage page, string user, string password)
    {
        await page.Locator("[name=user]").FillAsync(user, new() { Timeout = Patience });
        await page.Locator("[name=password]").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
    }

    private async Task<IPage> OpenAsync(HeadlessBrowser browser)
    {
        IPage page = await browser.NewPageAsync(1280, 900, ColorScheme.Dark);
        await page.AddInitScriptAsync(DeskBench.Spies + "localStorage.setItem('pouchmonitor.sound', 'on');");
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // That somebody is not signed in is an answer which the browser complains of; and a stream that is ended breaks off.
            if (message.Type is "error" && !message.Text.Contains("401", StringComparison.Ordinal) && !message.Text.Contains("ERR_INCOMPLETE_CHUNKED_ENCODING", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        return page;
    }

    private async Task AccountAsync(string name, string password)
    {
        string file = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(file, password + "\n");
        await DoneAsync("user", "add", name, "--password-file", file, "--data", Data);
    }

    private static async Task<CommandRun> DoneAsync(params string[] command)
    {
        CommandRun run = await CommandRun.PouchMonitor(command);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    private async Task PublishAsync(SampleDevice device, int seconds, double surfaceC)
    {
        for (int step = 0; step < seconds; step++)
        {
            time += 1;
            await device.SampleAsync("1", time, 3.5 + ((time % 3600) * 0.0001), 0.5, surfaceC, surfaceC + 0.4, 24.8);
        }
    }

    [GeneratedRegex(@"/#/\?kiosk$", RegexOptions.None, 1000)]
    private static partial Regex Wall();

    [GeneratedRegex("/#/login", RegexOptions.None, 1000)]
    private static partial Regex Login();

    [GeneratedRegex($"/#/cell/{Cell}$", RegexOptions.None, 1000)]
    private static partial Regex CellPage();

    [GeneratedRegex("^Not live", RegexOptions.None, 1000)]
    private static partial Regex NotLive();
}
