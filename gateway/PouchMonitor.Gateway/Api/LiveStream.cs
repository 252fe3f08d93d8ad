using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Server-sent events to every open dashboard. Each listener has a bounded queue; one that cannot keep up is told to
/// start anew from a full picture instead of being shown a past that never catches up.
/// </summary>
public sealed class LiveStream
{
    /// <summary>Most dashboards at once.</summary>
    public const int MostListeners = 200;

    private const int MostQueued = 64;
    private readonly Lock gate = new();
    private readonly List<Listener> listeners = [];
    private long lastId;

    public int ListenerCount
    {
        get
        {
            lock (gate)
            {
                return listeners.Count;
            }
        }
    }

    /// <summary>Adds a listener; null when there are as many as allowed.</summary>
    public Listener? Add()
    {
        lock (gate)
        {
            if (listeners.Count >= MostListeners)
            {
                return null;
            }

            Listener listener = new(this);
            listeners.Add(listener);
            return listener;
        }
    }

    /// <summary>Sends an event to everyone.</summary>
    public void Send(string name, ReadOnlySpan<byte> json)
    {
        lock (gate)
        {
            if (listeners.Count == 0)
            {
                return;
            }

            byte[] message = Format(name, json);
            foreach (Listener listener in listeners)
            {
                if (!listener.Queue.Writer.TryWrite(message))
                {
                    listener.FellBehind = true;
                }
            }
        }
    }

    /// <summary>An event as it goes over the wire.</summary>
    public byte[] Format(string name, ReadOnlySpan<byte> json)
    {
        long id = Interlocked.Increment(ref lastId);
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: "));
        byte[] message = new byte[head.Length + json.Length + 2];
        head.CopyTo(message, 0);
        json.CopyTo(message.AsSpan(head.Length));
        message[^2] = (byte)'\n';
        message[^1] = (byte)'\n';
        return message;
    }

    private void Remove(Listener listener)
    {
        lock (gate)
        {
            listeners.Remove(listener);
        }
    }

    /// <summary>One open dashboard.</summary>
    public sealed class Listener(LiveStream owner) : IDisposable
    {
        internal Channel<byte[]> Queue { get; } = Channel.CreateBounded<byte[]>(MostQueued);

        /// <summary>True when an event had to be left out; the next one is to be a full picture.</summary>
        public bool FellBehind { get; set; }

        public ChannelReader<byte[]> Events => Queue.Reader;

        public void Dispose() => owner.Remove(this);
    }
}
