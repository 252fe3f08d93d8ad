using System.Net;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Links;

namespace PouchMonitor.Gateway;

/// <summary>How one gateway runs. Everything listens on loopback, unless it is told otherwise.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where the journal, the database and the credentials live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Where and for whom dashboard and API listen, besides the port.</summary>
    public GatewayHttpOptions Http { get; init; } = new();

    /// <summary>An OpenID provider whose tokens are let in; null for none.</summary>
    public Access.Oidc.OidcOptions? Oidc { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>Where plain MQTT listens; loopback where <see cref="OpenOnLoopback"/> is set.</summary>
    public IPAddress MqttAddress { get; init; } = IPAddress.Loopback;

    /// <summary>MQTT over TLS; null where there is none.</summary>
    public GatewayTlsOptions? MqttTls { get; init; }

    /// <summary>Told, in one line without secrets, what the operator should look at, such as a certificate file that is no good.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>True runs without accounts and node credentials, for local trials.</summary>
    public bool OpenOnLoopback { get; init; }

    /// <summary>Longest keep-alive granted, seconds; longer ones are answered with this. Null grants what is asked.</summary>
    public int? MaximumKeepAliveSeconds { get; init; }

    /// <summary>Topic filters that nobody may subscribe to.</summary>
    public IReadOnlyList<string> DeniedSubscriptions { get; init; } = [];

    /// <summary>Profile name by cell name.</summary>
    public IReadOnlyDictionary<string, string> ProfileByCell { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A channel in a running test that has sent nothing for this long raises <c>silence</c>.</summary>
    public int SilenceSeconds { get; init; } = 60;

    /// <summary>How alarms are grouped and how soon people are told.</summary>
    public Alarms.AlarmOptions Alarms { get; init; } = new();

    /// <summary>How long a missing frame is waited for before analysis goes on without it, seconds of arrival time.</summary>
    public int ReorderHoldSeconds { get; init; } = 5;

    /// <summary>Frames that arrived longer ago than this are removed; null keeps them.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>Bytes of frames on disk beyond which the oldest are removed; null keeps them.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>Threads that analyse; each channel belongs to one of them.</summary>
    public int AnalysisWorkers { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>A broker that nodes publish to besides this gateway's own endpoint; null for none.</summary>
    public BrokerLinkOptions? ExternalBroker { get; init; }

    /// <summary>Makes the link to it.</summary>
    public Func<BrokerLinkOptions, IBrokerLink> BrokerLink { get; init; } = static options => new ClientBrokerLink(options);

    /// <summary>A time-series server that everything is forwarded to; null for none.</summary>
    public InfluxOptions? Influx { get; init; }

    /// <summary>Makes the writer to it.</summary>
    public Func<InfluxOptions, IInfluxWriter> InfluxWriter { get; init; } = static options =>
        options.Kind == InfluxKind.VictoriaMetrics ? new VictoriaWriter(options, TimeProvider.System) : new HttpInfluxWriter(options, TimeProvider.System);

    /// <summary>Most clients of the live stream at once.</summary>
    public int StreamClients { get; init; } = 1000;

    /// <summary>A client of the live stream that takes nothing for this long is closed.</summary>
    public TimeSpan StreamStall { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How alarms reach people, as far as it is not set in the dashboard.</summary>
    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>Folder of the built dashboard; null where there is none.</summary>
    public string? DashboardDirectory { get; init; }
}
