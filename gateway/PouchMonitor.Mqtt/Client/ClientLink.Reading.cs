using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Client;

/// <summary>What comes in, and the end of the connection.</summary>
internal sealed partial class ClientLink
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _buffered;

    private async Task ReadAsync()
    {
        Exception? failure = null;
        MqttReason reason = MqttReason.UnspecifiedError;
        Offered held = Offered.Done;
        try
        {
            while (true)
            {
                if (held != Offered.Done)
                {
                    await WaitUntilReadyAsync(held).ConfigureAwait(false);
                    if (!IsOpen)
                    {
                        break;
                    }
                }
                else if (!await ReceiveAsync().ConfigureAwait(false))
                {
                    failure = new MqttClientException($"{_options.Host}:{_options.Port} closed the connection.");
                    break;
                }

                MqttFault fault = WorkThrough(out reason, out bool isOver, out held);
                _sender.Flush();
                if (fault != MqttFault.None)
                {
                    reason = MqttFaults.ReasonFor(fault);
                    failure = new MqttClientException($"{_options.Host}:{_options.Port} sent something that breaks the protocol: {fault}.") { Reason = reason };
                    TellFault(reason);
                    break;
                }

                if (isOver)
                {
                    failure = new MqttClientException($"{_options.Host}:{_options.Port} ended the connection with {reason} (0x{(byte)reason:X2}).") { Reason = reason };
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!IsOpen)
        {
            // The connection ended while a message waited for room.
        }
        catch (Exception exception) when (exception is not OperationCanceledException && MqttTransport.IsEnd(exception))
        {
            failure = exception;
        }
        catch (Exception exception)
        {
            failure = new MqttClientException("The application's message handler failed.", exception);
        }

        End(reason == MqttReason.Success ? MqttReason.UnspecifiedError : reason, failure);
        AbandonDue();
        _ended.TrySetResult();
    }

    private async ValueTask<bool> ReceiveAsync()
    {
        int received = await _transport.ReceiveAsync(_buffer.AsMemory(_buffered)).ConfigureAwait(false);
        while (received == MqttTransport.NotNow)
        {
            await _transport.WaitAsync().ConfigureAwait(false);
            received = await _transport.ReceiveAsync(_buffer.AsMemory(_buffered)).ConfigureAwait(false);
        }

        _buffered += received;
        return received > 0;
    }

    private MqttFault WorkThrough(out MqttReason reason, out bool isOver, out Offered held)
    {
        int consumed = 0;
        isOver = false;
        held = Offered.Done;
        reason = MqttReason.UnspecifiedError;
        MqttFault fault = MqttFault.None;
        while (fault == MqttFault.None && !isOver)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(consumed, _buffered - consumed);
            if (!FixedHeader.TryRead(rest, _options.MaximumPacketBytes, out FixedHeader header, out fault))
            {
                break;
            }

            if (rest.Length < header.PacketBytes)
            {
                if (header.PacketBytes > _buffer.Length)
                {
                    Array.Resize(ref _buffer, header.PacketBytes);
                }

                break;
            }

            fault = Handle(header, rest.Slice(header.HeaderBytes, header.RemainingBytes), ref reason, ref isOver, out held);
            if (held != Offered.Done)
            {
                break;
            }

            consumed += header.PacketBytes;
        }

        _buffered -= consumed;
        Buffer.BlockCopy(_buffer, consumed, _buffer, 0, _buffered);
        return fault;
    }

    private MqttFault Handle(in FixedHeader header, ReadOnlySpan<byte> body, ref MqttReason reason, ref bool isOver, out Offered held)
    {
        MqttFault fault = MqttFault.None;
        held = Offered.Done;
        bool isOpening = Volatile.Read(ref _state) == Opening;
        if (isOpening != (header.Type == MqttPacketType.ConnectAcknowledge))
        {
            return MqttFault.PacketNotExpected;
        }

        switch (header.Type)
        {
            case MqttPacketType.ConnectAcknowledge:
                ConnectAcknowledgePacket? answer = ConnectAcknowledgePacket.Read(body, _options.Version, out fault);
                if (answer is not null)
                {
                    OnOpened(answer);
                    isOver = answer.Reason.IsFailure();
                    reason = answer.Reason;
                }

                return fault;
            case MqttPacketType.Publish:
                return HandlePublish(header.Flags, body, out held);
            case MqttPacketType.PublishAcknowledge:
            case MqttPacketType.PublishReceived:
            case MqttPacketType.PublishRelease:
            case MqttPacketType.PublishComplete:
                return HandleAcknowledge(header.Type, body);
            case MqttPacketType.SubscribeAcknowledge:
            case MqttPacketType.UnsubscribeAcknowledge:
                return HandleAnswer(header.Type, body);
            case MqttPacketType.PingResponse:
                _pingIsOpen = false;
                return body.IsEmpty ? MqttFault.None : MqttFault.TrailingBytes;
            case MqttPacketType.Disconnect when _options.Version == MqttProtocolVersion.V5:
                fault = ReasonPacket.Read(header.Type, body, _options.Version, out ReasonPacket disconnect);
                reason = disconnect.Reason;
                isOver = true;
                return fault;
            default:
                return MqttFault.PacketNotExpected;
        }
    }

    private void OnOpened(ConnectAcknowledgePacket answer)
    {
        if (!answer.Reason.IsFailure())
        {
            int window = Math.Min(_options.MaximumInFlight, answer.Properties?.ReceiveMaximum ?? ushort.MaxValue);
            Resume(answer.SessionPresent, window);
            TimeSpan keepAlive = answer.Properties?.ServerKeepAliveSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _options.KeepAlive;
            if (keepAlive > TimeSpan.Zero)
            {
                _pinger = _options.TimeProvider.CreateTimer(static link => ((ClientLink)link!).Ping(), this, keepAlive / 2, keepAlive / 2);
            }
        }

        _opened.TrySetResult(answer);
    }

    private void Ping()
    {
        if (_pingIsOpen && !Volatile.Read(ref _isHeld))
        {
            End(MqttReason.KeepAliveTimeout, new MqttClientException($"{_options.Host}:{_options.Port} did not answer a ping.") { Reason = MqttReason.KeepAliveTimeout });
            return;
        }

        _pingIsOpen = true;
        _sender.Add([(int)MqttPacketType.PingRequest << 4, 0]);
        _sender.Flush();
    }

    private MqttFault HandlePublish(int flags, ReadOnlySpan<byte> body, out Offered held)
    {
        held = Offered.Done;
        MqttFault fault = PublishView.Read(flags, body, _options.Version, out PublishView publish);
        if (fault != MqttFault.None)
        {
            return fault;
        }

        if (publish.TopicAlias != 0)
        {
            return MqttFault.TopicAliasInvalid; // none were granted
        }

        held = Offer(in publish);
        return held == Offered.TooMany ? MqttFault.ReceiveMaximumExceeded : MqttFault.None;
    }

    private MqttFault HandleAcknowledge(MqttPacketType type, ReadOnlySpan<byte> body)
    {
        MqttFault fault = AcknowledgePacket.Read(type, body, _options.Version, out AcknowledgePacket packet);
        if (fault != MqttFault.None)
        {
            return fault;
        }

        if (type == MqttPacketType.PublishRelease)
        {
            _session.RemoveReceived(packet.PacketIdentifier);
            Acknowledge(MqttPacketType.PublishComplete, packet.PacketIdentifier);
            return MqttFault.None;
        }

        bool removed;
        bool mayGoOn = false;
        PendingPublish entry;
        TaskCompletionSource? all = null;
        lock (_gate)
        {
            removed = _session.Pending.TryRemove(packet.PacketIdentifier, type, packet.Reason, out entry);
            mayGoOn = removed && LetNextGo();
            if (_session.Pending.Count == 0)
            {
                (all, _allAcknowledged) = (_allAcknowledged, null);
            }

            if (!removed && type == MqttPacketType.PublishReceived)
            {
                _session.Pending.NoteReceived(packet.PacketIdentifier);
                Acknowledge(MqttPacketType.PublishRelease, packet.PacketIdentifier);
            }
        }

        if (mayGoOn)
        {
            _window.Release();
        }

        if (removed)
        {
            // PUBREC has accepted the message. That the server no longer knows its identifier means that it had the release
            // before, over a connection that broke; it is no error then (MQTT 5, section 3.7.2.1).
            MqttReason reason = type == MqttPacketType.PublishComplete ? MqttReason.Success : packet.Reason;
            if (entry.Waiter is not null)
            {
                entry.Waiter.TrySetResult(reason);
            }
            else
            {
                _options.PublishAcknowledged?.Invoke(entry.Tag, reason);
            }
        }

        all?.TrySetResult();
        return MqttFault.None;
    }

    private MqttFault HandleAnswer(MqttPacketType type, ReadOnlySpan<byte> body)
    {
        FilterAcknowledgePacket? answer = FilterAcknowledgePacket.Read(type, body, _options.Version, out MqttFault fault);
        if (answer is not null)
        {
            TaskCompletionSource<FilterAcknowledgePacket>? question;
            lock (_gate)
            {
                _questions.Remove(answer.PacketIdentifier, out question);
            }

            question?.TrySetResult(answer);
        }

        return fault;
    }

    private void Acknowledge(MqttPacketType type, ushort identifier)
        => _sender.Add([(byte)(((int)type << 4) | (type == MqttPacketType.PublishRelease ? 2 : 0)), 2, (byte)(identifier >> 8), (byte)identifier]);

    private void TellFault(MqttReason reason)
    {
        if (_options.Version == MqttProtocolVersion.V5)
        {
            AddPacket(writer => new ReasonPacket { Reason = reason }.Write(writer, MqttPacketType.Disconnect, _options.Version));
        }
    }

    /// <summary>Ends the connection once: everyone who waits is told, then the application.</summary>
    private void End(MqttReason reason, Exception? exception, bool closesSocket = true)
    {
        int former = Interlocked.Exchange(ref _state, Ended);
        if (former == Ended)
        {
            return;
        }

        _pinger?.Dispose();
        _ = _ending.CancelAsync();
        EndReason = reason;
        EndException = exception;
        var told = exception as MqttClientException
            ?? new MqttClientException($"The connection to {_options.Host}:{_options.Port} has ended{(exception is null ? string.Empty : $": {exception.Message}")}.", exception) { Reason = reason };
        List<TaskCompletionSource<MqttReason>> waiters;
        List<TaskCompletionSource<FilterAcknowledgePacket>> questions;
        TaskCompletionSource? all;
        lock (_gate)
        {
            waiters = _session.OutlivesConnections ? [] : _session.Pending.TakeWaiters();
            questions = [.. _questions.Values];
            (all, _allAcknowledged) = (_allAcknowledged, null);
        }

        waiters.ForEach(waiter => waiter.TrySetException(told));
        questions.ForEach(question => question.TrySetException(told));
        all?.TrySetException(told);
        _opened.TrySetException(told);
        Interlocked.Exchange(ref _roomWanted, null)?.TrySetResult();
        _window.Release(_options.MaximumInFlight); // whoever waits for the window finds the link ended
        if (closesSocket)
        {
            _sender.Close();
            _transport.Dispose();
        }

        if (former == Open)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state._onEnded(state.reason, state.exception), (_onEnded, reason, exception), preferLocal: false);
        }
    }
}
