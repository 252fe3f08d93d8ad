using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Who is connected and who is remembered.</summary>
public sealed partial class MqttServer
{
    private const uint NeverExpires = uint.MaxValue;

    /// <summary>Guards the binding of connections to sessions. Held for moments only, never while waiting.</summary>
    private readonly Lock _sessionGate = new();
    private readonly ConcurrentDictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>
    /// Sessions whose will is being published, by key; guarded by <see cref="_sessionGate"/>. Whoever comes back under that
    /// name waits: what a node says after its restart must not be followed by what its will said of the time before.
    /// </summary>
    private readonly Dictionary<string, TaskCompletionSource> _leaving = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(MqttSession Session, MqttWill Will)> _heldWills = new();
    private long _lastSessionNumber;

    /// <summary>The longest keep-alive that is granted, in seconds; 0 is none.</summary>
    internal int GrantKeepAlive(ushort wishedSeconds)
        => Options.MaximumKeepAlive is { } maximum && (wishedSeconds == 0 || wishedSeconds > maximum.TotalSeconds) ? (int)maximum.TotalSeconds : wishedSeconds;

    internal uint CapExpiry(uint wishedSeconds) => (uint)Math.Min(wishedSeconds, Math.Min(Options.MaximumSessionExpiry.TotalSeconds, NeverExpires));

    /// <summary>Gives an accepted connection its session, ending the connection that had it before.</summary>
    internal async ValueTask BindAsync(MqttConnection connection, ConnectPacket connect, MqttConnectRequest request)
    {
        while (!connection.IsClosing)
        {
            MqttConnection? former = null;
            TaskCompletionSource? leaving;
            Log?.Enter();
            try
            {
                MqttSession? known = null;
                MqttWill? overdueWill = null;
                lock (_sessionGate)
                {
                    if (!_leaving.TryGetValue(request.SessionKey, out leaving))
                    {
                        former = _sessions.TryGetValue(request.SessionKey, out known) ? known.Connection : null;
                        if (former is null && known?.Will is { } will && connect.CleanStart)
                        {
                            // Its session ends before the delay of its will does.
                            (overdueWill, known.Will) = (will, null);
                            leaving = Leave(known);
                            EndSession(known);
                        }
                        else if (former is null)
                        {
                            Bind(connection, connect, request, known);
                        }
                    }
                }

                OfferAgain();
                if (overdueWill is not null)
                {
                    PublishWill(known!, overdueWill);
                }
            }
            finally
            {
                Log?.Exit();
            }

            if (leaving is not null)
            {
                await leaving.Task.ConfigureAwait(false);
                continue;
            }

            if (former is null)
            {
                return;
            }

            Task gone = WaitUntilDetachedAsync(former);
            former.Close(MqttReason.SessionTakenOver);
            await gone.ConfigureAwait(false);
        }
    }

    /// <summary>The connection no longer serves its session: will, expiry, and the handler's notice.</summary>
    internal void Detach(MqttConnection connection, MqttReason reason)
    {
        Counters.Disconnected(reason);
        try
        {
            Handler.OnDisconnected(connection, reason);
        }
        catch (Exception exception)
        {
            OnHandlerFailure(exception);
        }

        Log?.Enter();
        try
        {
            DetachSession(connection);
        }
        finally
        {
            Log?.Exit();
        }
    }

    private void DetachSession(MqttConnection connection)
    {
        MqttSession session = connection.Session;
        MqttWill? willNow = null;
        lock (_sessionGate)
        {
            session.Detach();
            uint delaySeconds = session.Will?.Properties?.WillDelaySeconds ?? 0;
            long now = NowMilliseconds;
            if (session.Will is { } will && (delaySeconds == 0 || session.ExpirySeconds == 0))
            {
                (willNow, session.Will) = (will, null);
                Leave(session);
            }
            else if (session.Will is not null)
            {
                session.WillAtMilliseconds = now + (delaySeconds * 1000L);
            }

            if (session.ExpirySeconds == 0)
            {
                EndSession(session);
            }
            else
            {
                session.ExpiresAtMilliseconds = ExpiryOf(session, now);
                session.LogDisconnected(UnixMilliseconds);
            }

            connection.IsDetached = true;
            connection.Detached?.SetResult();
        }

        OfferAgain();
        if (willNow is not null)
        {
            PublishWill(session, willNow);
        }
    }

