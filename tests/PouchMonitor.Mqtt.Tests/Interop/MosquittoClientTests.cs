using System.Diagnostics;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Interop;

/// <summary>The clients that come with mosquitto, against this server.</summary>
public sealed class MosquittoClientTests
{
    public static MatrixTheoryData<string, int> VersionsAndQos() => new(["mqttv311", "mqttv5"], [0, 1, 2]);

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task PublishesAndSubscribes(string version, int qos)
    {
        SkipWithoutBinaries();
        await using Bench bench = await Bench.StartAsync();
        using Process subscriber = Start("mosquitto_sub", bench, version, "-t", "m/+", "-q", $"{qos}", "-C", "2", "-W", "10", "-F", "%t %q %r %p");
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Subscriptions == 1, "the subscription");
        await RunAsync("mosquitto_pub", bench, version, "-t", "m/1", "-m", "one", "-q", $"{qos}");
        await RunAsync("mosquitto_pub", bench, version, "-t", "m/2", "-m", "two", "-q", $"{qos}");
        string output = await subscriber.StandardOutput.ReadToEndAsync();
        await subscriber.WaitForExitAsync();
        Assert.Equal($"m/1 {qos} 0 one\nm/2 {qos} 0 two\n", output);
        Assert.Equal(0, subscriber.ExitCode);
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task RetainedMessagesAndWills(string version)
    {
        SkipWithoutBinaries();
        await using Bench bench = await Bench.StartAsync();
        await RunAsync("mosquitto_pub", bench, version, "-t", "r/1", "-m", "kept", "-q", "1", "-r");
        Assert.Equal("r/1 1 kept\n", await RunAsync("mosquitto_sub", bench, version, "-t", "r/#", "-q", "1", "-C", "1", "-W", "10", "-F", "%t %r %p"));
        Process dying = Start("mosquitto_sub", bench, version, "-t", "x", "--will-topic", "w", "--will-payload", "dead", "--will-qos", "1", "--will-retain");
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Subscriptions == 1, "the subscription");
        dying.Kill();
        await dying.WaitForExitAsync();
        await Eventually.TrueAsync(() => bench.Handler.Seen.Any(seen => seen.IsWill), "the will");
        Assert.Equal("w 1 dead\n", await RunAsync("mosquitto_sub", bench, version, "-t", "w", "-q", "1", "-C", "1", "-W", "10", "-F", "%t %r %p"));
        dying.Dispose();
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task PersistentSessions(string version)
    {
        SkipWithoutBinaries();
        await using Bench bench = await Bench.StartAsync();
        string[] session = version == "mqttv5" ? ["-i", "keeper", "-c", "-x", "60"] : ["-i", "keeper", "-c"];
        await RunAsync("mosquitto_sub", bench, version, [.. session, "-t", "p/#", "-q", "1", "-E"]);
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        for (int index = 0; index < 50; index++)
        {
            bench.Server.Publish("p/x", System.Text.Encoding.UTF8.GetBytes($"{index}"), MqttQos.AtLeastOnce);
        }

        string output = await RunAsync("mosquitto_sub", bench, version, [.. session, "-t", "p/#", "-q", "1", "-C", "50", "-W", "10"]);
        Assert.Equal(Enumerable.Range(0, 50).Select(index => $"{index}"), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Credentials(string version)
    {
        SkipWithoutBinaries();
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.OnConnect = request => request.UserName == "n7" && request.Password!.Value.Span.SequenceEqual("s3cret"u8) ? MqttReason.Success : MqttReason.NotAuthorized;
        await RunAsync("mosquitto_pub", bench, version, "-u", "n7", "-P", "s3cret", "-t", "c", "-m", "x", "-q", "1");
        using Process wrong = Start("mosquitto_pub", bench, version, "-u", "n7", "-P", "guess", "-t", "c", "-m", "x", "-q", "1");
        await wrong.WaitForExitAsync();
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Single(bench.Handler.Seen);
    }

    [Fact]
    public async Task PropertiesOfVersion5_TravelUnchanged()
    {
        SkipWithoutBinaries();
        await using Bench bench = await Bench.StartAsync();
        using Process subscriber = Start("mosquitto_sub", bench, "mqttv5", "-t", "v5/#", "-q", "2", "-C", "1", "-W", "60",
            "-D", "subscribe", "subscription-identifier", "4711", "-F", "%C %R %D %F %P %S %p");
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Subscriptions == 1, "the subscription", seconds: 60);
        await RunAsync("mosquitto_pub", bench, "mqttv5", "-t", "v5/x", "-m", "{}", "-q", "2", "-D", "publish", "content-type", "application/json",
            "-D", "publish", "response-topic", "answer/ü", "-D", "publish", "correlation-data", "c-1", "-D", "publish", "payload-format-indicator", "1",
            "-D", "publish", "user-property", "unit", "mV", "-D", "publish", "message-expiry-interval", "3000");
        Assert.Equal("application/json answer/ü c-1 1 unit:mV 4711 {}\n", await subscriber.StandardOutput.ReadToEndAsync());
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    private static async Task<string> RunAsync(string program, Bench bench, string version, params string[] arguments)
    {
        using Process process = Start(program, bench, version, arguments);
        string output = await process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode} {errors}");
        return output;
    }

    private static Process Start(string program, Bench bench, string version, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-h", "127.0.0.1", "-p", $"{bench.Server.EndPoint.Port}", "-V", version, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    internal static void SkipWithoutBinaries()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        Assert.SkipWhen(
            !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "mosquitto_pub"))),
            "mosquitto_pub and mosquitto_sub are not installed (Debian package mosquitto-clients).");
    }
}
