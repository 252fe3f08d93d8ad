using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>Bytes that must not leave before what they promise is durable. What comes behind them waits too, so that the order stays.</summary>
internal sealed partial class SocketSender
{
    private List<(int Offset, long Frame)>? _holds;
    private long _watchedFrame;

    /// <summary>Where what is promised to the peer is made durable; null where nothing is.</summary>
    public SessionLog? Log { get; init; }

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

    void ICommitWatcher.OnCommitted()
    {
        lock (Gate)
        {
            _watchedFrame = 0;
        }

        FlushSoon();
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
}
