using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Access that is taken away while it is in use.</summary>
public sealed partial class MqttServer
{
    /// <summary>
    /// Ends the sessions that <paramref name="isRevoked"/> names, with their subscriptions and whatever waits for them.
    /// Connected clients are told the reason (MQTT 5) and disconnected; wills go the usual way, so that the handler can
    /// refuse them. Thread-safe. Returns how many it ended.
    /// </summary>
    public int EndSessions(Func<MqttSession, bool> isRevoked, MqttReason reason)
    {
        ArgumentNullException.ThrowIfNull(isRevoked);
        int ended = 0;
        foreach (MqttSession session in _sessions.Values)
        {
            if (isRevoked(session) && EndForGood(session, isRevoked, reason))
            {
                ended++;
            }
        }

        OfferAgain();
        return ended;
    }

    private bool EndForGood(MqttSession session, Func<MqttSession, bool> isRevoked, MqttReason reason)
    {
        Log?.Enter();
        try
        {
            return EndRevoked(session, isRevoked, reason);
        }
        finally
        {
            Log?.Exit();
        }
    }

    private bool EndRevoked(MqttSession session, Func<MqttSession, bool> isRevoked, MqttReason reason)
    {
        MqttWill? will = null;
        MqttConnection? connection;
        lock (_sessionGate)
        {
            if (!isRevoked(session))
            {
                return false; // its client has come back meanwhile, with what is valid now
            }

            connection = session.Connection;
            if (connection is not null)
            {
                session.ExpirySeconds = 0; // the session goes with its connection, and is not there again after a restart
                session.LogConnected(isNew: false);
            }
            else
            {
                (will, session.Will) = (session.Will, null);
                if (will is not null)
                {
                    Leave(session);
                }

                EndSession(session);
            }
        }

        connection?.Close(reason);
        if (will is not null)
        {
            PublishWill(session, will);
        }

        return true;
    }
}