    private Task WaitUntilDetachedAsync(MqttConnection connection)
    {
        lock (_sessionGate)
        {
            if (connection.IsDetached || connection.AwaitsConnect)
            {
                return Task.CompletedTask;
            }

            connection.Detached ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return connection.Detached.Task;
        }
    }

    private void Bind(MqttConnection connection, ConnectPacket connect, MqttConnectRequest request, MqttSession? known)
    {
        bool isPresent = known is not null && !connect.CleanStart;
        if (known is not null && connect.CleanStart)
        {
            EndSession(known);
        }
        else if (known is null && _sessions.Count >= Options.MaximumSessions)
        {
            connection.Refuse(MqttReason.ServerBusy, $"The server holds {Options.MaximumSessions} sessions, its limit.");
            return;
        }

        MqttSession session = isPresent ? known! : new MqttSession(request.ClientId, connect.Version)
        {
            Server = this,
            Number = ++_lastSessionNumber,
            IdentityName = request.IdentityName,
        };
        _sessions[session.Key] = session;
        session.ExpirySeconds = connect.Version == MqttProtocolVersion.V5
            ? CapExpiry(connect.Properties?.SessionExpirySeconds ?? 0)
            : connect.CleanStart ? 0 : CapExpiry(NeverExpires);
        session.ExpiresAtMilliseconds = MqttMessage.Never;
        session.WillAtMilliseconds = MqttMessage.Never;
        session.Will = connect.Will;
        FlushList flush = FlushList.OfThread;
        connection.Adopt(session, connect, request, isPresent, flush);
        flush.Flush();
    }

    /// <summary>To be called under the gate, before <see cref="PublishWill"/> outside of it.</summary>
    private TaskCompletionSource Leave(MqttSession session)
        => _leaving[session.Key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Left(MqttSession session)
    {
        lock (_sessionGate)
        {
            if (_leaving.Remove(session.Key, out TaskCompletionSource? leaving))
            {
                leaving.SetResult();
            }
        }
    }

    private void EndSession(MqttSession session)
    {
        _sessions.TryRemove(new KeyValuePair<string, MqttSession>(session.Key, session));
        session.End(RemoveSubscription);
    }

    private static long ExpiryOf(MqttSession session, long since)
        => session.ExpirySeconds == NeverExpires ? MqttMessage.Never : since + (session.ExpirySeconds * 1000L);

    private void PublishWill(MqttSession session, MqttWill will)
    {
        bool isTold = true; // also where it fails: its client must not be kept out for that
        try
        {
            isTold = OfferWill(session, will);
        }
        finally
        {
            if (isTold)
            {
                Left(session);
            }
        }

        if (!isTold)
        {
            // Should the process end before, the will is lost: what it waits for is told by the application alone.
            _heldWills.Enqueue((session, will)); // offered again by the sweep; at most one for each session
        }
    }

    /// <summary>False where the application cannot take it now.</summary>
    private bool OfferWill(MqttSession session, MqttWill will)
    {
        byte[] topic = Encoding.UTF8.GetBytes(will.Topic);
        var writer = WriterOfThread;
        byte[] properties = [];
        if (will.Properties is not null)
        {
            properties = will.Properties.ToForwardedBytes(writer);
        }

        PublishOutcome outcome;
        try
        {
            outcome = SystemTopics.IsReserved(topic) ? PublishOutcome.Refuse(MqttReason.NotAuthorized) : Handler.OnPublish(new MqttInboundPublish
            {
                TopicUtf8 = topic,
                Payload = will.Payload,
                Properties = properties,
                Qos = will.Qos,
                Retain = will.Retain,
                IsWill = true,
                Session = session,
            });
        }
        catch (Exception exception)
        {
            OnHandlerFailure(exception);
            return true;
        }

        if (outcome.Verdict == PublishVerdict.Busy)
        {
            return false;
        }

        if (outcome.Verdict == PublishVerdict.Refuse)
        {
            Counters.PublishRefused(outcome.Reason);
            return true;
        }

        var message = new PassingMessage
        {
            Topic = topic,
            Payload = will.Payload,
            Properties = properties,
            Qos = will.Qos,
            Retain = will.Retain,
            Publisher = session.IdentityName,
            ExpiresAtMilliseconds = will.Properties?.MessageExpirySeconds is { } seconds ? NowMilliseconds + (seconds * 1000L) : MqttMessage.Never,
        };
        FlushList flush = FlushList.OfThread;
        Route(ref message, outcome.Routing, session, flush);
        flush.Flush();
        return true;
    }
}
