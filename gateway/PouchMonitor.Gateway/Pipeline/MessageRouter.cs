using PouchMonitor.Gateway.Mqtt;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>Where a message goes by its topic, whether it came to the gateway's own endpoint or from an external broker.</summary>
internal sealed class MessageRouter(GatewayServices services, SamplePipeline pipeline)
{
    private const int LargestStatusBytes = 16 * 1024;

    /// <summary>Takes a message of a publisher that may write to its topic.</summary>
    public MessageVerdict Take(PublisherTopics.Entry topic, in IncomingMessage message) => topic.Parts.Kind switch
    {
        TopicKind.Frame or TopicKind.Sample when topic.Channel is null => pipeline.TakeUnknown(topic.Topic, ChannelAdmission.Reason, in message),
        TopicKind.Frame => pipeline.TakeFrame(topic.Channel!, in message),
        TopicKind.Sample => pipeline.TakeJson(topic.Channel!, in message),
        TopicKind.Status => TakeStatus(topic, in message),
        TopicKind.Event => TakeEvent(topic, in message),

        // Only the gateway speaks there.
        TopicKind.Stored or TopicKind.Alarm => MessageVerdict.Refuse,
        _ => MessageVerdict.Acknowledge,
    };

    private MessageVerdict TakeEvent(PublisherTopics.Entry topic, in IncomingMessage message)
    {
        services.NodeMessages.Take(topic.Parts.Node, message.Payload);
        services.Abuse?.TakeEdgeOf(topic.Parts.Node, message.Payload);
        return MessageVerdict.Acknowledge;
    }

    private MessageVerdict TakeStatus(PublisherTopics.Entry topic, in IncomingMessage message)
    {
        string? problem = message.Payload.Length > LargestStatusBytes
            ? $"a status of {message.Payload.Length} bytes, at most {LargestStatusBytes}"
            : services.Nodes.Take(topic.Parts.Node, message.Payload, services.NowMicroseconds());
        if (problem is not null)
        {
            if (message.Payload.Length > 0)
            {
                return pipeline.TakeUnknown(topic.Topic, "Status: " + problem, in message);
            }

            // An empty status clears the retained one.
            return MessageVerdict.Acknowledge;
        }

        services.Abuse?.TakeEdgeOf(topic.Parts.Node, message.Payload);
        return MessageVerdict.Acknowledge;
    }
}
