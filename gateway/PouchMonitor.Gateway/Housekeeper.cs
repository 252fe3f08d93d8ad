using System.Threading.Channels;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Mqtt;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway;

/// <summary>
/// What the gateway does by itself: sends alarms as they change, cells and <c>stored</c> five times a second where something
/// changed, and looks at its own rules once a second.
/// </summary>
internal sealed class Housekeeper(Func<long> nowMicroseconds) : IAsyncDisposable
{
    private const int TicksPerSecond = 5;
    private const int BeatSeconds = 5;
    private readonly Channel<AlarmTransition> alarms = Channel.CreateUnbounded<AlarmTransition>();
    private readonly Dictionary<(string Node, string Channel), long> shown = [];
    private readonly Dictionary<string, byte[]> storedSaid = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private volatile string? databaseProblem;
    private Task work = Task.CompletedTask;
    private long lastTurnMicroseconds = nowMicroseconds();

    /// <summary>When it last looked at its rules, gateway time; a watchdog wants to know.</summary>
    public long LastTurnMicroseconds => Interlocked.Read(ref lastTurnMicroseconds);

    /// <summary>Why the database cannot be written; null while it can.</summary>
    public string? DatabaseProblem => databaseProblem;

    /// <summary>Takes a transition to send; called under the lock of the alarm book.</summary>
    public void Alarm(AlarmTransition transition) => alarms.Writer.TryWrite(transition);

    /// <summary>Takes what the state writer says of the database.</summary>
    public void DatabaseHealth(string? problem) => databaseProblem = problem;

    public void Start(GatewayServices services, MqttServer mqtt, AlarmWatch watch)
    {
        foreach ((string cell, string rule) in services.Alarms.List().Select(alarm => (alarm.Cell, alarm.Rule)).Distinct())
        {
            Publish(services, mqtt, services.Alarms.Current(cell, rule)!);
        }

        work = Task.WhenAll(
            Task.Run(() => SendAlarms(services, mqtt)),
            Task.Run(() => watch.Run(nowMicroseconds, stop.Token)),
            Task.Run(() => Tick(services, mqtt)));
    }

