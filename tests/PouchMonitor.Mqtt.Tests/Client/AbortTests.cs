using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>Dropping a connection, also one that is gone.</summary>
public class AbortTests
{
    [Fact]
    public async Task Abort_OfAnEndedConnection_DoesNothing()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, _) = await bench.ConnectAsync(MqttProtocolVersion.V5, "gone");
        await client.DisconnectAsync();

        client.Abort();
        client.Abort();

        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Abort_Twice_EndsTheConnectionOnce()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, _) = await bench.ConnectAsync(MqttProtocolVersion.V311, "twice");
        int ends = 0;
        client.Disconnected += (_, _) => Interlocked.Increment(ref ends);

        client.Abort();
        client.Abort();

        await Eventually.TrueAsync(() => Volatile.Read(ref ends) > 0, "the end is told");
        Assert.False(client.IsConnected);
        Assert.Equal(1, Volatile.Read(ref ends));
    }
}
