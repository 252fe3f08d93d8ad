using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>Bad input gets one clear line that names file, line and reason; good rows around it are kept.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task AMissingFile_IsNamed()
    {
        string path = Path.Combine(folder, "nowhere.csv");
        CommandRun run = await CommandRun.PouchMonitor("analyze", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(path, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("time_s,pressure_Pa\n1,2\n", "voltage_V")]
    public async Task AFileThatIsNoSeries_SaysWhatItLacks(string content, string reason)
    {
        string path = Write(content);
        CommandRun run = await CommandRun.PouchMonitor("analyze", path);
        Assert.Equal(1, run.ExitCode);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith(path, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("3,abc,0.1", "abc")]
    [InlineData("1,3.7,0.1", "time")]
    public async Task ABadRow_IsNamedAndCounted_AndTheOthersAreKept(string bad, string reason)
    {
        string path = Write($"time_s,voltage_V,current_A\n1,3.70,0.1\n2,3.71,0.1\n{bad}\n4,3.72,0.1\n");
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", path);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith($"{path}:4: ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains(reason, run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("1 bad row was left out; 3 good ones were kept.", run.ErrorLines[1]);
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("replay", "x.csv")]
    [InlineData("replay", "x.csv", "--mqtt", "nowhere")]
    [InlineData("serve", "--http-port", "70000", "--data", "/tmp/pouchmonitor-unused")]
    [InlineData("nonsense")]
    public async Task AWrongCommandLine_IsAUsageError(params string[] arguments)
    {
        CommandRun run = await CommandRun.PouchMonitor(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.ErrorLines);
    }

    [Fact]
    public async Task AGatewayThatIsNotThere_IsNamed()
    {
        string path = Write("time_s,voltage_V,current_A\n1,3.70,0.1\n");
        CommandRun run = await CommandRun.PouchMonitor("replay", path, "--cell", "c1", "--mqtt", "127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("127.0.0.1:1", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServeEndsCleanly_AndASecondOneOnTheSameData_SaysWhy()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        CommandRun second = await CommandRun.PouchMonitor("serve", "--data", serve.Data, "--http-port", "0", "--mqtt-port", "0");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("The gateway cannot start", Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        CommandRun taken = await CommandRun.PouchMonitor(
            "serve", "--data", folder, "--http-port", "0", "--mqtt-port", $"{serve.MqttPort}");
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains("The gateway cannot start", Assert.Single(taken.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(0, await serve.Terminate());
    }

    [Fact]
    public async Task ServeThatIsEndedTheMomentItIsReady_Ends()
    {
        for (int start = 0; start < 5; start++)
        {
            await using ServeProcess serve = await ServeProcess.Open();
            serve.Signal("TERM");
            Assert.Equal(0, await serve.Ended());
        }
    }

    [Fact]
    public async Task ANodeNeedsItsToken_AndMayWriteOnlyItsOwnTopics()
    {
        string data = Path.Combine(folder, "data");
        string token = (await CommandRun.PouchMonitor("node", "add", "n7", "--data", data)).Output.Trim();
        string tokenFile = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(tokenFile, token);
        string series = Write("time_s,voltage_V,current_A\n1,3.70,0.1\n2,3.70,0.1\n");
        await using ServeProcess serve = await ServeProcess.Closed(data);
        CommandRun without = await CommandRun.PouchMonitor("replay", series, "--cell", "n7", "--mqtt", serve.MqttAddress);
        Assert.Equal(1, without.ExitCode);
        Assert.DoesNotContain(token, without.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.PouchMonitor(
            "replay", series, "--cell", "n7", "--mqtt", serve.MqttAddress, "--password-file", tokenFile)).ExitCode);
        CommandRun other = await CommandRun.PouchMonitor(
            "replay", series, "--cell", "n8", "--mqtt", serve.MqttAddress, "--user", "n7", "--password-file", tokenFile);
        Assert.Equal(1, other.ExitCode);

        using HttpResponseMessage closed = await serve.Http.GetAsync(serve.Address + "/api/v1/cells");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, closed.StatusCode);
    }

    private string Write(string content)
    {
        string path = Path.Combine(folder, Guid.NewGuid().ToString("n") + ".csv");
        File.WriteAllText(path, content);
        return path;
    }
}
