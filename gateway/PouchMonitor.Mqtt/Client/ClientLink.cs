using System.Net.Sockets;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Client;

/// <summary>One connection of a client: opening, publishing, asking, ending. Reading is in the other part.</summary>
internal sealed partial class ClientLink : ISenderOwner
{
    private readonly MqttClientOptions _options;
    private readonly Socket _socket;
    private readonly MqttTransport _transport;
    private readonly Action<MqttReason, Exception?> _onEnded;
    private readonly SocketSender _sender;
    private readonly ClientSession _session;
    private readonly Lock _gate;
    private readonly Dictionary<ushort, TaskCompletionSource<FilterAcknowledgePacket>> _questions = [];
    private readonly TaskCompletionSource<ConnectAcknowledgePacket> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MqttWriter _writer = new();
    private SemaphoreSlim _window = new(1);
    private TaskCompletionSource? _allAcknowledged;
    private TaskCompletionSource? _roomWanted;
    private ITimer? _pinger;
    private ushort _lastQuestion;
    private int _state;
    private bool _pingIsOpen;

    private const int Opening = 0;
    private const int Open = 1;
    private const int Ended = 2;

    public ClientLink(MqttClientOptions options, Socket socket, MqttTransport transport, ClientSession session, Action<MqttReason, Exception?> onEnded)
    {
        _options = options;
        _socket = socket;
        _transport = transport;
        _session = session;
        _gate = session.Gate;
        _onEnded = onEnded;
        _sender = new SocketSender(transport, this);
    }

    /// <summary>Completes when the connection has ended and nothing more is read or offered.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Why it ended; of use once it has.</summary>
    public MqttReason EndReason { get; private set; }

    public Exception? EndException { get; private set; }

    public bool IsOpen => Volatile.Read(ref _state) == Open;

    public async Task<ConnectAcknowledgePacket> OpenAsync(string clientId, bool cleanStart, CancellationToken cancellationToken)
    {
        bool isV5 = _options.Version == MqttProtocolVersion.V5;
        AddPacket(new ConnectPacket
        {
            Version = _options.Version,
            ClientId = clientId,
            CleanStart = cleanStart,
            KeepAliveSeconds = (ushort)_options.KeepAlive.TotalSeconds,
            UserName = _options.UserName,
            Password = _options.Password,
            Will = _options.Will,
            Properties = !isV5 ? null : new MqttProperties
            {
                SessionExpirySeconds = _options.SessionExpirySeconds == 0 ? null : _options.SessionExpirySeconds,
                ReceiveMaximum = _options.ReceiveMaximum,
                MaximumPacketBytes = (uint)_options.MaximumPacketBytes,
            },
        }.Write);
        _ = Task.Run(ReadAsync, CancellationToken.None);
        ConnectAcknowledgePacket answer = await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Reason.IsFailure())
        {
            string text = answer.Properties?.ReasonString is { } reason ? $": {reason}" : string.Empty;
            throw new MqttClientException($"{_options.Host}:{_options.Port} refused the connection with {answer.Reason} (0x{(byte)answer.Reason:X2}){text}.") { Reason = answer.Reason };
        }

