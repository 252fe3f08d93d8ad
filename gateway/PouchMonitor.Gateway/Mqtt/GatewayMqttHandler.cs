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
/// node writes only its own frame, sample, status and event topics and reads only its own config, command and stored; a
/// token that may read reads the alarms and writes nothing.
/// </summary>
internal sealed class GatewayMqttHandler(GatewayServices services, SamplePipeline pipeline, MessageRouter router) : IMqttServerHandler
{
    private static readonly byte[] TokenPrefixUtf8 = Encoding.UTF8.GetBytes(AccessFile.TokenPrefix);

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken)
    {
        if (services.Options.OpenOnLoopback)
        {
            request.Identity = new MqttIdentity.Anyone();
            return ValueTask.FromResult(MqttReason.Success);
        }

        MqttIdentity? identity;
        try
        {
            identity = Identify(request, out bool showsNothing);
            if (showsNothing)
            {
                request.RefusalText = "A node connects with its name and its token, or with its certificate; see 'pouchmonitor node add'. A program reads alarms with a token as its password; see 'pouchmonitor token add'.";
                return ValueTask.FromResult(MqttReason.NotAuthorized);
            }
        }
        catch (Exception error) when (AccessFile.IsUnreadable(error))
        {
            // Nobody comes in while nobody can be judged; the access watch says why in an alarm.
            return ValueTask.FromResult(MqttReason.ServerUnavailable);
        }

        if (identity is null)
        {
            return ValueTask.FromResult(MqttReason.BadUserNameOrPassword);
        }

        string name = identity is MqttIdentity.AlarmReader reader ? reader.SessionName : ((MqttIdentity.Node)identity).Name;
        if (request.WillTopic is { } will && !MayWrite(identity, TopicParts.Parse(Encoding.UTF8.GetBytes(will))))
        {
            request.RefusalText = identity is MqttIdentity.Node ? $"Node '{name}' may not leave a will on '{will}'." : "A token reads the alarms and may not leave a will.";
            return ValueTask.FromResult(MqttReason.NotAuthorized);
        }

        request.Identity = identity;
        request.IdentityName = name;
        return ValueTask.FromResult(MqttReason.Success);
    }

    public object? RestoreIdentity(string clientId, string? identityName)
    {
        if (services.Options.OpenOnLoopback)
        {
            return new MqttIdentity.Anyone();
        }

        return identityName is null ? null
            : MqttIdentity.AlarmReader.OfSession(identityName) is { } reader ? (services.Access.KnowsToken(reader.TokenId, services.NowMicroseconds()) ? reader : null)
            : services.Access.Knows(identityName) ? new MqttIdentity.Node(identityName, null)
            : null;
    }

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
            || (services.Access.Knows(node) && MayWrite(new MqttIdentity.Node(node, null), TopicParts.Parse(message.TopicUtf8)));
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

        return session.Identity switch
        {
            MqttIdentity.Anyone => true,
            MqttIdentity.Node { Name: var node } => filter == TopicNames.Config(node) || filter == TopicNames.Command(node) || filter == TopicNames.Stored(node),
            MqttIdentity.AlarmReader => filter.StartsWith(TopicNames.AlarmRoot, StringComparison.Ordinal),
            _ => false,
        };
    }

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        PublisherTopics topics = publish.Connection is { } connection
            ? (PublisherTopics)(connection.State ??= new PublisherTopics(pipeline.WorkerOf))
            : new PublisherTopics(pipeline.WorkerOf);
        PublisherTopics.Entry topic = topics.Get(publish.TopicUtf8);
        if (publish.Session.Identity is not MqttIdentity identity || !MayWrite(identity, topic.Parts)
            || (publish.IsWill && identity is MqttIdentity.Node { Name: var node } && !services.Access.Knows(node)))
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
    /// By the certificate that was shown, unless the CONNECT names another node, which then needs its token. A password that
    /// is a token of the gateway is a reader's, whatever the user name. Null where what was shown is not right.
    /// </summary>
    private MqttIdentity? Identify(MqttConnectRequest request, out bool showsNothing)
    {
        showsNothing = false;
        if (request.ClientCertificateSha256 is { } sha256 && services.Access.NodeOfCertificate(sha256) is { } owner
            && (string.IsNullOrEmpty(request.UserName) || request.UserName == owner))
        {
            return new MqttIdentity.Node(owner, sha256);
        }

        if (request.UserName is not { Length: > 0 } name || request.Password is not { Length: > 0 } password)
        {
            showsNothing = true;
            return null;
        }

        if (password.Span.StartsWith(TokenPrefixUtf8))
        {
            return services.Door!.FindToken(Encoding.UTF8.GetString(password.Span)) is { Role: not null } token ? new MqttIdentity.AlarmReader(token.Id) : null;
        }

        return services.Access.Admit(name, password.Span) is { } credential ? new MqttIdentity.Node(name, credential) : null;
    }

    private static bool MayWrite(MqttIdentity identity, TopicParts parts) => identity switch
    {
        MqttIdentity.Anyone => true,
        MqttIdentity.Node node => parts.Node == node.Name && (parts.Kind is TopicKind.Frame or TopicKind.Sample or TopicKind.Status or TopicKind.Event),
        _ => false,
    };
}
