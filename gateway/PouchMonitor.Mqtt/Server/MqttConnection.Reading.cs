using System.Buffers;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Persistence;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// The reading loop: take what has come, work through all whole packets, send what that gave rise to, wait for
/// more. While it waits it holds no buffer beyond an unfinished packet.
/// </summary>
public sealed partial class MqttConnection
{
    private const int ReadBufferBytes = 64 * 1024;
    private const int ReadsBeforeYield = 16;
    private byte[]? _buffer;
    private int _buffered;
    private int _neededBytes;

    private enum BatchEnd
    {
        /// <summary>Every whole packet is done.</summary>
        NeedMore,

        /// <summary>A CONNECT awaits judgement.</summary>
        Connect,

        /// <summary>The application takes nothing now.</summary>
        Busy,

        /// <summary>As many acknowledgements are due as may be (MQTT 3.1.1 only), or as many bytes.</summary>
        AcknowledgementsDue,

        /// <summary>The application has as many bytes of all connections as it may have unacknowledged.</summary>
        ServerFull,

        /// <summary>A subscriber of what was published is slow.</summary>
        SubscriberSlow,

        /// <summary>More waits to become durable than should.</summary>
        LogBehind,
        Closed,
    }

    /// <summary>When something last came, in milliseconds of the server's clock.</summary>
    internal long LastHeardMilliseconds { get; private set; }

    /// <summary>True while this server does not read, so that the client's silence proves nothing.</summary>
    internal bool IsHeld { get; private set; }

    internal async Task RunAsync()
    {
        try
        {
            await ReadUntilClosedAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _server.OnHandlerFailure(exception);
            TryBeginClose(MqttReason.UnspecifiedError);
        }
        finally
        {
            ReleaseBuffer();
            Finish();
        }
    }

    private async Task ReadUntilClosedAsync()
    {
        int reads = 0;
        bool isDrained = false;
        while (!IsClosing)
        {
            int received;
            try
            {
                if (isDrained)
                {
                    ParkBuffer();
                    ValueTask<int> wait = _transport.WaitAsync();
                    reads = wait.IsCompleted ? reads : 0;
                    await wait.ConfigureAwait(false);
                }

                EnsureRoom();
                received = await _transport.ReceiveAsync(_buffer.AsMemory(_buffered)).ConfigureAwait(false);
            }
            catch (Exception exception) when (MqttTransport.IsEnd(exception))
            {
                received = 0;
            }

            if (received == MqttTransport.NotNow)
            {
                isDrained = true;
                continue;
            }

            if (received <= 0)
            {
                TryBeginClose(MqttReason.UnspecifiedError);
                return;
            }

            LastHeardMilliseconds = _server.NowMilliseconds;
            Interlocked.Add(ref _server.Counters.BytesReceived, received);
            BytesReceived += received;
            _buffered += received;
            isDrained = _buffered < _buffer!.Length;
            await WorkThroughAsync().ConfigureAwait(false);
            if (++reads >= ReadsBeforeYield)
            {
                reads = 0;
                await Task.Yield(); // a flood on one connection must not keep the others from the pool's threads
            }
        }
    }

    /// <summary>Works through what is buffered, waiting where a packet makes it wait.</summary>
    private async ValueTask WorkThroughAsync()
    {
        while (true)
        {
            BatchEnd end = RunBatch();
            switch (end)
            {
                case BatchEnd.Connect:
                    await ConnectAsync().ConfigureAwait(false);
                    break;
                case BatchEnd.Busy:
                    Interlocked.Increment(ref _server.Counters.BusyHolds);
                    await HoldAsync(_server.Handler.WhenReadyAsync(WaitToken())).ConfigureAwait(false);
                    break;
                case BatchEnd.AcknowledgementsDue:
                    await HoldAsync(AcknowledgementsSentAsync(WaitToken())).ConfigureAwait(false);
                    break;
                case BatchEnd.ServerFull:
                    Interlocked.Increment(ref _server.Counters.InFlightHoldsOfAll);
                    await HoldAsync(_server.InFlight.WaitForRoomAsync(WaitToken())).ConfigureAwait(false);
                    break;
                case BatchEnd.SubscriberSlow:
                    MqttSession slow = _slowSubscriber!;
                    _slowSubscriber = null;
                    await HoldAsync(slow.WaitUntilDrainedAsync(WaitToken())).ConfigureAwait(false);
                    break;
                case BatchEnd.LogBehind:
                    await HoldAsync(_server.Log!.WhenRoomAsync(WaitToken())).ConfigureAwait(false);
                    break;
                default:
                    return;
            }

            if (IsClosing)
            {
                return;
            }
        }
    }

    private async ValueTask HoldAsync(ValueTask wait)
    {
        IsHeld = true;
        try
        {
            await wait.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsClosing)
        {
            // Closing is noticed by the caller.
        }
        finally
        {
            LastHeardMilliseconds = _server.NowMilliseconds;
            IsHeld = false;
        }
    }

    /// <summary>One batch on one thread, and then everything it gave rise to is sent.</summary>
    private BatchEnd RunBatch()
    {
        FlushList flush = FlushList.OfThread;
        flush.Congested = null;
        int consumed = 0;
        BatchEnd end;
        SessionLog? log = _server.Log;
        if (log is { IsOverfull: true } && !IsClosing)
        {
            return BatchEnd.LogBehind;
        }

        log?.Enter();
        try
        {
            end = IsClosing ? BatchEnd.Closed : WorkThrough(_buffer.AsSpan(0, _buffered), flush, ref consumed);
        }
        finally
        {
            log?.Exit();
            if (_messagesInBatch > 0)
            {
                Interlocked.Add(ref _server.Counters.MessagesReceived, _messagesInBatch);
                MessagesReceived += _messagesInBatch;
                _messagesInBatch = 0;
            }

            _buffered -= consumed;
            if (_buffered > 0 && consumed > 0)
            {
                Buffer.BlockCopy(_buffer!, consumed, _buffer!, 0, _buffered);
            }

            ReportInFlight();
            flush.Flush();
            if (!IsClosing)
            {
                Sender.Flush();
            }
        }

        return end;
    }

    private void EnsureRoom()
    {
        int wanted = Math.Max(ReadBufferBytes, _neededBytes);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(wanted);
        }
        else if (_buffer.Length < wanted)
        {
            Exchange(wanted);
        }
    }

    /// <summary>Gives the buffer back, or exchanges it for one just large enough for the unfinished packet.</summary>
    private void ParkBuffer()
    {
        if (_buffered == 0)
        {
            ReleaseBuffer();
        }
        else if (_buffer!.Length > 4 * Math.Max(_buffered, 256))
        {
            Exchange(_buffered);
        }
    }

    private void Exchange(int bytes)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(0, _buffered).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = other;
    }

    private void ReleaseBuffer()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}
