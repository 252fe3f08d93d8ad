using System.Reflection;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway;

/// <summary>The parts of a running gateway, as its HTTP side sees them.</summary>
internal sealed class GatewayServices
{
    public static string Version { get; } =
        typeof(GatewayServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public required GatewayOptions Options { get; init; }

    public required FrameJournal Journal { get; init; }

    public required IFrameHistory History { get; init; }

    public required StateDatabase Database { get; init; }

    public required AccessFile Access { get; init; }

    /// <summary>Who may use the dashboard and the API; null until it is built.</summary>
    public Api.Door.GatewayDoor? Door { get; set; }

    public required AlarmBook Alarms { get; init; }

    public required NodeDirectory Nodes { get; init; }

    /// <summary>Which cell is on which channel, and with which profile its tests are judged.</summary>
    public required TestSetup Setup { get; init; }

    /// <summary>The worker that owns a channel; null where its node has as many channels as one may have.</summary>
    public Func<string, string, ChannelWorker?> WorkerOf { get; set; } = static (_, _) => null;

    /// <summary>Answers of nodes, for whoever asked.</summary>
    public NodeMessages NodeMessages { get; } = new();

    /// <summary>Abuse tests; null until it is built.</summary>
    public Abuse.AbuseDesk? Abuse { get; set; }

    /// <summary>Hands frames over to the abuse tests.</summary>
    public Abuse.AbuseTaps AbuseTaps { get; } = new();

    public required GatewayState State { get; init; }

    public required LiveStream Stream { get; init; }

    public required PipelineCounters Counters { get; init; }

    /// <summary>Gateway time, Unix microseconds.</summary>
    public required Func<long> NowMicroseconds { get; init; }

    /// <summary>Cancelled when the gateway ends.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>The bench a node belongs to; the node itself unless somebody has said otherwise.</summary>
    public Func<string, string> BenchOf { get; set; } = static node => node;

    /// <summary>Takes what people are to be told of incidents; the same notice may come again after a restart.</summary>
    public Action<AlarmNotice> Notices { get; set; } = static _ => { };

    /// <summary>Where nodes connect, host and port.</summary>
    public string MqttAddress { get; set; } = "";

    /// <summary>The MQTT endpoint, for its figures; null until there is one.</summary>
    public MqttServer? Mqtt { get; set; }

    /// <summary>Null where no external broker is configured.</summary>
    public ExternalBroker? Broker { get; set; }

    /// <summary>Null where nothing is forwarded.</summary>
    public InfluxForwarder? Influx { get; set; }

    /// <summary>Samples that the journal no longer holds; null where nothing is forwarded.</summary>
    public Influx.Remote.IRemoteHistory? RemoteHistory { get; set; }

    /// <summary>What brings alarms to people.</summary>
    public required AlarmDelivery Delivery { get; init; }

    /// <summary>Quarantined since the start.</summary>
    public long QuarantinedCount => Counters.Quarantined;
}
