using System.Collections.Concurrent;
using System.Net;
using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Persistence;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// An MQTT 3.1.1 and 5 server endpoint. It keeps sessions, subscriptions and retained messages in memory and, where it is
/// given a place, in a log that outlives it; what a message means, and when it is acknowledged, is the handler's business.
/// </summary>
public sealed partial class MqttServer : IAsyncDisposable
{
    [ThreadStatic]
    private static MqttWriter? _writer;

    /// <summary>Sockets kept for a second after their end; beyond this many they are closed at once.</summary>
    private const int MaximumLingering = 1000;

    private readonly ConcurrentDictionary<long, MqttConnection> _connections = new();
    private readonly ConcurrentQueue<(MqttConnection Connection, long DueMilliseconds)> _lingering = new();
    private readonly long _startTimestamp;
    private ITimer? _sweeper;
    private ITimer? _systemTimer;
    private long _lastNumber;
    private int _connectionCount;
    private int _isStopping;

    public MqttServer(MqttServerOptions options, IMqttServerHandler handler)
    {
        options.Validate();
        Options = options;
        Handler = handler;
        SystemTopics = new SystemTopics(this);
        _startTimestamp = options.TimeProvider.GetTimestamp();
        Log = options.SessionFiles is { } files ? new SessionLog(files, LogOptions()) : null;
        Retained = new RetainedStore(options.MaximumRetainedMessages, options.MaximumRetainedBytes, Log);
        InFlight = new InFlightBudget(options.MaximumInFlightBytes);
        _gate = new ConnectionGate(options);
        _handshakeTurns = new SemaphoreSlim(options.MaximumHandshakes);
        EndPoint = options.EndPoint;
    }

    /// <summary>Where the server listens; with the real port once it has started.</summary>
    public IPEndPoint EndPoint { get; private set; }

    public MqttServerOptions Options { get; }

    internal IMqttServerHandler Handler { get; }

    internal RetainedStore Retained { get; }

    internal SystemTopics SystemTopics { get; }

    /// <summary>Where sessions and retained messages outlive the process; null where they do not.</summary>
    internal SessionLog? Log { get; }

    internal SubscriptionTree<Subscription> Subscriptions { get; } = new();

    internal MqttServerCounters Counters { get; } = new();

    internal InFlightBudget InFlight { get; }

    internal bool HasNoSubscriptions => Subscriptions.Count == 0 && _groupTree.Count == 0;

    /// <summary>Milliseconds since the server was made, by a clock that never steps.</summary>
    internal long NowMilliseconds => (long)Options.TimeProvider.GetElapsedTime(_startTimestamp).TotalMilliseconds;

#pragma warning disable CA1822 // reads as the server's
    internal MqttWriter WriterOfThread => _writer ??= new MqttWriter();
#pragma warning restore CA1822

    /// <summary>Binds, listens and accepts from now on. Throws <see cref="System.Net.Sockets.SocketException"/> where an address is taken.</summary>
    public Task StartAsync()
    {
        Open();
        PublishOwedWills();
        Listen();
        _sweeper = Options.TimeProvider.CreateTimer(static server => ((MqttServer)server!).Sweep(), this, Options.SweepInterval, Options.SweepInterval);
        if (Options.SystemTopicsInterval > TimeSpan.Zero)
        {
            SystemTopics.Publish();
            _systemTimer = Options.TimeProvider.CreateTimer(
                static server => ((MqttServer)server!).SystemTopics.Publish(), this, Options.SystemTopicsInterval, Options.SystemTopicsInterval);
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes no more connections and ends those there are: MQTT 5 clients are told "server shutting down". Waits for their handlers.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) != 0)
        {
            return;
        }

