using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>Connecting, again and again.</summary>
public sealed partial class MqttReconnectingClient
{
    private TimeProvider Time => _options.Client.TimeProvider;

    private async Task RunAsync()
    {
        var backOff = new BackOff(_options.FirstDelay, _options.LongestDelay, _options.Random);
        while (!_stop.IsCancellationRequested)
        {
            string error;
            try
            {
                Tell(MqttConnectionState.Connecting);
                long since = Time.GetTimestamp();
                error = await ConnectAndStayAsync().ConfigureAwait(false);
                if (Time.GetElapsedTime(since) >= _options.StableAfter)
                {
                    backOff.Reset();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Whatever goes wrong, the client goes on trying and says why; stopping in silence would be worse.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref _failedAttempts);
                error = exception.Message;
            }

            if (_stop.IsCancellationRequested)
            {
                break;
            }

            TimeSpan wait = backOff.Next();
            Tell(MqttConnectionState.Waiting, sessionPresent: false, error, wait);
            try
            {
                await Task.Delay(wait, Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        Tell(MqttConnectionState.Stopped);
    }

    /// <summary>One connection from its beginning to its end; gives the reason of the end.</summary>
    private async Task<string> ConnectAndStayAsync()
    {
        bool cleanStart = _options.Client.CleanStart && (_connections == 0 || !SessionOutlivesConnections);
        (ClientLink link, ConnectAcknowledgePacket answer) = await ClientConnector.ConnectAsync(
            _options.Client, _clientId, cleanStart, _session, static (_, _) => { }, _stop.Token).ConfigureAwait(false);
        _latest = link;
        try
        {
            _clientId = answer.Properties?.AssignedClientIdentifier ?? _clientId;
            if (Interlocked.Increment(ref _connections) > 1 && !answer.SessionPresent)
            {
                Interlocked.Increment(ref _lostSessions);
            }

            string? refused = await SubscribeAgainAsync(link, answer.SessionPresent).ConfigureAwait(false);
            lock (_gate)
            {
                _online.TrySetResult(link);
            }

            Tell(MqttConnectionState.Connected, answer.SessionPresent, refused, TimeSpan.Zero);
            await link.Completion.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            GoOffline(link);
            await link.DisconnectAsync(MqttReason.Success).ConfigureAwait(false);
            throw;
        }
        finally
        {
            GoOffline(link);
            if (link.IsOpen)
            {
                link.Abort();
            }

            // Nothing of this connection may touch the session once the next one has taken it up.
            await link.Completion.ConfigureAwait(false);
        }

        return link.EndException?.Message ?? $"The connection ended with {link.EndReason}.";
    }

    private bool SessionOutlivesConnections => _options.Client.Version == MqttProtocolVersion.V311
        ? !_options.Client.CleanStart
        : _options.Client.SessionExpirySeconds > 0;

    /// <summary>
    /// Subscribes where the server does not know. It is asked once in each life of this client even so, since a session of
    /// an earlier run may lack what this one wants. Gives what was refused.
    /// </summary>
    private async Task<string?> SubscribeAgainAsync(ClientLink link, bool isSessionPresent)
    {
        List<MqttTopicFilter> filters;
        lock (_gate)
        {
            filters = isSessionPresent && _connections > 1 ? [] : [.. _subscriptions.Values];
        }

        if (filters.Count == 0)
        {
            return null;
        }

        IReadOnlyList<MqttReason> reasons = await link.SubscribeAsync(filters, properties: null, _stop.Token).ConfigureAwait(false);
        IEnumerable<string> refused = filters.Zip(reasons).Where(pair => pair.Second.IsFailure())
            .Select(pair => $"the subscription to '{pair.First.Filter}' was refused with {pair.Second} (0x{(byte)pair.Second:X2})");
        string all = string.Join("; ", refused);
        return all.Length == 0 ? null : $"{_options.Client.Host}:{_options.Client.Port}: {all}.";
    }

    private void GoOffline(ClientLink link)
    {
        lock (_gate)
        {
            if (_online.Task.IsCompletedSuccessfully && ReferenceEquals(_online.Task.Result, link))
            {
                _online = new TaskCompletionSource<ClientLink>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Tell(MqttConnectionState state, bool sessionPresent = false, string? error = null, TimeSpan retryAfter = default)
    {
        lock (_gate)
        {
            _state = state;
            _lastError = error ?? _lastError;
        }

        try
        {
            _options.StateChanged?.Invoke(new MqttStateChange(state, sessionPresent, error, retryAfter));
        }
#pragma warning disable CA1031 // A listener that fails must not end the connection that it listens to.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _lastError = $"A listener to changes of state failed: {exception.Message}";
            }
        }
    }
}
