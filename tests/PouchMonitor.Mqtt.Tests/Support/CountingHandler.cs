using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>An application that lets everything in and only counts, for tests with more messages than should be remembered.</summary>
internal sealed class CountingHandler : IMqttServerHandler
{
    private long _messages;

    public long Messages => Interlocked.Read(ref _messages);

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken) => new(MqttReason.Success);

    public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
    {
        refusal = MqttReason.Success;
        return true;
    }

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        Interlocked.Increment(ref _messages);
        return PublishOutcome.Acknowledge;
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void OnDisconnected(MqttConnection connection, MqttReason reason)
    {
    }
}
