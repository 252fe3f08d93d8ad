using System.IO.Compression;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>A test that is exported, analysed and imported elsewhere is the same test, digit for digit.</summary>
public sealed class ArchiveWayTests : IDisposable
{
    private static readonly string[] Parts = ["cycles", "steps", "pulses", "findings"];
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-archive-").FullName;

    [Theory]
    [InlineData("series/neware_ife_20cyc.csv.gz")]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz")]
    public Task MeasuredSeries_GoAllTheWay(string name) => GoesAllTheWay(RepositoryFiles.Measured(name));

    [Fact]
    public async Task AnEmulatedSeries_GoesAllTheWay()
    {
        string file = At("cell.csv");
        await Done("simulate", "dne-pouch-baseline", "--cycles", "4", "--interval", "20", "--seed", "7", "--out", file);
        await GoesAllTheWay(file);
    }

    [Fact]
    public async Task ATestOfAForeignDeviceThatStillRuns_IsExportedAsFarAsItIsJudged()
    {
        string archive = At("running.zip");
        await using ServeProcess serve = await ServeProcess.Open();
        await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "lab-1", "pouch-7");
        for (int second = 0; second < 40; second++)
        {
            await device.SampleAsync("1", 1_790_000_000 + second, 3.7 + (second * 0.001), second % 2 == 0 ? 1.5 : -1.5, 25.25, 25.5, 21);
        }

        await UntilStored(serve, "pouch-7", test => test.SampleCount == 40);
        await Done("export", "--data", serve.Data, "--cell", "pouch-7", "--out", archive);
        JsonElement report = JsonDocument.Parse((await Done("analyze", "--json", archive)).Output).RootElement;
        Assert.Equal("pouch-7", report.GetProperty("cell").GetString());
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using StreamReader samples = new(new GZipStream(zip.GetEntry("samples.bdf.csv.gz")!.Open(), CompressionMode.Decompress));
        string[] lines = (await samples.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Test Time / s,Unix Time / s,Voltage / V,Current / A,", lines[0], StringComparison.Ordinal);
        Assert.Contains(",1790000000,3.7,1.5,", lines[1], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<CommandRun> Done(params string[] arguments)
    {
        CommandRun run = await CommandRun.PouchMonitor(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.Output}{run.Errors}");
        return run;
    }

    private static void AssertSame(JsonElement expected, JsonElement actual, string what) =>
        Assert.Equal(JsonText.Lines(expected.GetProperty(what)), JsonText.Lines(actual.ValueKind == JsonValueKind.Array ? actual : actual.GetProperty(what)));

    private async Task GoesAllTheWay(string file)
    {
        JsonElement expected = JsonDocument.Parse((await Done("analyze", "--json", "--cell", "c1", file)).Output).RootElement;
        string archive = At("test.zip");
        string range = At("samples.bdf.csv.gz");
        string table = At("cycles.csv");
        JsonElement alarms;
        await using (ServeProcess serve = await ServeProcess.Open())
        {
            await Done("replay", file, "--cell", "c1", "--mqtt", serve.MqttAddress, "--speed", "max");
            alarms = await serve.Get("/api/v1/alarms");
            await UntilStored(serve, "c1", test => test.Ended);
            await Done("export", "--data", serve.Data, "--cell", "c1", "--out", archive);
            await Done("export", "--data", serve.Data, "--cell", "c1", "--out", range);
            await Done("export", "--data", serve.Data, "--cell", "c1", "--cycles", "--out", table);
        }

        Assert.Equal(expected.GetProperty("cycles").GetArrayLength(), Math.Max(0, (await File.ReadAllLinesAsync(table, TestContext.Current.CancellationToken)).Length - 1));
        JsonElement ofArchive = JsonDocument.Parse((await Done("analyze", "--json", archive)).Output).RootElement;
        JsonElement ofSamples = JsonDocument.Parse((await Done("analyze", "--json", range)).Output).RootElement;
        foreach (string part in Parts)
        {
            AssertSame(expected, ofArchive, part);
            AssertSame(expected, ofSamples, part);
        }

        // Twice, and the series itself under the name of another cell.
        string data = At("data");
        Assert.Contains(" 0 were there", (await Done("import", archive, "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains(": 0 frames are new", (await Done("import", archive, "--data", data)).Output, StringComparison.Ordinal);
        await Done("import", file, "--cell", "c2", "--data", data);
        Assert.Contains(": 0 frames are new", (await Done("import", file, "--cell", "c2", "--data", data)).Output, StringComparison.Ordinal);
        await using ServeProcess other = await ServeProcess.Open(data);
        Assert.Contains("in use", (await CommandRun.PouchMonitor("import", archive, "--data", data)).Errors, StringComparison.Ordinal);
        foreach (string part in Parts)
        {
            AssertSame(expected, await other.Get($"/api/v1/cells/c1/{part}"), part);
            AssertSame(expected, await other.Get($"/api/v1/cells/c2/{part}"), part);
        }

        // Alarms keep their history, and nothing is raised anew for what was long known.
        JsonElement found = await other.Get("/api/v1/alarms");
        Assert.Equal(Raised(alarms), Raised(found));

        // The series into the running gateway, as a node would: the same test again.
        await Done("import", file, "--cell", "c3", "--mqtt", other.MqttAddress);
        await Done("import", file, "--cell", "c3", "--mqtt", other.MqttAddress);
        foreach (string part in Parts)
        {
            AssertSame(expected, await other.Get($"/api/v1/cells/c3/{part}"), part);
        }
    }

    private static string[] Raised(JsonElement alarms) => [.. alarms.EnumerateArray()
        .Where(alarm => alarm.GetProperty("cell").GetString() == "c1")
        .Select(alarm => $"{alarm.GetProperty("rule").GetString()} {alarm.GetProperty("state").GetString()} {alarm.GetProperty("raisedAt").GetRawText()}")
        .Order(StringComparer.Ordinal)];

    // What is judged reaches the database within seconds; what is in there is exported.
    internal static async Task UntilStored(ServeProcess serve, string cell, Func<TestRecord, bool> isWanted)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        do
        {
            using DataView view = DataView.Open(serve.Data);
            if (view.Database.ReadTestRecords().Any(test => test.Cell == cell && isWanted(test)))
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(limit.Token));
    }

    private string At(string name) => Path.Combine(folder, name);
}