    public async ValueTask DisposeAsync()
    {
        alarms.Writer.TryComplete();
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private async Task SendAlarms(GatewayServices services, MqttServer mqtt)
    {
        await foreach (AlarmTransition transition in alarms.Reader.ReadAllAsync())
        {
            string which = $"alarm '{transition.To.Rule}' of cell '{transition.To.Cell}'";

            // As it is now: what waited for the disk must not speak over what came after it.
            services.Counters.Guard(() => services.Stream.Send("alarm", AlarmJson.ToBytes(services.Alarms.Now(transition.To))), $"Showing {which}");

            // The topic belongs to the cell: an older test that is judged again must not speak over the running one.
            services.Counters.Guard(
                () => Publish(services, mqtt, services.Alarms.Current(transition.To.Cell, transition.To.Rule) ?? transition.To), $"Publishing {which}");
        }
    }

    private async Task Tick(GatewayServices services, MqttServer mqtt)
    {
        AccessWatch access = new(services, mqtt);
        GatewayRules rules = new(services.Alarms, services.State, services.Counters, services.Options.SilenceSeconds, nowMicroseconds());
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        long ticks = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (ticks % (TicksPerSecond * BeatSeconds) == 0)
                {
                    services.Stream.Beat();
                }

                services.Counters.Guard(access.Look, "A look at who may stay connected");
                services.Counters.Guard(
                    () =>
                    {
                        SendCells(services);
                        SendStored(services, mqtt);
                    },
                    "Sending cells or 'stored'");
                if (ticks++ % TicksPerSecond == 0 && services.Counters.Guard(() => LookAtRules(services, mqtt, rules), "A look at the gateway's own rules"))
                {
                    // Only where all of it was looked at: a watchdog is to hear of anything else.
                    Interlocked.Exchange(ref lastTurnMicroseconds, nowMicroseconds());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends: a last word on what is stored.
            SendStored(services, mqtt);
        }
    }

    private void LookAtRules(GatewayServices services, MqttServer mqtt, GatewayRules rules)
    {
        string? problem = (services.Journal.FailureReason ?? databaseProblem) is { } unstored ? "Frames are not acknowledged: " + unstored
            : mqtt.Snapshot().LogProblem is { } unkept ? "Kept MQTT sessions and retained messages are not acknowledged: " + unkept
            : services.Counters.Fault;
        rules.Look(problem, nowMicroseconds());
        rules.ForwarderLag(services.Influx, nowMicroseconds());
        ProtectionAlarms.Look(services.Alarms, services.Nodes, nowMicroseconds());
        rules.NodeBacklog(services.Nodes.Nodes, nowMicroseconds());
        DeliveryAlarms.Look(services.Alarms, services.Delivery.Outbox, nowMicroseconds());
    }

    private void SendCells(GatewayServices services)
    {
        List<ChannelView> changed = [];
        foreach (ChannelView view in services.State.Channels)
        {
            if (shown.GetValueOrDefault((view.Node, view.Channel)) != view.Version)
            {
                shown[(view.Node, view.Channel)] = view.Version;
                changed.Add(view);
            }
        }

        if (changed.Count == 0)
        {
            return;
        }

        if (!services.Stream.WantsCells)
        {
            services.Stream.SkipCells();
            return;
        }

        foreach (ChannelView[] part in changed.Chunk(LiveStream.ChannelsPerEvent))
        {
            services.Stream.AddCells(part, JsonBytes.Write(writer => GatewayEndpoints.WriteCells(writer, services, part, withTrend: false)));
        }

        services.Stream.Wake();
    }

    private void SendStored(GatewayServices services, MqttServer mqtt)
    {
        foreach (IGrouping<string, ChannelView> node in services.State.Channels.GroupBy(view => view.Node, StringComparer.Ordinal))
        {
            byte[] payload = Stored(services, node);
            if (!storedSaid.TryGetValue(node.Key, out byte[]? said) || !said.AsSpan().SequenceEqual(payload))
            {
                storedSaid[node.Key] = payload;
                Say(services, mqtt, TopicNames.Stored(node.Key), payload);
            }
        }
    }

    // The boot of the newest frame, and for each channel what is stored and analysed of that boot; then the same of the other
    // boots that frames came from last, for a node that sends what an earlier boot has left and waits for this word.
    private static byte[] Stored(GatewayServices services, IEnumerable<ChannelView> channels)
    {
        List<ChannelView> views = [.. channels.Where(view => view.Boots.Count > 0)];
        ulong boot = views.MaxBy(view => view.ReceivedMicroseconds)?.Boots[0].Boot ?? 0;
        return JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("boot", boot.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
            WriteBoot(writer, "channels", services, views, boot);
            writer.WriteStartObject("boots");
            foreach (ulong other in views.SelectMany(view => view.Boots).Select(progress => progress.Boot).Distinct().Where(other => other != boot))
            {
                WriteBoot(writer, other.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), services, views, other);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static void WriteBoot(
        System.Text.Json.Utf8JsonWriter writer, string name, GatewayServices services, List<ChannelView> views, ulong boot)
    {
        writer.WriteStartObject(name);
        foreach (ChannelView view in views)
        {
            foreach (BootProgress progress in view.Boots.Where(progress => progress.Boot == boot))
            {
                writer.WriteStartObject(view.Channel);
                writer.WriteNumber("committed", services.Journal.CommittedBelow(
                    new StreamId(view.Node, view.Channel, boot, FrameKind.Samples)));
                writer.WriteNumber("analysed", progress.AnalysedBelow);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static void Publish(GatewayServices services, MqttServer mqtt, Alarm alarm) =>
        Say(services, mqtt, TopicNames.Alarm(alarm.Cell, alarm.Rule), AlarmJson.ToBytes(alarm));

    // On the own endpoint, and on the external broker where there is one.
    private static void Say(GatewayServices services, MqttServer mqtt, string topic, byte[] payload)
    {
        mqtt.Publish(topic, payload, MqttQos.AtLeastOnce, retain: true);
        services.Broker?.Say(topic, payload);
    }
}
