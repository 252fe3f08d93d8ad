using System.Text;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>What a topic under <c>pouch/v1/</c> is for.</summary>
public enum TopicKind
{
    Other = 0,
    Frame,
    Sample,
    Status,
    Event,
    Config,
    Command,
    Stored,
    Alarm,
}

/// <summary>A topic taken apart.</summary>
public sealed record TopicParts(TopicKind Kind, string Node, string Channel)
{
    public static readonly TopicParts Other = new(TopicKind.Other, "", "");

    /// <summary>Takes a topic apart; what is not of the contract is <see cref="TopicKind.Other"/>.</summary>
    public static TopicParts Parse(ReadOnlySpan<byte> topicUtf8)
    {
        if (topicUtf8.Length > 256)
        {
            return Other;
        }

        string topic = Encoding.UTF8.GetString(topicUtf8);
        if (!topic.StartsWith(TopicNames.Root, StringComparison.Ordinal))
        {
            return Other;
        }

        string[] parts = topic[TopicNames.Root.Length..].Split('/');
        if (parts[0] == "alarm")
        {
            return parts.Length == 3 ? new TopicParts(TopicKind.Alarm, "", "") : Other;
        }

        if (!TopicNames.IsNodeName(parts[0]))
        {
            return Other;
        }

        return parts.Length switch
        {
            3 when TopicNames.IsName(parts[1]) && parts[2] == "frame" => new TopicParts(TopicKind.Frame, parts[0], parts[1]),
            3 when TopicNames.IsName(parts[1]) && parts[2] == "sample" => new TopicParts(TopicKind.Sample, parts[0], parts[1]),
            2 => parts[1] switch
            {
                "status" => new TopicParts(TopicKind.Status, parts[0], ""),
                "event" => new TopicParts(TopicKind.Event, parts[0], ""),
                "config" => new TopicParts(TopicKind.Config, parts[0], ""),
                "command" => new TopicParts(TopicKind.Command, parts[0], ""),
                "stored" => new TopicParts(TopicKind.Stored, parts[0], ""),
                _ => Other,
            },
            _ => Other,
        };
    }
}
