using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The tests of what all pages have in common share a gateway and a browser.</summary>
[CollectionDefinition(Name)]
public sealed class FrameCollection : ICollectionFixture<Bench>
{
    public const string Name = "the frame of the dashboard";
}

/// <summary>Every page of the dashboard, and how a test comes from one to the next without loading it all again.</summary>
internal static class FramePages
{
    private const float Patience = 30_000;

    /// <summary>Counts the answers that a page still waits for; the event stream, which never ends, is none of them.</summary>
    private const string CountRequests = """
        (() => {
          const original = window.fetch;
          window.pendingRequests = 0;
          window.fetch = async (...call) => {
            if (String(call[0]).includes('/stream')) return original(...call);
            window.pendingRequests += 1;
            try { return await original(...call); } finally { window.pendingRequests -= 1; }
          };
        })();
        """;

    /// <summary>Addresses of all pages, and of those forms of the bench that look different.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "#/", "#/?kiosk", "#/alarms", "#/alarms?view=list", "#/alarms?view=history", "#/alarms?view=statistics", "#/cell/dne-pouch-1", "#/compare", "#/nodes", "#/setup", "#/profiles", "#/abuse", "#/abuse?plans", "#/delivery", "#/accounts", "#/login",
    ];

    /// <summary>Has the page tell what it waits for; before it is opened.</summary>
    public static Task PrepareAsync(IPage page) => page.AddInitScriptAsync(CountRequests);

    /// <summary>Goes to a page and returns when its heading is there and nothing is waited for.</summary>
    public static async Task GoAsync(IPage page, string hash)
    {
        await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
        await SettleAsync(page);
    }

    public static async Task SettleAsync(IPage page)
    {
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#main h1, main h1') && !window.pendingRequests && !document.querySelector('#main.page:only-child > p[role=status]:last-child')"
            + " && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(!window.pendingRequests))))",
            null, new PageWaitForFunctionOptions { Timeout = Patience });
    }

    /// <summary>By how many pixels the page is wider than the screen.</summary>
    public static Task<int> OverflowAsync(IPage page) =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>The text of axe-core, which the dashboard's own development packages bring; the test is skipped without it.</summary>
    public static async Task<string> ReadAxeAsync()
    {
        string path = Path.Combine(RepositoryFiles.Root, "gateway", "dashboard", "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(path), "axe-core is not installed (npm ci in gateway/dashboard)");
        return await File.ReadAllTextAsync(path);
    }
}
