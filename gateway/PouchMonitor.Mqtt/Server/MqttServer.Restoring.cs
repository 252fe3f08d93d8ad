using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What a former process left: sessions, messages on their way, retained messages, and wills it owed.</summary>
public sealed partial class MqttServer
{
    /// <summary>Sessions are appended anew in steps of this many bytes, so that what clients do meanwhile does not wait behind all of them.</summary>
    private const int RewriteStepBytes = 4 * 1024 * 1024;

    private long UnixMilliseconds => Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private SessionLogOptions LogOptions() => new(
        milliseconds => milliseconds == MqttMessage.Never ? 0 : UnixMilliseconds + (milliseconds - NowMilliseconds),
        unix => unix == 0 ? MqttMessage.Never : NowMilliseconds + (unix - UnixMilliseconds))
    {
        SmallestSegmentBytes = Options.SessionSegmentBytes,
        StopPatience = Options.SessionStopPatience,
    };

    private readonly List<MqttSession> _owingWills = [];
    private bool _isOpen;

    /// <summary>
    /// Takes up what a former process left, before the first client can connect. <see cref="StartAsync"/> does it too; an
    /// application that wants to see the retained messages first calls it before.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A newer version wrote it.</exception>
    public void Open()
    {
        if (Log is null || _isOpen)
        {
            return;
        }

        _isOpen = true;
        StoredState state = Log.Open(RewriteAsync);
        foreach (string problem in state.Problems)
        {
            Options.SessionsDamaged?.Invoke(problem);
        }

        foreach (long number in state.Retained.Values)
        {
            if (state.MessageOf(number) is { } message && !message.IsExpired(NowMilliseconds))
            {
                Retained.Restore(message);
            }
        }

        _lastSessionNumber = state.LastSession;
        var restored = new List<(MqttSession Session, StoredSession Stored)>();
        foreach (StoredSession stored in state.Sessions.Values)
        {
            MqttSession session = Take(stored);
            restored.Add((session, stored));
            if (session.Will is not null && session.WillAtMilliseconds <= NowMilliseconds)
            {
                _owingWills.Add(session);
            }
        }

        foreach ((MqttSession session, StoredSession stored) in restored)
        {
            session.RestoreOutgoing(stored, state.MessageOf, filter => _groups.GetValueOrDefault(filter));
        }

        Log.Start();
    }

    private void PublishOwedWills()
    {
        _owingWills.ForEach(PublishOwedWill);
        _owingWills.Clear();
    }

    private MqttSession Take(StoredSession stored)
    {
        SessionHeader header = stored.Header;
        var session = new MqttSession(header.ClientId, header.Version)
        {
            Server = this,
            Number = header.Number,
            IdentityName = header.IdentityName,
            Identity = Handler.RestoreIdentity(header.ClientId, header.IdentityName),
        };
        session.Restore(stored, UnixMilliseconds, AddSubscription);

        // A connection that the former process had until its end has ended now, as far as anyone can know.
        long since = header.DisconnectedAtUnixMilliseconds == 0 ? NowMilliseconds
            : NowMilliseconds - Math.Max(0, UnixMilliseconds - header.DisconnectedAtUnixMilliseconds);
        session.ExpiresAtMilliseconds = session.IsKept ? ExpiryOf(session, since) : MqttMessage.Never;
        if (session.Will is { } will)
        {
            long delayMilliseconds = session.IsKept ? (will.Properties?.WillDelaySeconds ?? 0) * 1000L : 0;
            session.WillAtMilliseconds = Math.Min(since + delayMilliseconds, session.ExpiresAtMilliseconds);
        }

        _sessions[session.Key] = session;
        return session;
    }

    /// <summary>The will of a connection that ended with the former process. A session that was kept for its will alone is over.</summary>
    private void PublishOwedWill(MqttSession session)
    {
        Log!.Enter();
        try
        {
            MqttWill will = session.Will!;
            session.Will = null;
            session.WillAtMilliseconds = MqttMessage.Never;
            if (session.IsKept)
            {
                session.LogDisconnected(session.DisconnectedAtUnixMilliseconds);
            }
            else
            {
                EndSession(session);
            }

            PublishWill(session, will);
        }
        finally
        {
            Log.Exit();
        }
    }

    /// <summary>Appends all live state to the log, a session at a time.</summary>
    private async Task RewriteAsync()
    {
        Retained.LogWhole();
        long bytes = 0;
        foreach (KeyValuePair<string, MqttSession> entry in _sessions)
        {
            bytes += entry.Value.LogWhole();
            if (bytes > RewriteStepBytes)
            {
                bytes = 0;
                await Log!.WhenDurableAsync(Log.NewestFrame).ConfigureAwait(false);
            }
        }
    }
}
