using System.Reflection;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
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

    public required AlarmBook Alarms { get; init; }

    public required NodeDirectory Nodes { get; init; }

    /// <summary>Answers of nodes, for whoever asked.</summary>
    public NodeMessages NodeMessages { get; } = new();

    public required GatewayState State { get; init; }

    public required LiveStream Stream { get; init; }

    public required PipelineCounters Counters { get; init; }

    /// <summary>Gateway time, Unix microseconds.</summary>
    public required Func<long> NowMicroseconds { get; init; }

    /// <summary>Cancelled when the gateway ends.</summary>
    public required CancellationToken Stopping { get; init; }

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

    /// <summary>Quarantined since the start.</summary>
    public long QuarantinedCount => Counters.Quarantined;
}