        return answer;
    }

    public async ValueTask<MqttReason> PublishAsync(byte[] topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, CancellationToken cancellationToken)
    {
        TaskCompletionSource<MqttReason>? waiter = qos == MqttQos.AtMostOnce ? null : new(TaskCreationOptions.RunContinuationsAsynchronously);
        await WaitForRoomAsync(qos, cancellationToken).ConfigureAwait(false);
        AddPublish(topic, payload.Span, qos, retain, tag: 0, waiter, kept: null);
        _sender.Flush();
        return waiter is null ? MqttReason.Success : await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a publish that the session keeps until it is acknowledged, over this connection or a later one; the waiter is
    /// told then. At QoS 0 it is told now. Throws where the connection has ended; nothing is kept then.
    /// </summary>
    public async ValueTask SendAsync(KeptPublish publish, TaskCompletionSource<MqttReason> waiter, CancellationToken cancellationToken)
    {
        await WaitForRoomAsync(publish.Qos, cancellationToken).ConfigureAwait(false);
        bool isAnswered = publish.Qos != MqttQos.AtMostOnce;
        AddPublish(publish.Topic, publish.Payload.Span, publish.Qos, publish.Retain, tag: 0, isAnswered ? waiter : null, publish);
        _sender.FlushSoon();
        if (!isAnswered)
        {
            waiter.TrySetResult(MqttReason.Success);
        }
    }

    public async ValueTask PublishPipelinedAsync(ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos, long tag, bool retain, CancellationToken cancellationToken)
    {
        if (qos != MqttQos.AtMostOnce && !_window.Wait(0, CancellationToken.None))
        {
            _sender.Flush();
            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_sender.QueuedBytes > _options.MaximumQueuedBytes)
        {
            await WaitForSocketAsync(cancellationToken).ConfigureAwait(false);
        }

        AddPublish(topic.Span, payload.Span, qos, retain, tag, waiter: null, kept: null);
        _sender.FlushSoon();
    }

    public Task WaitForAcknowledgementsAsync(CancellationToken cancellationToken)
    {
        _sender.Flush();
        lock (_gate)
        {
            if (_session.Pending.Count == 0)
            {
                return Task.CompletedTask;
            }

            _allAcknowledged ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allAcknowledged.Task.WaitAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttTopicFilter> filters, MqttProperties? properties, CancellationToken cancellationToken)
    {
        FilterAcknowledgePacket answer = await AskAsync(
            (identifier, writer) => new SubscribePacket { PacketIdentifier = identifier, Filters = filters, Properties = properties }.Write(writer, _options.Version),
            cancellationToken).ConfigureAwait(false);
        return answer.Reasons;
    }

    public Task UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) => AskAsync(
        (identifier, writer) => new UnsubscribePacket { PacketIdentifier = identifier, Filters = filters }.Write(writer, _options.Version), cancellationToken);

    public async Task DisconnectAsync(MqttReason reason)
    {
        if (IsOpen)
        {
            AddPacket(writer => new ReasonPacket { Reason = reason }.Write(writer, MqttPacketType.Disconnect, _options.Version), flush: false);
            _sender.FinishWith(default, keepPending: true);
            End(MqttReason.Success, exception: null, closesSocket: false);
            try
            {
                await _ended.Task.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The server does not close; this end does.
            }
        }

        _sender.Close();
        _transport.Dispose();
    }

    public void Abort()
    {
        try
        {
            _socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The connection has ended already.
        }

        _transport.Dispose();
    }

    void ISenderOwner.OnSent()
    {
        TaskCompletionSource? room = null;
        if (Volatile.Read(ref _roomWanted) is not null && _sender.QueuedBytes <= _options.MaximumQueuedBytes / 2)
        {
            room = Interlocked.Exchange(ref _roomWanted, null);
        }

        room?.TrySetResult();
    }

    void ISenderOwner.OnSendFailed() => End(MqttReason.UnspecifiedError, new MqttClientException("The connection broke while sending."));

    private delegate ReadOnlySpan<byte> PacketSource(MqttWriter writer);

    private delegate ReadOnlySpan<byte> QuestionSource(ushort identifier, MqttWriter writer);

    private async Task<FilterAcknowledgePacket> AskAsync(QuestionSource question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<FilterAcknowledgePacket>(TaskCreationOptions.RunContinuationsAsynchronously);
        ushort identifier;
        lock (_gate)
        {
            ThrowUnlessOpen();
            do
            {
                // Counted from the other end than publishes, whose identifiers share this space.
                _lastQuestion = _lastQuestion <= 1 ? ushort.MaxValue : (ushort)(_lastQuestion - 1);
            }
            while (_questions.ContainsKey(_lastQuestion) || _session.Pending.IsInUse(_lastQuestion));

            identifier = _lastQuestion;
            _questions[identifier] = answer;
        }

        AddPacket(writer => question(identifier, writer));
        try
        {
            return await answer.Task.WaitAsync(_options.AnswerTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _questions.Remove(identifier);
            }
        }
    }

    private async ValueTask WaitForRoomAsync(MqttQos qos, CancellationToken cancellationToken)
    {
        if (qos != MqttQos.AtMostOnce)
        {
            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_sender.QueuedBytes > _options.MaximumQueuedBytes)
        {
            await WaitForSocketAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WaitForSocketAsync(CancellationToken cancellationToken)
    {
        while (_sender.QueuedBytes > _options.MaximumQueuedBytes && IsOpen)
        {
            TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            room = Interlocked.CompareExchange(ref _roomWanted, room, null) ?? room;
            _sender.Flush();
            ((ISenderOwner)this).OnSent(); // it may have become free in between
            await room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void AddPublish(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, long tag, TaskCompletionSource<MqttReason>? waiter, KeptPublish? kept)
    {
        var encoder = new PublishEncoder(_options.Version, topic, payload, qos);
        ushort identifier = 0;
        lock (_gate)
        {
            ThrowUnlessOpen();
            if (qos != MqttQos.AtMostOnce)
            {
                identifier = _session.Pending.Add(qos == MqttQos.ExactlyOnce, tag, waiter, kept, _questions);
            }

            // Under both locks, so that identifiers go out in the order in which they were taken.
            lock (_sender.Gate)
            {
                Span<byte> room = _sender.Reserve(encoder.PacketBytes);
                if (!room.IsEmpty)
                {
                    encoder.Write(room, identifier, retain, duplicate: false);
                }
            }
        }
    }

    private void AddPacket(PacketSource source, bool flush = true)
    {
        lock (_writer)
        {
            _sender.Add(source(_writer));
        }

        if (flush)
        {
            _sender.Flush();
        }
    }

    private void ThrowUnlessOpen()
    {
        if (!IsOpen)
        {
            throw new MqttClientException($"The connection to {_options.Host}:{_options.Port} has ended.");
        }
    }
}
