using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

// What happens when time alone passes.
public sealed partial class MqttServer
{
    /// <summary>Everything that time alone brings about.</summary>
    private void Sweep()
    {
        long now = NowMilliseconds;
        foreach (KeyValuePair<long, MqttConnection> entry in _connections)
        {
            SweepConnection(entry.Value, now);
        }

        foreach (KeyValuePair<string, MqttSession> entry in _sessions)
        {
            SweepSession(entry.Value, now);
        }

        for (int count = _heldWills.Count; count > 0 && _heldWills.TryDequeue(out (MqttSession Session, MqttWill Will) held); count--)
        {
            PublishWill(held.Session, held.Will);
        }

        while (_lingering.TryPeek(out (MqttConnection Connection, long DueMilliseconds) oldest) && oldest.DueMilliseconds <= now
            && _lingering.TryDequeue(out oldest))
        {
            oldest.Connection.Dispose();
        }

        Counters.Dropped(MqttDropReason.Expired, Retained.Sweep(now));
    }

    private void SweepConnection(MqttConnection connection, long now)
    {
        long silentMilliseconds = now - connection.LastHeardMilliseconds;
        if (connection.AwaitsConnect)
        {
            if (now - connection.BeganMilliseconds > Options.ConnectTimeout.TotalMilliseconds) // also where bytes trickle in
            {
                connection.Close(MqttReason.MaximumConnectTime);
            }
        }
        else if (connection.KeepAliveSeconds > 0 && !connection.IsHeld && silentMilliseconds > connection.KeepAliveSeconds * 1500L)
        {
            connection.Close(MqttReason.KeepAliveTimeout); // one and a half times the keep-alive [MQTT-3.1.2-22]
        }
    }

    private void SweepSession(MqttSession session, long now)
    {
        if (session.ExpiresAtMilliseconds > now && session.WillAtMilliseconds > now)
        {
            return;
        }

        Log?.Enter();
        try
        {
            EndOverdue(session, now);
        }
        finally
        {
            Log?.Exit();
        }
    }

    private void EndOverdue(MqttSession session, long now)
    {
        MqttWill? due = null;
        lock (_sessionGate)
        {
            if (session.Connection is not null)
            {
                return;
            }

            bool isExpired = session.ExpiresAtMilliseconds <= now;
            if (isExpired || session.WillAtMilliseconds <= now)
            {
                (due, session.Will) = (session.Will, null);
                session.WillAtMilliseconds = MqttMessage.Never;
                if (due is not null)
                {
                    Leave(session);
                }
            }

            if (isExpired)
            {
                EndSession(session);
            }
            else
            {
                session.LogDisconnected(session.DisconnectedAtUnixMilliseconds);
            }
        }

        OfferAgain();
        if (due is not null)
        {
            PublishWill(session, due);
        }
    }
}
