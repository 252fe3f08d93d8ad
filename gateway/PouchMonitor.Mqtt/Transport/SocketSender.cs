using System.Buffers;
using System.Net.Sockets;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// Gathers packets for one connection and sends whatever has gathered in one call. Any thread may add; one at a time sends.
/// Buffers come from a pool and go back when there is nothing to send, so that an idle connection holds none.
/// The owner bounds what is added by looking at <see cref="QueuedBytes"/>.
/// </summary>
internal sealed partial class SocketSender : IThreadPoolWorkItem, ICommitWatcher
{
    private const int SmallestBufferBytes = 1024;
    private const int MaximumRounds = 32;

    private readonly MqttTransport _transport;
    private readonly ISenderOwner _owner;
    private byte[] _pending = [];
    private byte[] _sendingBytes = [];
    private int _pendingCount;
    private int _sendingCount;
    private int _sendingOffset;
    private bool _isSending;
    private bool _isScheduled;
    private bool _isMarked;
    private bool _isClosed;
    private bool _shutdownWhenSent;

    public SocketSender(Socket socket, ISenderOwner owner)
        : this(new SocketTransport(socket), owner)
    {
    }

    public SocketSender(MqttTransport transport, ISenderOwner owner)
    {
        _transport = transport;
        _owner = owner;
    }

    /// <summary>Held while adding; never while calling out.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes added and not yet handed to the system. Exact under <see cref="Gate"/>, near enough without it.</summary>
    public int QueuedBytes => Volatile.Read(ref _pendingCount) + Volatile.Read(ref _sendingCount);

    /// <summary>Makes room for one packet, to be filled by the caller while it still holds <see cref="Gate"/>. Empty once closed.</summary>
    public Span<byte> Reserve(int bytes) => _isClosed || _shutdownWhenSent ? default : Reserved(bytes);

    /// <summary>Adds one whole packet, to leave when a frame of the log is durable.</summary>
    public void Add(ReadOnlySpan<byte> packet, long afterFrame = 0)
    {
        lock (Gate)
        {
            HoldUntil(afterFrame);
            Span<byte> room = Reserve(packet.Length);
            if (!room.IsEmpty)
            {
                packet.CopyTo(room);
            }
        }
    }

    /// <summary>Under <see cref="Gate"/>: true for the first caller since the last flush, who then has to flush.</summary>
    public bool Mark()
    {
        bool first = !_isMarked;
        _isMarked = true;
        return first;
    }

    /// <summary>Sends what has gathered, on this thread as far as the socket takes it without waiting.</summary>
    public void Flush()
    {
        lock (Gate)
        {
            _isMarked = false;
            if (_isSending || _isClosed || (_pendingCount == 0 && !_shutdownWhenSent))
            {
                return;
            }

            _isSending = true;
        }

        Pump();
    }

    /// <summary>Sends soon, from the thread pool: for callers that add to many connections or may add more at once.</summary>
    public void FlushSoon()
    {
        lock (Gate)
        {
            if (_isScheduled || _isSending || _isClosed || _pendingCount == 0)
            {
                return;
            }

            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Drops what has not begun to be sent, adds a last packet, and shuts the sending side once that is out.</summary>
    public void FinishWith(ReadOnlySpan<byte> lastPacket, bool keepPending)
    {
        lock (Gate)
        {
            if (_isClosed || _shutdownWhenSent)
            {
                return;
            }

            if (!keepPending)
            {
                _pendingCount = 0;
                _holds = null;
            }

            lastPacket.CopyTo(Reserve(lastPacket.Length));
            _shutdownWhenSent = true;
        }

        Flush();
    }

    /// <summary>Nothing more is sent.</summary>
    public void Close()
    {
        lock (Gate)
        {
            _isClosed = true;
            _pendingCount = 0;
            _holds = null;
            Release(ref _pending);
            if (!_isSending)
            {
                Release(ref _sendingBytes);
                _sendingCount = 0;
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (Gate)
        {
            _isScheduled = false;
        }

        Flush();
    }

    private void Pump()
    {
        bool hasSent = false;
        for (int round = 0; TakePending(); round++)
        {
            hasSent = true;
            int sent = _transport.TrySend(_sendingBytes.AsSpan(_sendingOffset, _sendingCount - _sendingOffset));
            if (sent >= 0)
            {
                _sendingOffset += sent;
            }

            if (sent == MqttTransport.NotNow || (sent >= 0 && round >= MaximumRounds))
            {
                _ = PumpAsync(isLong: sent >= 0);
                return;
            }

            if (sent < 0)
            {
                Fail();
                return;
            }
        }

        if (hasSent)
        {
            _owner.OnSent(); // not where everything is held: nothing has become free
        }
    }

    /// <summary>As <see cref="Pump"/>, waiting for the transport where it has to, and letting others run after many rounds.</summary>
    private async Task PumpAsync(bool isLong)
    {
        for (int round = isLong ? 0 : 1; TakePending(); round++)
        {
            if (round % MaximumRounds == 0)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            int sent = _transport.TrySend(_sendingBytes.AsSpan(_sendingOffset, _sendingCount - _sendingOffset));
            try
            {
                if (sent == MqttTransport.NotNow)
                {
                    sent = await _transport.SendAsync(_sendingBytes.AsMemory(_sendingOffset, _sendingCount - _sendingOffset)).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (MqttTransport.IsEnd(exception))
            {
                sent = MqttTransport.Broken;
            }

            if (sent < 0)
            {
                Fail();
                return;
            }

            _sendingOffset += sent;
            if (_sendingOffset == _sendingCount)
            {
                _owner.OnSent();
            }
        }

        _owner.OnSent();
    }

    /// <summary>True while there is something to send; when not, this thread has stopped being the sender.</summary>
    private bool TakePending()
    {
        if (_sendingOffset < _sendingCount)
        {
            return true;
        }

        bool shutdown;
        lock (Gate)
        {
            _sendingOffset = 0;
            int free = _isClosed ? 0 : FreeBytes();
            if (free > 0)
            {
                TakeFirst(free);
                return true;
            }

            _sendingCount = 0;
            _isSending = false;
            shutdown = _shutdownWhenSent && !_isClosed && _pendingCount == 0;
            if (_pendingCount == 0)
            {
                Release(ref _pending);
            }

            Release(ref _sendingBytes);
        }

        if (shutdown)
        {
            _transport.FinishSending();
        }

        return false;
    }

    private void Fail()
    {
        lock (Gate)
        {
            _isSending = false;
            _isClosed = true;
            _pendingCount = 0;
            _sendingCount = 0;
            Release(ref _pending);
            Release(ref _sendingBytes);
        }

        _owner.OnSendFailed();
    }

    private Span<byte> Reserved(int bytes)
    {
        if (_pending.Length - _pendingCount < bytes)
        {
            Grow(_pendingCount + bytes);
        }

        Span<byte> room = _pending.AsSpan(_pendingCount, bytes);
        _pendingCount += bytes;
        return room;
    }

    private void Grow(int neededBytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(neededBytes, SmallestBufferBytes), Math.Min(_pending.Length * 2, 1 << 30)));
        _pending.AsSpan(0, _pendingCount).CopyTo(larger);
        Release(ref _pending);
        _pending = larger;
    }

    private static void Release(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}

/// <summary>Told, without any lock held, how sending goes.</summary>
internal interface ISenderOwner
{
    /// <summary>Room has become free.</summary>
    void OnSent();

    /// <summary>The connection is broken.</summary>
    void OnSendFailed();
}
