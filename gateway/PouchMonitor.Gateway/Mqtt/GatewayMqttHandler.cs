using System.Text;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Mqtt;

/// <summary>
/// What the gateway says to its MQTT endpoint: who may connect, what each may write and read, and where a message goes. A
/// node writes only its own frame, sample, status and event topics and reads only its own config, command and stored.
/// </summary>
internal sealed class GatewayMqttHandler(GatewayServices services, SamplePipeline pipeline, MessageRouter router) : IMqttServerHandler
{
    /// <summary>Who a session is; no node means everyone on loopback in an open trial.</summary>
    private sealed record Identity(string? Node);

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken)
    {
        if (services.Options.OpenOnLoopback)
        {
            request.Identity = new Identity(null);
            return ValueTask.FromResult(MqttReason.Success);
        }

        if (request.UserName is not { Length: > 0 } node || request.Password is not { Length: > 0 } token)
        {
            request.RefusalText = "A node connects with its name and its token; see 'pouchmonitor node add'.";
            return ValueTask.FromResult(MqttReason.NotAuthorized);
        }

        if (!services.Access.IsNode(node, token.Span))
        {
            return ValueTask.FromResult(MqttReason.BadUserNameOrPassword);
        }

        if (request.WillTopic is { } will && !MayWrite(node, TopicParts.Parse(Encoding.UTF8.GetBytes(will))))
        {
            request.RefusalText = $"Node '{node}' may not leave a will on '{will}'.";
            return ValueTask.FromResult(MqttReason.NotAuthorized);
        }

        request.Identity = new Identity(node);
        return ValueTask.FromResult(MqttReason.Success);
    }

    public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
    {
        ArgumentNullException.ThrowIfNull(session);
        refusal = MqttReason.NotAuthorized;
        if (services.Options.DeniedSubscriptions.Contains(filter, StringComparer.Ordinal))
        {
            // The one failure code that clients of both versions expect of a filter that is switched off.
            refusal = MqttReason.UnspecifiedError;
            return false;
        }

        return session.Identity is Identity identity && (identity.Node is null
            || filter == TopicNames.Config(identity.Node)
            || filter == TopicNames.Command(identity.Node)
            || filter == TopicNames.Stored(identity.Node));
    }

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        PublisherTopics topics = publish.Connection is { } connection
            ? (PublisherTopics)(connection.State ??= new PublisherTopics(pipeline.WorkerOf))
            : new PublisherTopics(pipeline.WorkerOf);
        PublisherTopics.Entry topic = topics.Get(publish.TopicUtf8);
        if (publish.Session.Identity is not Identity identity
            || (identity.Node is not null && !MayWrite(identity.Node, topic.Parts)))
        {
            return PublishOutcome.Refuse(MqttReason.NotAuthorized);
        }

        return router.Take(topic, new IncomingMessage { Payload = publish.Payload, Receipt = new MessageReceipt(publish.Token) }) switch
        {
            MessageVerdict.Acknowledge => PublishOutcome.Acknowledge,
            MessageVerdict.Deferred => PublishOutcome.Deferred(),
            MessageVerdict.Busy => PublishOutcome.Busy,
            _ => PublishOutcome.Refuse(MqttReason.NotAuthorized),
        };
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => pipeline.WhenReadyAsync(cancellationToken);

    public void OnDisconnected(MqttConnection connection, MqttReason reason)
    {
        // A node's will says that it is gone; frames in flight commit all the same.
    }

    private static bool MayWrite(string node, TopicParts parts) => parts.Node == node
        && (parts.Kind is TopicKind.Frame or TopicKind.Sample or TopicKind.Status or TopicKind.Event);
}
