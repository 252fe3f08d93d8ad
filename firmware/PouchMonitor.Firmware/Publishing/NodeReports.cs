using System.Text;
using PouchMonitor.Firmware.Calibration;
using PouchMonitor.Firmware.Configuration;
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

    private const int EventLimit = 16;

    private readonly object gate = new object();
    private readonly byte[][] events = new byte[EventLimit][];
    private readonly NodeConfiguration configuration;
    private readonly IClock clock;
    private readonly string bootText;
    private readonly ChannelCalibration?[] calibrations;
    private int eventCount;

    public NodeReports(NodeConfiguration configuration, IClock clock, ulong boot)
    {
        this.configuration = configuration;
        this.clock = clock;
        bootText = Hex(boot);
        calibrations = new ChannelCalibration?[configuration.Channels.Length];
        StatusTopic = TopicNames.Status(configuration.Node);
        StoredTopic = TopicNames.Stored(configuration.Node);
        EventTopic = TopicNames.Event(configuration.Node);
    }

    public string StatusTopic { get; }

    public string EventTopic { get; }

    /// <summary>Where the gateway says what it has.</summary>
    public string StoredTopic { get; }

    /// <summary>True when the status has changed and is to be sent before its time.</summary>
    public bool IsStatusDue { get; set; }

    /// <summary>Takes the calibration of a channel; null for none. Its record goes out with the status.</summary>
    public void SetCalibration(int channelIndex, ChannelCalibration? calibration)
    {
        calibrations[channelIndex] = calibration;
        IsStatusDue = true;
    }

    /// <summary>Events refused since boot.</summary>
    public int RefusedEventCount { get; private set; }

    /// <summary>What the broker says for us when we are gone.</summary>
    public string WillText => Status("offline");

    public byte[] OnlineBytes() => Encoding.UTF8.GetBytes(Status("online"));

    public byte[] OfflineBytes() => Encoding.UTF8.GetBytes(Status("offline"));

    /// <summary>Queues an event: its name (of the product's own), the channel it concerns or null, and a number.</summary>
    public void AddEvent(string name, string? channel, long value)
    {
        var text = new StringBuilder();
        text.Append("{\"event\":\"").Append(name).Append("\",\"boot\":\"").Append(bootText).Append('"');
        if (channel != null)
        {
            text.Append(",\"channel\":\"").Append(channel).Append('"');
        }

        text.Append(",\"value\":").Append(value);
        text.Append(",\"uptimeMs\":").Append(clock.UptimeMicroseconds / 1000).Append('}');
        lock (gate)
        {
            if (eventCount == EventLimit)
            {
                RefusedEventCount++;
                return;
            }

            events[eventCount] = Encoding.UTF8.GetBytes(text.ToString());
            eventCount++;
        }
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

        text.Append("},\"calibrations\":{");
        CalibrationJson.Append(text, configuration.Channels, calibrations);
        return text.Append("}}").ToString();
    }
}
