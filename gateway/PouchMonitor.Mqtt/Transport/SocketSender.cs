using System.Buffers;
using System.Net.Sockets;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// Gathers packets for one socket and sends whatever has gathered in one call. Any thread may add; one at a time sends.
/// Buffers come from a pool and go back when there is nothing to send, so that an idle connection holds none.
/// The owner bounds what is added by looking at <see cref="QueuedBytes"/>.
/// </summary>
internal sealed class SocketSender : IThreadPoolWorkItem, ICommitWatcher
{
    private const int SmallestBufferBytes = 1024;
    private const int MaximumRounds = 32;

    private readonly Socket _socket;
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
    private List<(int Offset, long Frame)>? _holds;
    private long _watchedFrame;

    public SocketSender(Socket socket, ISenderOwner owner)
    {
        _socket = socket;
        _owner = owner;
    }

    /// <summary>Where what is promised to the peer is made durable; null where nothing is.</summary>
    public SessionLog? Log { get; init; }

    /// <summary>Held while adding; never while calling out.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes added and not yet handed to the system. Exact under <see cref="Gate"/>, near enough without it.</summary>
    public int QueuedBytes => Volatile.Read(ref _pendingCount) + Volatile.Read(ref _sendingCount);

    /// <summary>Makes room for one packet, to be filled by the caller while it still holds <see cref="Gate"/>. Empty once closed.</summary>
    public Span<byte> Reserve(int bytes) => _isClosed || _shutdownWhenSent ? default : Reserved(bytes);

    /// <summary>Under <see cref="Gate"/>: what is added from now on leaves only when that frame of the log is durable. 0 holds nothing.</summary>
    public void HoldUntil(long frame)
    {
        if (frame == 0 || Log is null || Log.IsDurable(frame))
        {
            return;
        }

        DropPassedHolds();
        _holds ??= [];
        if (_holds.Count == 0 || _holds[^1].Frame < frame)
        {
            _holds.Add((_pendingCount, frame));
        }
    }

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

    void ICommitWatcher.OnCommitted()
    {
        lock (Gate)
        {
            _watchedFrame = 0;
        }

        FlushSoon();
    }

    private void Pump(bool hasSent = false)
    {
        for (int round = 0; TakePending(); round++)
        {
            hasSent = true;
            int sent = 0;
            SocketError error;
            try
            {
                sent = _socket.Send(_sendingBytes.AsSpan(_sendingOffset, _sendingCount - _sendingOffset), SocketFlags.None, out error);
            }
            catch (ObjectDisposedException)
            {
                error = SocketError.OperationAborted;
            }

            if (error == SocketError.Success)
            {
                _sendingOffset += sent;
            }

            if (error == SocketError.WouldBlock || (error == SocketError.Success && round >= MaximumRounds))
            {
                _ = SendRestAsync();
                return;
            }

            if (error != SocketError.Success)
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

    private async Task SendRestAsync()
    {
        try
        {
            while (_sendingOffset < _sendingCount)
            {
                _sendingOffset += await _socket.SendAsync(_sendingBytes.AsMemory(_sendingOffset, _sendingCount - _sendingOffset), SocketFlags.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Fail();
            return;
        }

        _owner.OnSent();
        Pump(hasSent: true);
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
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The peer was faster.
            }
        }

        return false;
    }

    /// <summary>Bytes at the start of what is pending that wait for no frame; has this sender told when there will be more.</summary>
    private int FreeBytes()
    {
        while (true)
        {
            DropPassedHolds();
            if (_holds is not { Count: > 0 } holds)
            {
                return _pendingCount;
            }

            (int offset, long frame) = holds[0];
            if (offset > 0 || _watchedFrame == frame)
            {
                return offset;
            }

            if (Log!.Watch(frame, this))
            {
                _watchedFrame = frame;
                return 0;
            }
        }
    }

    private void DropPassedHolds()
    {
        while (_holds is { Count: > 0 } holds && Log!.IsDurable(holds[0].Frame))
        {
            holds.RemoveAt(0);
        }
    }

    /// <summary>Makes the first bytes of what is pending what is being sent.</summary>
    private void TakeFirst(int bytes)
    {
        int rest = _pendingCount - bytes;
        (_pending, _sendingBytes) = (_sendingBytes, _pending);
        _sendingCount = bytes;
        _pendingCount = 0;
        if (rest == 0)
        {
            _holds?.Clear();
            return;
        }

        _sendingBytes.AsSpan(bytes, rest).CopyTo(Reserved(rest));
        for (int index = 0; index < _holds!.Count; index++)
        {
            _holds[index] = (_holds[index].Offset - bytes, _holds[index].Frame);
        }
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
