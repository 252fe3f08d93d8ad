using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What the gate says to a new connection.</summary>
internal enum GateAnswer : byte
{
    Enter = 0,

    /// <summary>Too many come at once, from this address or altogether.</summary>
    TooFast,

    /// <summary>Too many have not been let in yet, from this address or altogether.</summary>
    TooManyPending,
}

/// <summary>
/// Lets connections in before anything is known of them but their address: so many in a time, and so many that are not
/// yet logged in, for each address and for all. An IPv6 address counts by its first 64 bits, since who has one has all of
/// them. It remembers a bounded number of addresses; those beyond share one entry.
/// </summary>
internal sealed class ConnectionGate(MqttServerOptions options)
{
    private const int MaximumAddresses = 10_000;
    private const long TidyMilliseconds = 1000;
    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly Entry _others = new(options.ConnectBurstPerAddress);
    private readonly Entry _all = new(options.ConnectBurst);
    private readonly Lock _gate = new();
    private long _tidyAt;

    /// <summary>Connections that are in and not yet logged in.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _all.Pending;
            }
        }
    }

    /// <summary>Asks for one connection. After <see cref="GateAnswer.Enter"/> the ticket is to be given back once.</summary>
    public GateAnswer Enter(IPAddress address, long nowMilliseconds, out Ticket ticket)
    {
        lock (_gate)
        {
            Entry entry = EntryOf(Key(address), nowMilliseconds);
            ticket = new Ticket(this, entry);
            _all.Refill(nowMilliseconds, options.ConnectRate, options.ConnectBurst);
            entry.Refill(nowMilliseconds, options.ConnectRatePerAddress, options.ConnectBurstPerAddress);
            if (_all.Tokens < 1 || entry.Tokens < 1)
            {
                return GateAnswer.TooFast;
            }

            if (_all.Pending >= options.MaximumPendingConnections || entry.Pending >= options.MaximumPendingConnectionsPerAddress)
            {
                return GateAnswer.TooManyPending;
            }

            _all.Tokens--;
            entry.Tokens--;
            _all.Pending++;
            entry.Pending++;
            return GateAnswer.Enter;
        }
    }

    private SemaphoreSlim TurnsOf(Entry entry)
    {
        lock (_gate)
        {
            return entry.Turns ??= new SemaphoreSlim(options.MaximumHandshakesPerAddress);
        }
    }

    private void Leave(Entry entry)
    {
        lock (_gate)
        {
            _all.Pending--;
            entry.Pending--;
        }
    }

    private static ulong Key(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);

        // No IPv6 address of the net begins with 32 zero bits, so that the two kinds do not meet; loopback may.
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private Entry EntryOf(ulong key, long now)
    {
        if (_entries.TryGetValue(key, out Entry? entry))
        {
            return entry;
        }

        if (_entries.Count >= MaximumAddresses)
        {
            Tidy(now);
            if (_entries.Count >= MaximumAddresses)
            {
                return _others;
            }
        }

        entry = new Entry(options.ConnectBurstPerAddress) { AtMilliseconds = now };
        _entries.Add(key, entry);
        return entry;
    }

    /// <summary>Forgets the addresses of which nothing is to be remembered.</summary>
    private void Tidy(long now)
    {
        if (now < _tidyAt)
        {
            return;
        }

        _tidyAt = now + TidyMilliseconds;
        foreach ((ulong key, Entry entry) in _entries)
        {
            entry.Refill(now, options.ConnectRatePerAddress, options.ConnectBurstPerAddress);
            if (entry.Pending == 0 && entry.Tokens >= options.ConnectBurstPerAddress)
            {
                _entries.Remove(key);
            }
        }
    }

    /// <summary>A place among those not yet logged in. Giving it back twice does nothing; one thread at a time may.</summary>
    internal struct Ticket(ConnectionGate gate, Entry entry)
    {
        private Entry? _entry = entry;

        /// <summary>Turns at TLS handshakes for the connections of this address.</summary>
        public readonly SemaphoreSlim HandshakeTurns => gate.TurnsOf(_entry!);

        public void GiveBack()
        {
            if (_entry is { } mine)
            {
                _entry = null;
                gate.Leave(mine);
            }
        }
    }

    /// <summary>What is known of one address. Guarded by the gate's lock.</summary>
    internal sealed class Entry(double tokens)
    {
        public int Pending;
        public double Tokens = tokens;
        public long AtMilliseconds;
        public SemaphoreSlim? Turns;

        public void Refill(long now, int perSecond, int most)
        {
            Tokens = Math.Min(most, Tokens + ((now - AtMilliseconds) / 1000.0 * perSecond));
            AtMilliseconds = now;
        }
    }
}
