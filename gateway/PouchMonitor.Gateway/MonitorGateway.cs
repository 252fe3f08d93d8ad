using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Api.Door;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Mqtt;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway;

/// <summary>
/// One gateway: opens its store, takes up every channel where it was left, and then listens. Everything is wired here and
/// nowhere else.
/// </summary>
public sealed class MonitorGateway : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly GatewayServices services;
    private readonly StateWriter writer;
    private readonly SamplePipeline pipeline;
    private readonly MqttServer mqtt;
    private readonly WebApplication web;
    private readonly Housekeeper housekeeper;

    private MonitorGateway(
        CancellationTokenSource stop, GatewayServices services, StateWriter writer, SamplePipeline pipeline, MqttServer mqtt,
        WebApplication web, Housekeeper housekeeper)
    {
        this.stop = stop;
        this.services = services;
        this.writer = writer;
        this.pipeline = pipeline;
        this.mqtt = mqtt;
        this.web = web;
        this.housekeeper = housekeeper;
    }

    /// <summary>Where the dashboard and the API are.</summary>
    public string HttpAddress => web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Where dashboard and API are by TLS; null where it is not configured.</summary>
    public string? HttpTlsAddress => services.Options.Http.Tls is null ? null
        : web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(address => address.StartsWith("https:", StringComparison.Ordinal));

    /// <summary>Routes and limits, for the tests that go through all of them.</summary>
    internal WebApplication Web => web;

    internal GatewayServices Services => services;

    /// <summary>
    /// Where the first administrator is made, good for one use and until the gateway ends; a new one each time. Null where there
    /// is an account already, or none is needed.
    /// </summary>
    public string? IssueSetupAddress() => !services.Options.OpenOnLoopback && services.Door!.Setup.Issue() is { } token
        ? $"{HttpAddress}/#/login?setup={token}"
        : null;

    /// <summary>Where nodes connect.</summary>
    public IPEndPoint MqttEndPoint => mqtt.EndPoint;

    /// <summary>Where nodes connect with TLS; null where it is not configured.</summary>
    public IPEndPoint? MqttTlsEndPoint => mqtt.ListenerEndPoints.FirstOrDefault();

    /// <summary>Starts a gateway and returns when it accepts traffic.</summary>
    /// <exception cref="IOException">The data directory is in use or cannot be written, or a port is taken.</exception>
    public static async Task<MonitorGateway> StartAsync(GatewayOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        MqttServerOptions mqttOptions = MqttEndpoints.Options(options);
        HttpListeners.Check(options);
        Directory.CreateDirectory(options.DataDirectory);
        long Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        CancellationTokenSource stop = new();
        InfluxForwarder? forwarder = null;
        FrameJournal journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(options.DataDirectory, "journal")) with
        {
            RetentionAge = options.RetentionAge,
            RetentionBytes = options.RetentionBytes,
            DeliveredPosition = () => options.Influx is null ? long.MaxValue : Volatile.Read(ref forwarder)?.DeliveredPosition ?? 0,
        });
        StateDatabase database = new(Path.Combine(options.DataDirectory, "state.db"));
        NodeDirectory nodes = new(options.ProfileByCell);
        nodes.Restore(database.ReadNodes());
        nodes.Calibrations.Restore(database.ReadNodeCalibrations());
        TestSetup setup = new(nodes, new AssignmentBook(database.ReadAssignments()), new LabProfiles(database, options.Notice));
        nodes.AssignedCell = (node, channel) => setup.Assignments.Now(node, channel)?.Cell;
        Housekeeper housekeeper = new(Now);
        StateWriter writer = new(database, housekeeper.DatabaseHealth);
        nodes.Changed = writer.Add;
        nodes.Calibrations.Added = writer.Add;
        AlarmBook alarms = new(database.ReadAlarms(), transition =>
        {
            writer.Add(transition);
            if (transition.Recording is null)
            {
                housekeeper.Alarm(transition);
            }
        });
        writer.Recorded = housekeeper.Alarm; // what a person did is shown when it is on disk
        GatewayServices services = new()
        {
            Options = options,
            Journal = journal,
            History = new JournalHistory(journal),
            Database = database,
            Access = new AccessFile(options.DataDirectory),
            Alarms = alarms,
            Nodes = nodes,
            Setup = setup,
            BenchOf = setup.BenchOf,
            State = new GatewayState(),
            Stream = new LiveStream(new LiveStreamLimits { Clients = options.StreamClients, Stall = options.StreamStall }),
            Counters = new PipelineCounters(),
            NowMicroseconds = Now,
            Stopping = stop.Token,
            Delivery = new AlarmDelivery(database, options),
        };
        writer.LeftOut = services.Counters.AddFault;
        services.Notices = services.Delivery.Take;
        services.Door = new GatewayDoor(services.Access, database, options.OpenOnLoopback, Now, options.Oidc);
        AlarmWatch watch = new(services, database.ReadIncidentsSince(Now() - AlarmWatch.ToldAgainMicroseconds));
        writer.WriteIncidentsOf(alarms);
        ChannelWorker[] workers = Workers(services, writer, database);
        SamplePipeline pipeline = new(journal, workers, services.Counters, Now);
        services.WorkerOf = pipeline.WorkerOf;
        MessageRouter router = new(services, pipeline);
        MqttServer mqtt = new(mqttOptions, new GatewayMqttHandler(services, pipeline, router));
        mqtt.Open();
        foreach (MqttMessage retained in mqtt.RetainedMessages)
        {
            TopicParts parts = TopicParts.Parse(retained.TopicUtf8);
            if (parts.Kind == TopicKind.Status)
            {
                nodes.TakeKept(parts.Node, retained.Payload);
            }
        }

        ChannelRestore.Run(services, workers, setup.ProfileOf);
        foreach (ChannelWorker worker in workers)
        {
            worker.Start();
        }

        services.Mqtt = mqtt;
        services.Abuse = new AbuseDesk(services, new AbuseBook(services), services.AbuseTaps);
        services.Abuse.Start();
        if (options.ExternalBroker is { } broker)
        {
            services.Broker = new ExternalBroker(broker, options.BrokerLink(broker), pipeline, router, mqtt);
        }

        if (options.Influx is { } influx)
        {
            services.RemoteHistory = new Influx.Remote.RemoteHistory(influx);
            services.Influx = forwarder = new InfluxForwarder(
                journal, options.DataDirectory, influx, options.InfluxWriter(influx), nodes.CellOf, TimeProvider.System, new Random());
        }

        MonitorGateway gateway = new(stop, services, writer, pipeline, mqtt, BuildWeb(services, pipeline, mqtt), housekeeper);
        try
        {
            await StartListening(mqtt, options);
            services.MqttAddress = mqtt.EndPoint.ToString();
            await gateway.web.StartAsync(cancellation);
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        housekeeper.Start(services, mqtt, watch);
        services.Broker?.Start();
        services.Influx?.Start();
        services.Delivery.Start(GatewayHealth.Of(services, writer, housekeeper).Problem);
        return gateway;
    }

    /// <summary>Takes no more, finishes what was taken, stores where it stands, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await housekeeper.DisposeAsync();
        if (services.Broker is { } broker)
        {
            await broker.DisposeAsync();
        }

        if (services.Influx is { } influx)
        {
            await influx.DisposeAsync();
            (services.RemoteHistory as IDisposable)?.Dispose();
        }

        await mqtt.StopAsync();
        services.Abuse?.Stop(); // reads the journal, which the pipeline closes
        await pipeline.DisposeAsync();
        await web.StopAsync();
        await web.DisposeAsync();
        services.Abuse?.Dispose();
        services.Door?.Dispose();
        writer.Dispose();
        await services.Delivery.DisposeAsync();
        services.Database.Dispose();
        stop.Dispose();
    }

    private static async Task StartListening(MqttServer mqtt, GatewayOptions options)
    {
        try
        {
            await mqtt.StartAsync();
        }
        catch (SocketException error)
        {
            string tls = options.MqttTls is { } listener ? $" or mqttTls.port {listener.Port} at {listener.Address}" : string.Empty;
            throw new IOException($"MQTT port {options.MqttPort}{tls}: {error.Message}. Choose another with --mqtt-port.", error);
        }
    }

    private static ChannelWorker[] Workers(GatewayServices services, StateWriter writer, StateDatabase database)
    {
        TestNames names = new(database.ReadTestRecords(), database.ReadBegunTests(), writer.Add);
        TestRun Begin(string node, string channel, TestSegment segment)
        {
            TestSetting setting = services.Setup.At(node, channel, segment);
            BegunTest begun = names.Begin(node, channel, setting.Cell, segment);
            return new TestRun(new TestRecord
            {
                Test = begun.Test,
                Cell = setting.Cell,
                Node = node,
                Channel = channel,
                Profile = setting.ProfileName,
                Ordinal = begun.Ordinal,
                Segments = [segment],
            }, setting.Profile);
        }

        ChannelServices channel = new(services.History, services.Options.ReorderHoldSeconds * 1_000_000L,
            (node, name) => services.Setup.Now(node, name).Profile, Begin)
        {
            CellOf = services.Nodes.CellOf,
            Calibrations = services.Nodes.Calibrations,
        };
        WorkerServices worker = new()
        {
            Channel = channel,
            Alarms = services.Alarms,
            NowMicroseconds = services.NowMicroseconds,
            Publish = services.State.Publish,
            Faulted = services.Counters.AddFault,
            Taps = services.AbuseTaps,
            Store = writer.Add,
        };
        return [.. Enumerable.Range(0, services.Options.AnalysisWorkers).Select(index => new ChannelWorker(index, worker))];
    }

    private static WebApplication BuildWeb(GatewayServices services, SamplePipeline pipeline, MqttServer mqtt)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            WebLimits.Apply(kestrel.Limits);
            kestrel.Limits.MaxConcurrentUpgradedConnections = 1000; // a WebSocket holds some thirty times what a socket does
            HttpListeners.Listen(kestrel, services.Options);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        WebLimits.AddCompression(builder.Services);
        WebApplication web = builder.Build();
        ProxyTrust.Use(web, services.Options.Http);
        web.Use(SecurityHeaders.Invoke);
        WebLimits.Use(web);
        web.Use(new HostGuard(services.Options.Http.Hosts).Invoke);
        if (services.Options.DashboardDirectory is { } dashboard && Directory.Exists(dashboard))
        {
            PhysicalFileProvider files = new(Path.GetFullPath(dashboard));
            web.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            web.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = prepared => WebLimits.SetCaching(prepared.Context) });
        }

        web.UseWebSockets();
        web.UseRouting();
        HttpAccess access = new(services.Door!);
        web.Use((context, next) => access.Invoke(context, next));
        web.Use(Api.OpenApi.ParameterCheck.Invoke);
        MqttWebSocket.Map(web, mqtt);
        new GatewayEndpoints(services).Map(web);
        web.MapGet("/healthz", () => Results.Text("ok\n")).OpenToAll();
        web.MapGet("/readyz", () => services.Journal.IsFailing
            ? Results.Text($"storage: {services.Journal.FailureReason}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n")).OpenToAll();
        web.MapGet("/metrics", () => Results.Text(MetricsText.Write(services, pipeline.WaitingFrames) + MqttMetricsText.Write(mqtt.Snapshot()) + InfluxMetricsText.Write(services.Influx) + DeliveryMetricsText.Write(services.Delivery, services.NowMicroseconds()) + AbuseMetricsText.Write(services.Abuse), "text/plain; version=0.0.4")).AdmitsScope(TokenScopes.Metrics);
        return web;
    }
}
