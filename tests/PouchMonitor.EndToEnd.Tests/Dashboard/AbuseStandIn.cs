using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// What the tests of the abuse pages share: the dashboard's own stand-in for a gateway, which plays a runaway twelve times as fast as it
/// is, and a headless Chromium. The pages are the built ones, under the gateway's content security policy.
/// </summary>
public sealed partial class AbuseStandIn : IAsyncLifetime
{
    /// <summary>An event that begins only when a test says so.</summary>
    private const string Never = "3600";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly List<string> complaints = [];
    private readonly HttpClient http = new();
    private HeadlessBrowser? browser;
    private Process? process;
    private IPage? open;

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    internal static string? Missing => Bench.Missing ?? (NodeProgram is null ? "node is not installed" : null);

    internal string Address { get; private set; } = "";

    /// <summary>Console errors, uncaught exceptions and violations of the content security policy so far.</summary>
    internal IReadOnlyList<string> Complaints => complaints;

    private static string? NodeProgram { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        string script = Path.Combine(RepositoryFiles.Root, "gateway", "dashboard", "dev", "mock-server.mjs");
        process = Process.Start(new ProcessStartInfo(NodeProgram!, [script, "--port", "0", "--channels", "4", "--quiet", "--abuse-pace", "12", "--abuse-fuse", Never])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("The stand-in could not be started.");
        using CancellationTokenSource limit = new(StartTime);
        string said = await process.StandardOutput.ReadLineAsync(limit.Token) ?? "";
        Match match = AddressInLine().Match(said);
        Assert.True(match.Success, $"The stand-in said: {said}");
        Address = match.Value;
        browser = await HeadlessBrowser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        http.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>A page of its own browser context, in place of the one before; the name of who acts is known to it where one is given.</summary>
    internal async Task<IPage> OpenAsync(string path, int width, int height, ColorScheme scheme = ColorScheme.Dark, string? name = null)
    {
        if (open is not null)
        {
            await open.Context.CloseAsync();
        }

        IPage page = open = await browser!.NewPageAsync(width, height, scheme);
        page.PageError += (_, error) => complaints.Add($"{path}: {error}");
        page.Console += (_, message) =>
        {
            // What a test answers in the gateway's place is no complaint of the page.
            if (message.Type is "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal))
            {
                complaints.Add($"{path}: {message.Text}");
            }
        };
        if (name is not null)
        {
            await page.AddInitScriptAsync($"try {{ localStorage.setItem('pouchmonitor.name', '{name}'); }} catch {{ }}");
        }

        await page.GotoAsync(Address + path);
        return page;
    }

    /// <summary>Makes a test of a nail on a channel of node-1 and brings it as far as asked; returns its id.</summary>
    internal async Task<string> BeginAsync(int channel, bool isArmed = false)
    {
        JsonElement made = await PostAsync("/abuse", $$"""{"plan": "nail-gb", "node": "node-1", "channel": "{{channel}}", "by": "R. Okafor"}""");
        string id = made.GetProperty("id").GetString()!;
        if (isArmed)
        {
            foreach (JsonElement check in made.GetProperty("checks").EnumerateArray())
            {
                await PostAsync($"/abuse/{id}/checks/{check.GetProperty("id").GetString()}", """{"good": true, "by": "R. Okafor"}""");
            }

            await PostAsync($"/abuse/{id}/arm", """{"by": "R. Okafor"}""");
        }

        return id;
    }

    internal async Task<JsonElement> PostAsync(string path, string body = "{}")
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri($"{Address}/api/v1{path}"), content);
        answer.EnsureSuccessStatusCode();
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    internal async Task<JsonElement> RecordAsync(string id)
    {
        using JsonDocument document = JsonDocument.Parse(await GetTextAsync($"/api/v1/abuse/{id}"));
        return document.RootElement.Clone();
    }

    internal Task<string> GetTextAsync(string path) => http.GetStringAsync(new Uri(Address + path));

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, 1000)]
    private static partial Regex AddressInLine();
}
