using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// What the dashboard may cost. Time is that of the page's main thread alone, as Chromium counts it on the thread's own clock, so that a
/// busy machine does not count; the figures on the wall's clock are those of <c>gateway/dashboard/bench</c>.
/// </summary>
public sealed class BudgetTests
{
    private const int MostCompressedBytes = 250_000;
    private const int Nodes = 8;
    private const int ChannelsOfANode = 63;
    private const int Rounds = 12;
    private const double MostThreadSecondsARound = 0.3;
    private const double MostThreadSecondsToTheFirst = 1.0;

    [Fact]
    public async Task AllFilesTogetherStayWithin250KilobytesCompressed()
    {
        string folder = Path.Combine(Path.GetDirectoryName(RepositoryFiles.Program)!, "wwwroot");
        List<(string Name, long Bytes)> files = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            files.Add((Path.GetRelativePath(folder, path), await CompressedBytesAsync(path)));
        }

        long total = files.Sum(file => file.Bytes);
        string list = string.Join(Environment.NewLine, files.OrderByDescending(file => file.Bytes)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Bytes,8} {file.Name}")));
        Assert.Contains(files, file => file.Name == "index.html");
        Assert.True(total <= MostCompressedBytes, $"{total} bytes, at most {MostCompressedBytes}:{Environment.NewLine}{list}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{total} bytes compressed{Environment.NewLine}{list}");
    }

    [Fact]
    public async Task FiveHundredChannelsASecondLeaveTheMainThreadFree()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        await using ServeProcess gateway = await ServeProcess.Open(config: """{"silenceSeconds": 600}""");
        List<SampleDevice> devices = [];
        try
        {
            for (int node = 0; node < Nodes; node++)
            {
                devices.Add(await SampleDevice.ConnectAsync(gateway.MqttPort, $"rack-{node}", [.. Enumerable.Range(1, ChannelsOfANode).Select(channel => $"cell-{node}-{channel}")]));
            }

            double start = Math.Floor((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) - 600;
            for (int round = 0; round < 3; round++)
            {
                await PublishAsync(devices, start + round);
            }

            await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
            IPage page = await browser.NewPageAsync(1440, 900, ColorScheme.Dark);
            ICDPSession session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
            await page.GotoAsync(gateway.Address + "/");
            await page.Locator("[data-cell]").First.WaitForAsync(new() { Timeout = 60_000 });
            double first = await BusySecondsAsync(session);
            await page.WaitForFunctionAsync($"() => document.querySelectorAll('[data-cell]').length === {Nodes * ChannelsOfANode}", null, new() { Timeout = 60_000 });
            await PublishAsync(devices, start + 3);

            double before = await BusySecondsAsync(session);
            for (int round = 0; round < Rounds; round++)
            {
                // No faster than once a second; slower on a busy machine, which only adds the work of the ticking ages to a round.
                await Task.WhenAll(PublishAsync(devices, start + 4 + round), Task.Delay(TimeSpan.FromSeconds(1)));
            }

            double each = (await BusySecondsAsync(session) - before) / Rounds;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"first channels after {first:F3} s of the thread; then {each:F3} s for each round of {Nodes * ChannelsOfANode} channels"));
            Assert.True(first < MostThreadSecondsToTheFirst, $"{first:F3} s of the thread before the first channel, at most {MostThreadSecondsToTheFirst}");
            Assert.True(each < MostThreadSecondsARound, $"{each:F3} s of the thread for each second, at most {MostThreadSecondsARound}");
        }
        finally
        {
            foreach (SampleDevice device in devices)
            {
                await device.DisposeAsync();
            }
        }
    }

    private static Task PublishAsync(List<SampleDevice> devices, double time) => Task.WhenAll(devices.Select(async device =>
    {
        for (int channel = 1; channel <= ChannelsOfANode; channel++)
        {
            await device.SampleAsync(channel.ToString(CultureInfo.InvariantCulture), time, 3.5 + (channel * 0.001) + (time % 600 * 0.0001), 0.5, 25 + (channel * 0.01), 25.6, 24.8);
        }
    }));

    private static async Task<double> BusySecondsAsync(ICDPSession session)
    {
        JsonElement? answer = await session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    private static async Task<long> CompressedBytesAsync(string path)
    {
        using MemoryStream target = new();
        await using (GZipStream zip = new(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            await zip.WriteAsync(await File.ReadAllBytesAsync(path));
        }

        return target.Length;
    }
}
