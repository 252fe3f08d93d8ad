using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Interop;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>Ten thousand connections that only keep alive, and messages that flow meanwhile.</summary>
[Collection("alone")]
public sealed class ManyIdleConnectionsTests
{
    private const int Wanted = 10_000;
    private const int Messages = 20_000;

    /// <summary>Descriptors left for everything else that this process has open.</summary>
    private const int Spare = 500;

    [Fact]
    public async Task TenThousandIdleConnections_StayAndDisturbNobody()
    {
        int count = Math.Min(Wanted, DescriptorLimit() - Spare);
        Assert.SkipWhen(count < 500, $"{DescriptorLimit()} descriptors are too few for a process that is to hold many connections.");
        await using var server = new MqttServer(
            new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumConnections = Wanted + 10, MaximumSessions = Wanted + 10, SystemTopicsInterval = TimeSpan.Zero },
            new CountingHandler());
        await server.StartAsync();
        using Process idle = Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(ForeignClient.Folder, "npm", "idle.mjs"), $"{server.EndPoint.Port}", $"{count}"])
        { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal($"connected {count}", await Line(idle));
            Assert.Equal(count, server.Snapshot().Connections);

            var got = new ConcurrentQueue<int>();
            await using var subscriber = new MqttClient(new MqttClientOptions
            {
                Port = server.EndPoint.Port,
                ClientId = "subscriber",
                MessageReceived = (in MqttReceivedMessage message) => got.Enqueue(BitConverter.ToInt32(message.Payload)),
            });
            await subscriber.ConnectAsync();
            await subscriber.SubscribeAsync("m", MqttQos.AtLeastOnce);
            await using var publisher = new MqttClient(new MqttClientOptions { Port = server.EndPoint.Port, ClientId = "publisher" });
            await publisher.ConnectAsync();
            for (int index = 0; index < Messages; index++)
            {
                await publisher.PublishPipelinedAsync("m"u8.ToArray(), BitConverter.GetBytes(index), MqttQos.AtLeastOnce, index);
            }

            await publisher.WaitForAcknowledgementsAsync();
            await Eventually.TrueAsync(() => got.Count == Messages, "all messages", seconds: 120);
            Assert.Equal(Enumerable.Range(0, Messages), got);

            // Each has been heard and answered at least once, and not one has gone.
            await idle.StandardInput.WriteLineAsync("count");
            Assert.Equal($"open {count}", await Line(idle));
            Assert.Equal(count + 2, server.Snapshot().Connections);
            await idle.StandardInput.WriteLineAsync("end");
            Assert.Equal($"ended {count}", await Line(idle));
            await Eventually.TrueAsync(() => server.Snapshot() is { Connections: 2, Sessions: 2 }, "the end of all", seconds: 120);
            MqttServerSnapshot last = server.Snapshot();
            Assert.Equal(count, last.Disconnects[MqttReason.Success]);
            Assert.Empty(last.Faults);
            Assert.Empty(last.Drops);
        }
        finally
        {
            if (!idle.HasExited)
            {
                idle.Kill();
            }

            await idle.WaitForExitAsync();
        }
    }

    private static async Task<string> Line(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        return await process.StandardOutput.ReadLineAsync(patience.Token) ?? "its end";
    }

    /// <summary>How many descriptors this process may have; the runtime has raised it as far as it may go.</summary>
    private static int DescriptorLimit()
    {
        const string Label = "Max open files";
        string? line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(text => text.StartsWith(Label, StringComparison.Ordinal)) : null;
        string? soft = line?[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : Wanted + Spare;
    }
}
