using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>What a received message costs the client.</summary>
public sealed class ReceiveAllocationTests
{
    private const int Messages = 900;

    [Theory]
    [InlineData(MqttProtocolVersion.V311, MqttQos.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.AtLeastOnce)]
    public async Task FromMessageToMessage_NothingIsAllocated(MqttProtocolVersion version, MqttQos qos)
    {
        (int Thread, long Bytes)[] seen = new (int, long)[Messages];
        int count = 0;
        using var server = new ScriptedServer(version);
        await using var client = new MqttClient(server.ClientOptions((in MqttReceivedMessage message) =>
        {
            // Read on the reading thread, so that nobody else's allocations are counted.
            seen[count] = (Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            count++;
            message.Token.Complete();
            return PublishOutcome.Deferred();
        }));
        Task<MqttConnectResult> connecting = client.ConnectAsync();
        using RawPeer peer = await server.OpenAsync(sessionPresent: false);
        await connecting;
        peer.Send([.. Enumerable.Range(1, Messages).SelectMany(index => RawPeer.Publish(version, "some/topic", "a payload", qos, (ushort)index))]);
        await Eventually.TrueAsync(() => Volatile.Read(ref count) == Messages, "all have come");

        // Between two reads the thread may change and the receiving allocate; within one, only a buffer that grows.
        long[] steps = [.. seen.Zip(seen.Skip(1)).Where(pair => pair.First.Thread == pair.Second.Thread).Select(pair => pair.Second.Bytes - pair.First.Bytes)];
        Assert.True(steps.Length > Messages / 2, "most messages came with others");
        Assert.InRange(steps.Count(step => step > 0), 0, Messages / 20);
    }
}
