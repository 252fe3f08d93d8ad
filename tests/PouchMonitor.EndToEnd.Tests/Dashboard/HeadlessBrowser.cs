using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The system's Chromium without a screen, driven by Playwright.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private HeadlessBrowser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Why the browser tests cannot run here; null when they can.</summary>
    public static string? Missing => File.Exists(Chromium) ? null : $"{Chromium} is not installed.";

    public static async Task<HeadlessBrowser> LaunchAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        return new HeadlessBrowser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        }));
    }

    /// <summary>An empty page in a context of its own, which ends with the browser or when it is closed.</summary>
    public async Task<IPage> NewPageAsync(int width, int height, ColorScheme scheme)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = "Europe/Berlin",
        });
        return await context.NewPageAsync();
    }

    /// <summary>Keeps a picture for people to look at, in the ignored <c>artifacts/dashboard</c>.</summary>
    public static async Task PictureAsync(IPage page, string name, bool fullPage = false)
    {
        string folder = Path.Combine(RepositoryFiles.Root, "artifacts", "dashboard");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = fullPage });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
    }
}
