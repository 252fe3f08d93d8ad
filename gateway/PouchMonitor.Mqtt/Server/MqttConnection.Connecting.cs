using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>From the CONNECT to the CONNACK, and the end of the connection.</summary>
public sealed partial class MqttConnection
{
    private bool _isPeerDone;

    /// <summary>Seconds; 0 where there is none.</summary>
    internal int KeepAliveSeconds { get; private set; }

    internal bool AwaitsConnect => Session is null;

    private BatchEnd HandleConnect(ReadOnlySpan<byte> body)
    {
        if (IsConnected)
        {
            return Fault(MqttFault.PacketNotExpected); // a second CONNECT [MQTT-3.1.0-2]
        }

        _connect = ConnectPacket.Read(body, out MqttFault fault);
        if (_connect is null)
        {
            // Version 5 learns the reason; 3.1.1 has a code only for a version it does not know [MQTT-3.1.4-1].
            bool looksLikeV5 = IsV5Connect(body);
            Version = looksLikeV5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311;
            if (looksLikeV5 || fault == MqttFault.ProtocolVersionUnsupported)
            {
                SendConnectAcknowledge(new ConnectAcknowledgePacket { Reason = MqttFaults.ReasonFor(fault) });
            }

            return Fault(fault);
        }

        Version = _connect.Version;
        return BatchEnd.Connect;
    }

    private async ValueTask ConnectAsync()
    {
        ConnectPacket connect = _connect!;
        _connect = null;
        if (CheckConnect(connect) is { } refusal)
        {
            Refuse(refusal, text: null);
            return;
        }

        bool isAssigned = connect.ClientId.Length == 0;
        var request = new MqttConnectRequest
        {
            ClientId = isAssigned ? $"auto-{Guid.NewGuid():N}" : connect.ClientId,
            ClientIdWasAssigned = isAssigned,
            UserName = connect.UserName,
            Password = connect.Password,
            RemoteEndPoint = RemoteEndPoint,
            ClientCertificateSubject = Certificate?.Subject,
            ClientCertificateSha256 = Certificate?.Sha256,
            Version = Version,
            CleanStart = connect.CleanStart,
            WillTopic = connect.Will?.Topic,
            WillRetain = connect.Will?.Retain ?? false,
        };
        MqttReason reason = await _server.Handler.ConnectAsync(request, WaitToken()).ConfigureAwait(false);
        if (connect.Password is not null)
        {
            Array.Clear(connect.Password);
        }

        if (reason.IsFailure())
        {
            Refuse(reason, request.RefusalText);
            return;
        }

        if (!IsClosing)
        {
            await _server.BindAsync(this, connect, request).ConfigureAwait(false);
        }
    }

    private MqttReason? CheckConnect(ConnectPacket connect)
    {
        if (connect.Properties?.AuthenticationMethod is not null)
        {
            return MqttReason.BadAuthenticationMethod;
        }

        // MQTT 3.1.1 gives a name to nobody who wants to be remembered [MQTT-3.1.3-8].
        return Version == MqttProtocolVersion.V311 && connect.ClientId.Length == 0 && !connect.CleanStart ? MqttReason.ClientIdentifierNotValid : null;
    }

    /// <summary>Takes the session over; called under the server's session lock.</summary>
    internal void Adopt(MqttSession session, ConnectPacket connect, MqttConnectRequest request, bool isPresent, FlushList flush)
    {
        KeepAliveSeconds = _server.GrantKeepAlive(connect.KeepAliveSeconds);
        PeerMaximumPacketBytes = connect.Properties?.MaximumPacketBytes ?? uint.MaxValue;
        int aliases = Math.Min(connect.Properties?.TopicAliasMaximum ?? 0, (int)_server.Options.MaximumTopicAliasesPerClient);
        Aliases = aliases > 0 ? new OutgoingAliases(aliases) : null;
        _ticket.GiveBack();
        session.Version = Version;
        session.Identity = request.Identity;
        Session = session;
        session.LogConnected(isNew: !isPresent);
        _server.Handler.OnConnected(this);
        SendConnectAcknowledge(
            new ConnectAcknowledgePacket
            {
                SessionPresent = isPresent,
                Properties = Version == MqttProtocolVersion.V5 ? AcknowledgeProperties(session, connect, request) : null,
            },
            session.IsKept ? _server.Log?.FrameOfBatch ?? 0 : 0);
        int window = Math.Min(connect.Properties?.ReceiveMaximum ?? ushort.MaxValue, _server.Options.MaximumInFlightPerSession);
        session.Attach(this, window, flush);
    }

    /// <summary>Answers a CONNECT with a refusal and closes.</summary>
    internal void Refuse(MqttReason reason, string? text)
    {
        _server.Counters.ConnectRefused(reason);
        MqttReason allowed = reason.IsAllowedIn(MqttPacketType.ConnectAcknowledge) ? reason : MqttReason.UnspecifiedError;
        SendConnectAcknowledge(new ConnectAcknowledgePacket
        {
            Reason = allowed,
            Properties = text is null ? null : new MqttProperties { ReasonString = text },
        });
        TryBeginClose(reason);
    }

    private MqttProperties AcknowledgeProperties(MqttSession session, ConnectPacket connect, MqttConnectRequest request)
    {
        MqttServerOptions options = _server.Options;
        uint wished = connect.Properties?.SessionExpirySeconds ?? 0;
        return new MqttProperties
        {
            SessionExpirySeconds = session.ExpirySeconds == wished ? null : session.ExpirySeconds,
            ReceiveMaximum = options.ReceiveMaximum,
            MaximumPacketBytes = (uint)options.MaximumPacketBytes,
            TopicAliasMaximum = options.TopicAliasMaximum,
            AssignedClientIdentifier = request.ClientIdWasAssigned ? request.ClientId : null,
            ServerKeepAliveSeconds = KeepAliveSeconds == connect.KeepAliveSeconds ? null : (ushort)KeepAliveSeconds,
            SharedSubscriptionAvailable = true,
        };
    }

    private void SendConnectAcknowledge(ConnectAcknowledgePacket packet, long afterFrame = 0)
        => Sender.Add(packet.Write(_server.WriterOfThread, Version), afterFrame);

    /// <summary>The reader has ended: the session is told, then the client, and the socket goes a little later.</summary>
    private void Finish()
    {
        try
        {
            if (Session is not null)
            {
                AbandonDue();
                _server.Detach(this, _closeReason);
            }
        }
        finally
        {
            _ticket.GiveBack();
            bool tells = !_isPeerDone && Session is not null && Version == MqttProtocolVersion.V5
                && _closeReason.IsFailure() && _closeReason.IsAllowedIn(MqttPacketType.Disconnect);
            ReadOnlySpan<byte> last = tells
                ? new ReasonPacket { Reason = _closeReason }.Write(_server.WriterOfThread, MqttPacketType.Disconnect, Version)
                : default;
            Sender.FinishWith(last, keepPending: Session is null || _closeReason is not (MqttReason.QuotaExceeded or MqttReason.NotAuthorized));
            _server.Forget(this, lingers: !_isPeerDone);
        }
    }
}
