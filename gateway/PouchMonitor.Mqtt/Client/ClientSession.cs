namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// What a client keeps of its session when a connection ends (MQTT 5, section 4.1): publishes that are not acknowledged
/// and the identifiers of QoS 2 messages that it took. A client that does not reconnect has a new one for each connection.
/// </summary>
internal sealed class ClientSession(int maximumInFlight, bool outlivesConnections)
{
    private readonly HashSet<ushort> _received = [];
    private bool _isPrepared;

    /// <summary>Held to look at or change <see cref="Pending"/>; taken before the gate of a sender.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether publishes are kept with their content, to be sent again over the next connection.</summary>
    public bool OutlivesConnections { get; } = outlivesConnections;

    public PendingPublishes Pending { get; private set; } = new(1);

    /// <summary>Publishes sent again over a later connection of the same session.</summary>
    public long Resent { get; private set; }

    /// <summary>Publishes sent anew since the server had lost the session; those may be delivered twice.</summary>
    public long SentAnew { get; private set; }

    /// <summary>QoS 2 messages taken and not yet released by the server.</summary>
    public int ReceivedCount
    {
        get
        {
            lock (_received)
            {
                return _received.Count;
            }
        }
    }

    /// <summary>Notes a QoS 2 message; false where it was taken before.</summary>
    public bool AddReceived(ushort identifier)
    {
        lock (_received)
        {
            return _received.Add(identifier);
        }
    }

    public void RemoveReceived(ushort identifier)
    {
        lock (_received)
        {
            _received.Remove(identifier);
        }
    }

    /// <summary>
    /// Under <see cref="Gate"/>: a connection has opened, with a window of at most as many publishes. Gives, in the order of first sending, what has to be sent again.
    /// Where the server has no session, all of it is as new, also what it had received and not released: sent twice is
    /// better than lost.
    /// </summary>
    public Queue<ushort> Resume(bool isSessionPresent, int window)
    {
        if (!_isPrepared)
        {
            Pending = new PendingPublishes(OutlivesConnections ? maximumInFlight : window);
            _isPrepared = true;
        }

        Queue<ushort> unsent = Pending.MarkAllUnsent(isSessionPresent);
        if (isSessionPresent)
        {
            Resent += unsent.Count;
        }
        else
        {
            SentAnew += unsent.Count;
            lock (_received)
            {
                _received.Clear();
            }
        }

        return unsent;
    }
}
