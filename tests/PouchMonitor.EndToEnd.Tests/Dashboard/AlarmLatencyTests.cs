using System.Globalization;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Wire;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// From the publish of a sample that is too high to its alarm on the desk, on the clock of the machine that both stand on. What is promised is
/// 1 s; the figures are printed, and only that each alarm arrives by itself is asserted, since a busy machine is no fault.
/// </summary>
public sealed class AlarmLatencyTests(ITestOutputHelper output)
{
    private const int Nodes = 9;
    private const float Patience = 20_000;

    /// <summary>Notes when each alarm of the list stood in the page, in Unix milliseconds.</summary>
    private const string Watch = """
        window.seen = {};
        new MutationObserver(() => {
          for (const row of document.querySelectorAll('main [data-alarm]')) { window.seen[row.dataset.alarm] ??= Date.now(); }
        }).observe(document, { childList: true, subtree: true });
        """;

    [Fact]
    public async Task PublishedAlarmAppearsOnTheDeskByItself()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await using ServeProcess gateway = await ServeProcess.Open(config: HotCells.Config(Nodes, Nodes));
        await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
        IPage page = await browser.NewPageAsync(1440, 900, ColorScheme.Dark);
        await page.AddInitScriptAsync(Watch);
        List<SampleDevice> devices = [];
        try
        {
            for (int node = 0; node < Nodes; node++)
            {
                devices.Add(await SampleDevice.ConnectAsync(gateway.MqttPort, HotCells.NodeOf(node), HotCells.CellOf(node, 0)));
                await devices[node].PublishAsync(TopicNames.Sample(HotCells.NodeOf(node), "1"), HotCells.Samples(0, 10, 3.9));
            }

            await gateway.Until("/api/v1/cells", all => all.GetArrayLength() == Nodes);
            await page.GotoAsync(gateway.Address + "/#/alarms?view=list");
            await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
            List<double> seconds = [];
            for (int node = 0; node < Nodes; node++)
            {
                ILocator row = page.Locator($"main [data-alarm='{HotCells.CellOf(node, 0)}/voltage-limit']");
                await Expect(row).ToHaveCountAsync(0);
                double publishedAt = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
                await devices[node].PublishAsync(TopicNames.Sample(HotCells.NodeOf(node), "1"), HotCells.Samples(10, 8, 4.9));
                await Expect(row).ToBeVisibleAsync(new() { Timeout = Patience });
                seconds.Add((await row.EvaluateAsync<double>("row => window.seen[row.dataset.alarm]") - publishedAt) / 1000);
            }

            seconds.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"from publish to the alarm on the desk: median {seconds[Nodes / 2]:F3} s, most {seconds[^1]:F3} s of {Nodes}"));
        }
        finally
        {
            foreach (SampleDevice device in devices)
            {
                await device.DisposeAsync();
            }
        }
    }
}
