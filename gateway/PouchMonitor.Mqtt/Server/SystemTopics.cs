using System.Globalization;
using System.Reflection;
using System.Text;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// The server's figures as retained messages under <c>$SYS/broker/</c>, with the names that mosquitto made usual; only what
/// changed is sent. They lie apart from the clients' retained messages: they take no room of theirs and are not worth
/// keeping over a restart. Clients can never publish there.
/// </summary>
internal sealed class SystemTopics(MqttServer server)
{
    private const string Root = "$SYS/broker/";
    private static readonly string Version = "PouchMonitor.Mqtt " +
        (typeof(SystemTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private int _isPublishing;

    /// <summary>Bounded by the names below: a few dozen, and one for each reason and fault there is.</summary>
    public RetainedStore Retained { get; } = new(maximumMessages: 1000, maximumBytes: 256 * 1024, log: null);

    /// <summary>True for topics that belong to the server alone.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> topicUtf8) => topicUtf8.StartsWith("$SYS"u8) && (topicUtf8.Length == 4 || topicUtf8[4] == (byte)'/');

    /// <summary>Publishes what has changed since the last time. A call while another is at work does nothing.</summary>
    public void Publish()
    {
        if (Interlocked.Exchange(ref _isPublishing, 1) != 0)
        {
            return;
        }

        try
        {
            FlushList flush = FlushList.OfThread;
            foreach ((string name, string value) in Figures())
            {
                if (_said.GetValueOrDefault(name) != value)
                {
                    _said[name] = value;
                    Publish(name, value, flush);
                }
            }

            flush.Flush();
        }
        finally
        {
            Volatile.Write(ref _isPublishing, 0);
        }
    }

    private void Publish(string name, string value, FlushList flush)
    {
        var message = new PassingMessage
        {
            Topic = Encoding.UTF8.GetBytes(Root + name),
            Payload = Encoding.UTF8.GetBytes(value),
            Qos = MqttQos.AtMostOnce,
            Retain = true,
            ExpiresAtMilliseconds = MqttMessage.Never,
        };
        Retained.TrySet(ref message);
        server.Route(ref message, PublishRouting.Subscribers, publisher: null, flush);
    }

    private IEnumerable<(string Name, string Value)> Figures()
    {
        MqttServerSnapshot now = server.Snapshot();
        yield return ("version", Version);
        yield return ("uptime", string.Create(CultureInfo.InvariantCulture, $"{server.NowMilliseconds / 1000} seconds"));
        (string Name, long Value)[] figures =
        [
            ("clients/connected", now.Connections),
            ("clients/disconnected", Math.Max(0, now.Sessions - now.Connections)),
            ("clients/total", Math.Max(now.Sessions, now.Connections)),
            ("clients/refused", now.ConnectsRefused.Values.Sum() + now.ConnectionsOverLimit),

            // Publishes alone: packets that carry no message are not counted.
            ("messages/received", now.MessagesReceived),
            ("messages/sent", now.MessagesSent),
            ("publish/messages/received", now.MessagesReceived),
            ("publish/messages/sent", now.MessagesSent),
            ("publish/messages/dropped", now.Drops.Values.Sum()),
            ("publish/messages/refused", now.PublishesRefused.Values.Sum()),
            ("bytes/received", now.BytesReceived),
            ("bytes/sent", now.BytesSent),
            ("subscriptions/count", now.Subscriptions),
            ("shared_subscriptions/count", now.SharedSubscriptions),
            ("retained messages/count", now.RetainedMessages),
            ("retained messages/bytes", now.RetainedBytes),
            ("faults", now.Faults.Values.Sum()),
            ("failures", now.HandlerFailures),
        ];
        foreach ((string name, long value) in figures)
        {
            yield return (name, Text(value));
        }

        foreach (MqttDropReason reason in Enum.GetValues<MqttDropReason>())
        {
            yield return ($"publish/messages/dropped/{reason}", Text(now.Drops.GetValueOrDefault(reason)));
        }

        foreach ((MqttReason reason, long count) in now.ConnectsRefused)
        {
            yield return ($"clients/refused/{reason}", Text(count));
        }

        foreach ((MqttFault fault, long count) in now.Faults)
        {
            yield return ($"faults/{fault}", Text(count));
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
