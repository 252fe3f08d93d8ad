using System.Text;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// The node's words about itself as JSON: the retained status, the will that replaces it, and events. Names and labels are
/// checked before they come here, so nothing needs escaping. Events wait in a short queue; when it is full the newest is
/// refused and counted.
/// </summary>
public sealed class NodeReports
{
    /// <summary>Version of these sources.</summary>
    public const string FirmwareVersion = "0.1.0";

    /// <summary>Most characters of a reason.</summary>
    public const int MaximumReason = 240;

    private const int EventLimit = 16;

    private readonly object gate = new object();
    private readonly byte[][] events = new byte[EventLimit][];
    private readonly NodeConfiguration configuration;
    private readonly IClock clock;
    private readonly string bootText;
    private int eventCount;

    public NodeReports(NodeConfiguration configuration, IClock clock, ulong boot)
    {
        this.configuration = configuration;
        this.clock = clock;
        bootText = Hex(boot);
        StatusTopic = TopicNames.Status(configuration.Node);
        StoredTopic = TopicNames.Stored(configuration.Node);
        EventTopic = TopicNames.Event(configuration.Node);
    }

    /// <summary>Name of the node.</summary>
    public string Node => configuration.Node;

    public string StatusTopic { get; }

    public string EventTopic { get; }

    /// <summary>What protection says in the status of a node that is online; null for nothing.</summary>
    public IStatusPart? ProtectionPart { get; set; }

    /// <summary>What is known of the front ends, in the status of a node that is online; null for nothing.</summary>
    public IStatusPart? CalibrationPart { get; set; }

    /// <summary>Which channel is under abuse, in the status of a node that is online; null for nothing.</summary>
    public IStatusPart? AbusePart { get; set; }

    /// <summary>The trigger input, in the status of a node that is online; null for nothing.</summary>
    public IStatusPart? TriggerPart { get; set; }

    /// <summary>How the node is, as part of each online status; null for a node that nobody cares for.</summary>
    public NodeHealth? Health { get; set; }

    /// <summary>Where the gateway says what it has.</summary>
    public string StoredTopic { get; }

    /// <summary>Events refused since boot.</summary>
    public int RefusedEventCount { get; private set; }

    /// <summary>What the broker says for us when we are gone.</summary>
    public string WillText => Status("offline");

    public byte[] OnlineBytes() => Encoding.UTF8.GetBytes(Status("online"));

    public byte[] OfflineBytes() => Encoding.UTF8.GetBytes(Status("offline"));

    /// <summary>Queues an event: its name (of the product's own), the channel it concerns or null, and a number.</summary>
    public void AddEvent(string name, string? channel, long value)
    {
        StringBuilder text = Begin(name, channel);
        text.Append(",\"value\":").Append(value);
        Finish(text);
    }

    /// <summary>Queues an event with a reason in words, which may hold anything.</summary>
    public void AddEvent(string name, long value, string reason)
    {
        StringBuilder text = Begin(name, null);
        text.Append(",\"value\":").Append(value).Append(",\"reason\":");
        JsonWords.AppendText(text, reason, MaximumReason);
        Finish(text);
    }

    /// <summary>
    /// Queues the event of the trigger input: the middle of the time within which its edge came, since boot, and half the length
    /// of that. <paramref name="channel"/> is null where no channel is meant.
    /// </summary>
    public void AddTrigger(string? channel, long atMicroseconds, long uncertaintyMicroseconds)
    {
        StringBuilder text = Begin("trigger", channel);
        text.Append(",\"value\":0,\"uptimeUs\":").Append(atMicroseconds).Append(",\"uncertaintyUs\":").Append(uncertaintyMicroseconds);
        Finish(text);
    }

    /// <summary>Queues an event of a channel's protection, with what it is armed for and why it tripped.</summary>
    public void AddProtectionEvent(string name, ChannelProtection protection)
    {
        StringBuilder text = Begin(name, protection.Channel);
        if (protection.State != ProtectionState.Tripped)
        {
            text.Append(",\"value\":0");
        }

        ProtectionReport.AppendTo(text, protection);
        Finish(text);
    }

