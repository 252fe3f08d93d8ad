using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Tests.Support;

internal sealed record SeenPublish(string Topic, string Payload, MqttQos Qos, bool Retain, bool Duplicate, bool IsWill, string ClientId, MqttAckToken Token);

/// <summary>An application that accepts everything unless a test says otherwise, and remembers what it saw.</summary>
internal sealed class TestHandler : IMqttServerHandler
{
    public ConcurrentQueue<SeenPublish> Seen { get; } = new();

    public ConcurrentQueue<(string ClientId, MqttReason Reason)> Ends { get; } = new();

    public ConcurrentQueue<MqttSession> Sessions { get; } = new();

    public Func<MqttConnectRequest, MqttReason> OnConnect { get; set; } = _ => MqttReason.Success;

    public Func<string, MqttReason> OnSubscribe { get; set; } = _ => MqttReason.Success;

    public Func<SeenPublish, PublishOutcome> Judge { get; set; } = _ => PublishOutcome.Acknowledge;

    public Func<MqttMessage, bool> MayDeliver { get; set; } = _ => true;

    public Func<CancellationToken, ValueTask> Ready { get; set; } = _ => ValueTask.CompletedTask;

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken)
    {
        request.Identity = request.UserName;
        request.IdentityName = request.UserName;
        return new(OnConnect(request));
    }

    public void OnConnected(MqttConnection connection) => Sessions.Enqueue(connection.Session);

    public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
    {
        refusal = OnSubscribe(filter);
        return !refusal.IsFailure();
    }

    public bool MayDeliverRetained(MqttMessage message) => MayDeliver(message);

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        var seen = new SeenPublish(
            Encoding.UTF8.GetString(publish.TopicUtf8), Encoding.UTF8.GetString(publish.Payload), publish.Qos, publish.Retain, publish.Duplicate, publish.IsWill, publish.Session.ClientId, publish.Token);
        PublishOutcome outcome = Judge(seen);
        Seen.Enqueue(seen);
        return outcome;
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => Ready(cancellationToken);

    public void OnDisconnected(MqttConnection connection, MqttReason reason) => Ends.Enqueue((connection.Session.ClientId, reason));
}