        await StopListeningAsync().ConfigureAwait(false);
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        }

        if (_systemTimer is not null)
        {
            await _systemTimer.DisposeAsync().ConfigureAwait(false);
        }

        var ends = new List<Task>();
        foreach (MqttConnection connection in _connections.Values)
        {
            ends.Add(WaitUntilDetachedAsync(connection));
            connection.Close(MqttReason.ServerShuttingDown);
        }

        await Task.WhenAll(ends).ConfigureAwait(false);
        while (_lingering.TryDequeue(out (MqttConnection Connection, long DueMilliseconds) entry))
        {
            entry.Connection.Dispose();
        }

        Log?.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>
    /// Publishes from the application: to the retained store and to the subscribers that match. Thread-safe; never waits
    /// for a subscriber. False where the message was to be retained and the store is at its bound.
    /// </summary>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">Empty to forget the retained message.</param>
    /// <param name="qos">At most.</param>
    /// <param name="retain">Kept for later subscribers.</param>
    /// <param name="outlives">A retained message is there again after a restart. Not needed for what the application publishes anew at each start.</param>
    public bool Publish(string topic, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, bool outlives = false)
        => Publish(Encoding.UTF8.GetBytes(topic), payload, qos, retain, outlives);

    /// <inheritdoc cref="Publish(string, ReadOnlySpan{byte}, MqttQos, bool, bool)"/>
    public bool Publish(ReadOnlySpan<byte> topicUtf8, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, bool outlives = false)
    {
        if (topicUtf8.IsEmpty || topicUtf8.Length > ushort.MaxValue || TopicRules.HasWildcard(topicUtf8))
        {
            throw new ArgumentException($"The topic '{Encoding.UTF8.GetString(topicUtf8)}' is empty, longer than 65535 bytes, or has a wildcard.", nameof(topicUtf8));
        }

        var message = new PassingMessage { Topic = topicUtf8, Payload = payload, Qos = qos, Retain = retain, IsTransient = !outlives };
        FlushList flush = FlushList.OfThread;
        bool done;
        Log?.Enter();
        try
        {
            done = Route(ref message, PublishRouting.All, publisher: null, flush);
        }
        finally
        {
            Log?.Exit();
        }

        flush.Flush();
        return done;
    }

    /// <summary>The retained messages as they are now, for an application that persists them.</summary>
    public IEnumerable<MqttMessage> RetainedMessages => Retained.All;

    /// <summary>How many sessions are described by <see cref="ListClients"/> at most.</summary>
    public const int MostClientsListed = 1000;

    /// <summary>The sessions there are, those that lost most first, then by name; no more than <see cref="MostClientsListed"/>.</summary>
    public IReadOnlyList<MqttClientInfo> ListClients() =>
    [
        .. _sessions.Values.OrderByDescending(session => session.DroppedMessages)
            .ThenBy(session => session.ClientId, StringComparer.Ordinal).Take(MostClientsListed).Select(session => session.Describe()),
    ];

    public MqttServerSnapshot Snapshot() => Counters.Snapshot(Volatile.Read(ref _connectionCount), _sessions.Count, Subscriptions.Count, Retained) with
    {
        SharedSubscriptions = Volatile.Read(ref _sharedCount),
        LogBytes = Log?.SegmentBytes ?? 0,
        LogCommits = Log?.Commits ?? 0,
        LogFailedWrites = Log?.FailedWrites ?? 0,
        LogProblem = Log?.Problem,
        PendingConnections = _gate.Pending,
        HandshakesUnderWay = Options.MaximumHandshakes - _handshakeTurns.CurrentCount,
        InFlightBytes = InFlight.Bytes,
        CertificateReloadsFailed = Options.Listeners.Sum(static listener => listener.Tls is { } tls ? tls.Certificate.FailedReloads + (tls.ClientAuthorities?.FailedReloads ?? 0) : 0),
    };

    internal void OnHandlerFailure(Exception exception)
    {
        Interlocked.Increment(ref Counters.HandlerFailures);
        Options.HandlerFailed?.Invoke(exception);
    }

    /// <summary>The connection's reader is done. The socket is closed now, or after a while in which the client can read the reason.</summary>
    internal void Forget(MqttConnection connection, bool lingers)
    {
        if (_connections.TryRemove(connection.Number, out _))
        {
            Interlocked.Decrement(ref _connectionCount);
        }

        if (lingers && Volatile.Read(ref _isStopping) == 0 && _lingering.Count < MaximumLingering)
        {
            _lingering.Enqueue((connection, NowMilliseconds + 1000));
        }
        else
        {
            connection.Dispose();
        }
    }
}
