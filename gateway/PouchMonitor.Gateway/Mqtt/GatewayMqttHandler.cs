using System.Text;
using PouchMonitor.Gateway.Access;
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

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken)
    {
        if (services.Options.OpenOnLoopback)
        {
            request.Identity = new MqttIdentity(null, null);
            return ValueTask.FromResult(MqttReason.Success);
        }

        MqttIdentity? identity;
        try
        {
            identity = Identify(request, out bool showsNothing);
            if (showsNothing)
            {
                request.RefusalText = "A node connects with its name and its token, or with its certificate; see 'pouchmonitor node add'.";
                return ValueTask.FromResult(MqttReason.NotAuthorized);
            }
        }
        catch (Exception error) when (AccessFile.IsUnreadable(error))
        {
            // Nobody comes in while nobody can be judged; the access watch says why in an alarm.
            return ValueTask.FromResult(MqttReason.ServerUnavailable);
        }

        if (identity is not { Node: { } node })
        {
            return ValueTask.FromResult(MqttReason.BadUserNameOrPassword);
        }

        if (request.WillTopic is { } will && !MayWrite(node, TopicParts.Parse(Encoding.UTF8.GetBytes(will))))
        {
            request.RefusalText = $"Node '{node}' may not leave a will on '{will}'.";
            return ValueTask.FromResult(MqttReason.NotAuthorized);
        }

        request.Identity = identity;
        request.IdentityName = node;
        return ValueTask.FromResult(MqttReason.Success);
    }

    public object? RestoreIdentity(string clientId, string? identityName) => services.Options.OpenOnLoopback ? new MqttIdentity(null, null)
        : identityName is { } node && services.Access.Knows(node) ? new MqttIdentity(node, null) : null;

    public void OnConnected(MqttConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (AccessWatch.IsRevoked(services, connection.Session))
        {
            connection.Close(MqttReason.NotAuthorized); // taken away between the judgement and now
        }
    }

    /// <summary>A message that a node has left is read only while the node may write there.</summary>
    public bool MayDeliverRetained(MqttMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Publisher is not { } node || services.Options.OpenOnLoopback
            || (services.Access.Knows(node) && MayWrite(node, TopicParts.Parse(message.TopicUtf8)));
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

        return session.Identity is MqttIdentity identity && (identity.Node is null
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
        if (publish.Session.Identity is not MqttIdentity identity
            || (identity.Node is not null && !MayWrite(identity.Node, topic.Parts))
            || (publish.IsWill && identity.Node is not null && !services.Access.Knows(identity.Node)))
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

    /// <summary>
    /// By the certificate that was shown, unless the CONNECT names another node, which then needs its token. Null where
    /// what was shown is not right.
    /// </summary>
    private MqttIdentity? Identify(MqttConnectRequest request, out bool showsNothing)
    {
        showsNothing = false;
        if (request.ClientCertificateSha256 is { } sha256 && services.Access.NodeOfCertificate(sha256) is { } owner
            && (string.IsNullOrEmpty(request.UserName) || request.UserName == owner))
        {
            return new MqttIdentity(owner, sha256);
        }

        if (request.UserName is not { Length: > 0 } name || request.Password is not { Length: > 0 } token)
        {
            showsNothing = true;
            return null;
        }

        return services.Access.Admit(name, token.Span) is { } credential ? new MqttIdentity(name, credential) : null;
    }

    private static bool MayWrite(string node, TopicParts parts) => parts.Node == node
        && (parts.Kind is TopicKind.Frame or TopicKind.Sample or TopicKind.Status or TopicKind.Event);
}
