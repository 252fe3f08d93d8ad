using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// An MQTT client that stays connected: it connects again, with growing and jittered waits, whenever the connection ends,
/// takes up its session, sends again what was not acknowledged, and keeps publishes while it is offline, up to a bound.
/// Publishes leave in the order in which they were given. Thread-safe.
/// </summary>
public sealed partial class MqttReconnectingClient : IAsyncDisposable
{
    private readonly MqttReconnectOptions _options;
    private readonly ClientSession _session;
    private readonly PublishQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MqttTopicFilter> _subscriptions = new(StringComparer.Ordinal);
    private TaskCompletionSource<ClientLink> _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;

    /// <summary>Takes messages from the moment it is open, before it is subscribed and online.</summary>
    private volatile ClientLink? _latest;
    private MqttConnectionState _state;
    private string? _lastError;
    private string _clientId;
    private long _connections;
    private long _failedAttempts;
    private long _lostSessions;
    private long _abandoned;
    private bool _isStarted;

    public MqttReconnectingClient(MqttReconnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clientId = options.Client.ClientId;
        _session = new ClientSession(options.Client.MaximumInFlight, outlivesConnections: true);
        _queue = new PublishQueue(options.MaximumWaitingPublishes, options.MaximumWaitingBytes, options.WhenQueueIsFull);
        foreach (MqttTopicFilter filter in options.Subscriptions)
        {
            _subscriptions[filter.Filter] = filter;
        }
    }

    public MqttConnectionState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Begins to connect, and returns at once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted)
            {
                throw new InvalidOperationException("The client was started before.");
            }

            _isStarted = true;
            _work = Task.WhenAll(Task.Run(RunAsync), Task.Run(SendAsync));
        }
    }

    /// <summary>
    /// Publishes one message, now or when the client is next connected. The payload is copied. Completes when it has been
    /// sent (QoS 0) or acknowledged, with the server's reason. Cancelling ends the waiting; once the message is queued it
    /// is sent all the same.
    /// </summary>
    public async Task<MqttReason> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false, CancellationToken cancellationToken = default)
    {
        var waiter = new TaskCompletionSource<MqttReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        var publish = new KeptPublish(MqttClient.CheckedTopic(topic), payload.ToArray(), qos, retain);
        await _queue.AddAsync(new WaitingPublish(publish, waiter), cancellationToken).ConfigureAwait(false);
        return await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Subscribes now, or when next connected, and again whenever the session is lost. Completes with the server's reasons.</summary>
    public Task<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttTopicFilter> filters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        lock (_gate)
        {
            foreach (MqttTopicFilter filter in filters)
            {
                _subscriptions[filter.Filter] = filter;
            }
        }

        return OnlineAsync(link => link.SubscribeAsync(filters, properties: null, cancellationToken), cancellationToken);
    }

    public Task UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        lock (_gate)
        {
            foreach (string filter in filters)
            {
                _subscriptions.Remove(filter);
            }
        }

        return OnlineAsync(
            async link =>
            {
                await link.UnsubscribeAsync(filters, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    public MqttReconnectSnapshot Snapshot()
    {
        int unacknowledged;
        long resent;
        long sentAnew;
        lock (_session.Gate)
        {
            unacknowledged = _session.Pending.Count;
            resent = _session.Resent;
            sentAnew = _session.SentAnew;
        }

        int undecided = _latest?.UndecidedMessages ?? 0;
        lock (_gate)
        {
            return new MqttReconnectSnapshot(
                _state, _lastError, _connections, _failedAttempts, _lostSessions, _queue.Count, unacknowledged, _queue.Refused, resent, sentAnew,
                _abandoned, undecided);
        }
    }

    /// <summary>Drops the present connection without a word, as a failing network would; the client connects again.</summary>
    public void Abort() => Current()?.Abort();

    /// <summary>
    /// Ends the connection in order and stops for good. What is not acknowledged by then fails for its caller and is counted;
    /// who wants none of that waits for the publishes first.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        var stopped = new MqttClientException("The client has been stopped.");
        List<TaskCompletionSource<MqttReason>> waiters = [.. _queue.Close(stopped).Select(left => left.Waiter)];
        lock (_session.Gate)
        {
            waiters.AddRange(_session.Pending.TakeWaiters());
        }

        waiters.ForEach(waiter => waiter.TrySetException(stopped));
        Interlocked.Add(ref _abandoned, waiters.Count);
    }

    private ClientLink? Current()
    {
        lock (_gate)
        {
            return _online.Task.IsCompletedSuccessfully ? _online.Task.Result : null;
        }
    }

    private Task<ClientLink> WhenOnlineAsync()
    {
        lock (_gate)
        {
            return _online.Task;
        }
    }

    /// <summary>Asks over a connection; where it ends before the answer comes, over the next one.</summary>
    private async Task<T> OnlineAsync<T>(Func<ClientLink, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        while (true)
        {
            ClientLink link = await WhenOnlineAsync().WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                return await ask(link).ConfigureAwait(false);
            }
            catch (MqttClientException) when (!link.IsOpen)
            {
                await link.Completion.WaitAsync(both.Token).ConfigureAwait(false);
                GoOffline(link);
            }
        }
    }

    /// <summary>Sends what waits, one after another, as soon as there is a connection with room.</summary>
    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                WaitingPublish next = await _queue.PeekAsync(_stop.Token).ConfigureAwait(false);
                ClientLink link = await WhenOnlineAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
                try
                {
                    await link.SendAsync(next.Publish, next.Waiter, _stop.Token).ConfigureAwait(false);
                    _queue.Remove();
                }
                catch (MqttClientException)
                {
                    GoOffline(link); // the next connection takes it
                }
                catch (ArgumentException exception)
                {
                    _queue.Remove();
                    next.Waiter.TrySetException(exception); // larger than the protocol allows
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client is stopped.
        }
    }
}