    /// <summary>
    /// Queues the answer to a message: which (<paramref name="id"/>), what it was about, whether it was taken, and why not
    /// or what came of it. <paramref name="detail"/> may be empty.
    /// </summary>
    public void AddAnswer(string name, string id, string? command, bool isAccepted, string detail)
    {
        StringBuilder text = Begin(name, null);
        text.Append(",\"value\":0,\"id\":");
        JsonWords.AppendText(text, id, TopicNames.MaximumNameLength);
        if (command != null)
        {
            text.Append(",\"command\":");
            JsonWords.AppendText(text, command, TopicNames.MaximumNameLength);
        }

        text.Append(",\"accepted\":").Append(isAccepted ? "true" : "false");
        if (detail.Length > 0)
        {
            text.Append(isAccepted ? ",\"result\":" : ",\"reason\":");
            JsonWords.AppendText(text, detail, MaximumReason);
        }

        Finish(text);
    }

    private StringBuilder Begin(string name, string? channel)
    {
        var text = new StringBuilder();
        text.Append("{\"event\":\"").Append(name).Append("\",\"boot\":\"").Append(bootText).Append('"');
        if (channel != null)
        {
            text.Append(",\"channel\":\"").Append(channel).Append('"');
        }

        return text;
    }

    private void Finish(StringBuilder text)
    {
        text.Append(",\"uptimeMs\":").Append(clock.UptimeMicroseconds / 1000).Append('}');
        Add(text.ToString());
    }

    private void Add(string text)
    {
        lock (gate)
        {
            if (eventCount == EventLimit)
            {
                RefusedEventCount++;
                return;
            }

            events[eventCount] = Encoding.UTF8.GetBytes(text);
            eventCount++;
        }
    }

    /// <summary>
    /// Queues the event that tells what became of the boot before: its id and anchor, and the samples of each channel when
    /// it ended in order. Without those it was cut off, and what was taken in its last seconds is lost: at most
    /// <see cref="FrameStore.FlushAgeMicroseconds"/> and a stall.
    /// </summary>
    public void AddRestarted(BootRecord record)
    {
        var text = new StringBuilder();
        text.Append("{\"event\":\"restarted\",\"boot\":\"").Append(bootText);
        text.Append("\",\"value\":").Append(record.Number);
        text.Append(",\"uptimeMs\":").Append(clock.UptimeMicroseconds / 1000);
        text.Append(",\"previous\":{\"boot\":\"").Append(Hex(record.PreviousBoot));
        text.Append("\",\"inOrder\":").Append(record.PreviousEndedInOrder ? "true" : "false");
        if (record.PreviousHasAnchor)
        {
            text.Append(",\"anchorUnixUs\":").Append(record.PreviousAnchorUnixMicroseconds);
        }

        if (record.PreviousEndedInOrder)
        {
            text.Append(",\"samples\":[");
            for (int i = 0; i < record.PreviousSampleCounts.Length; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(record.PreviousSampleCounts[i]);
            }

            text.Append(']');
        }

        Add(text.Append("}}").ToString());
    }

    /// <summary>The oldest event, or null.</summary>
    public byte[]? PeekEvent()
    {
        lock (gate)
        {
            return eventCount == 0 ? null : events[0];
        }
    }

    /// <summary>The oldest event was handed over.</summary>
    public void RemoveEvent()
    {
        lock (gate)
        {
            for (int i = 1; i < eventCount; i++)
            {
                events[i - 1] = events[i];
            }

            eventCount--;
        }
    }

    private static string Hex(ulong value)
    {
        const string Digits = "0123456789abcdef";
        char[] text = new char[16];
        for (int i = 15; i >= 0; i--)
        {
            text[i] = Digits[(int)(value & 15)];
            value >>= 4;
        }

        return new string(text);
    }

    private string Status(string state)
    {
        var text = new StringBuilder();
        text.Append("{\"state\":\"").Append(state).Append("\",\"boot\":\"").Append(bootText);
        text.Append("\",\"firmware\":\"").Append(FirmwareVersion).Append("\",\"uptimeMs\":");
        text.Append(clock.UptimeMicroseconds / 1000).Append(",\"channels\":{");
        for (int i = 0; i < configuration.Channels.Length; i++)
        {
            ChannelConfiguration channel = configuration.Channels[i];
            text.Append(i == 0 ? "\"" : ",\"").Append(channel.Name).Append("\":\"").Append(channel.Label).Append('"');
        }

        text.Append('}');
        if (state == "online")
        {
            AbusePart?.AppendTo(text);
            TriggerPart?.AppendTo(text);
            ProtectionPart?.AppendTo(text);
            CalibrationPart?.AppendTo(text);
            Health?.AppendTo(text);
        }

        return text.Append('}').ToString();
    }
}
