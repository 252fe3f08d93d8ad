using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Security;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>First start, signing in and out, and the accounts, in a real browser with a gateway that asks who is there.</summary>
public sealed partial class FirstStartTests : IDisposable
{
    private const float Patience = 30_000;
    private const string Password = "correct horse battery";
    private readonly string folder = Directory.CreateTempSubdirectory("first-start-").FullName;
    private readonly List<string> complaints = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task FromTheFirstLink_ToAViewerWhoMayOnlyLook()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        await using ClosedServe gateway = await ClosedServe.StartAsync(folder);
        await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
        IPage page = await Page(browser);

        // Without the link there is nothing but the word that one is needed.
        await page.GotoAsync(gateway.Address + "/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Nobody has an account yet", new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(Login());

        await page.GotoAsync("about:blank");
        await page.GotoAsync(await gateway.SetupLink);
        await Expect(page.Locator("h1")).ToHaveTextAsync("First start", new() { Timeout = Patience });
        Assert.DoesNotContain("setup=", page.Url);
        await page.Locator("[name=user]").FillAsync("ada");
        await page.Locator("[name=password]").FillAsync(Password);
        await page.Locator("[name=again]").FillAsync(Password + "!");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[role=alert]")).ToHaveTextAsync("The two passwords are not the same.", new() { Timeout = Patience });
        await HeadlessBrowser.PictureAsync(page, "first-start-dark");
        await page.Locator("[name=again]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });

        await page.GotoAsync(gateway.Address + "/#/accounts");
        ILocator form = page.GetByRole(AriaRole.Form, new() { Name = "New account" });
        await form.Locator("[name=new-user]").FillAsync("vera", new() { Timeout = Patience });
        await form.Locator("[name=new-password]").FillAsync(Password);
        await form.Locator("[name=new-role]").SelectOptionAsync("viewer");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator("[data-account=vera]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Form, new() { Name = "New token" }).Locator("[name=token-name]").FillAsync("<b>report</b>");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".new-token code")).ToHaveTextAsync(Token(), new() { Timeout = Patience });
        await Expect(page.Locator("[data-token] th")).ToHaveTextAsync("<b>report</b>");
        await HeadlessBrowser.PictureAsync(page, "accounts-dark", fullPage: true);

        // Signed out, the page that is asked for comes after signing in.
        await page.GotoAsync(gateway.Address + "/#/login");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync(new() { Timeout = Patience });
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sign in", new() { Timeout = Patience });
        await page.GotoAsync("about:blank");
        await page.GotoAsync(gateway.Address + "/#/accounts");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sign in", new() { Timeout = Patience });
        await page.Locator("[name=user]").FillAsync("vera");
        await page.Locator("[name=password]").FillAsync("wrong horse battery");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[role=alert]")).ToHaveTextAsync("The name or the password is not right.", new() { Timeout = Patience });
        await page.Locator("[name=password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h2").Filter(new() { HasText = "For administrators" })).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(Accounts());
        Assert.Empty(complaints);
    }

    private async Task<IPage> Page(HeadlessBrowser browser)
    {
        IPage page = await browser.NewPageAsync(1280, 900, ColorScheme.Dark);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // That somebody is not signed in is an answer which the browser complains of, and the page does not.
            if (message.Type is "error" or "warning" && !message.Text.Contains("401", StringComparison.Ordinal))
            {
                complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        return page;
    }

    [GeneratedRegex("/#/login", RegexOptions.None, 1000)]
    private static partial Regex Login();

    [GeneratedRegex("/#/accounts$", RegexOptions.None, 1000)]
    private static partial Regex Accounts();

    [GeneratedRegex("^pmt_[0-9a-f]{64}$", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
