using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Persistence;

/// <summary>A message on its way to a client, as the log knows it.</summary>
internal sealed class StoredDelivery
{
    public required long Message { get; init; }

    public required MqttQos Qos { get; init; }

    public required bool Retain { get; init; }

    public required uint[] SubscriptionIdentifiers { get; init; }

    /// <summary>The shared subscription it came through; empty where none.</summary>
    public required string GroupFilter { get; init; }

    /// <summary>0 while it waits.</summary>
    public ushort Identifier { get; set; }

    public bool IsReceived { get; set; }
}

/// <summary>A session, as the log knows it.</summary>
internal sealed class StoredSession
{
    public SessionHeader Header { get; set; }

    public Dictionary<string, (MqttTopicFilter Filter, uint Identifier)> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>By delivery number, which rises in the order of sending.</summary>
    public SortedDictionary<long, StoredDelivery> Outgoing { get; } = [];

    public HashSet<ushort> Inbound { get; } = [];
}

/// <summary>
/// The state that a log amounts to. Records of a session that is not known are passed over: they come before the record
/// that holds the whole of it, where the segments they build on are gone already.
/// </summary>
/// <param name="fromUnixMilliseconds">From a time on disk (0 is never) to the server's clock.</param>
internal sealed class StoredState(Func<long, long> fromUnixMilliseconds)
{
    private readonly Dictionary<long, MqttMessage> _messages = [];

    public Dictionary<long, StoredSession> Sessions { get; } = [];

    /// <summary>Message numbers of the retained store by topic.</summary>
    public Dictionary<string, long> Retained { get; } = new(StringComparer.Ordinal);

    /// <summary>What could not be read, for the operator.</summary>
    public List<string> Problems { get; } = [];

    public long LastFrame { get; private set; }

    public long LastMessage { get; private set; }

    public long LastSession { get; private set; }

    public MqttMessage? MessageOf(long number) => _messages.GetValueOrDefault(number);

    public void Apply(long frame, ReadOnlySpan<byte> records)
    {
        if (frame <= LastFrame)
        {
            return; // written twice because its first sync failed
        }

        if (LastFrame > 0 && frame != LastFrame + 1)
        {
            Problems.Add($"Frames {LastFrame + 1} to {frame - 1} are missing.");
        }

        LastFrame = frame;
        var reader = new RecordReader(records);
        while (!reader.IsAtEnd)
        {
            ApplyRecord(ref reader);
        }
    }

    /// <summary>Drops what rests on messages that are not there.</summary>
    public void Finish()
    {
        foreach (StoredSession session in Sessions.Values)
        {
            long[] lost = [.. session.Outgoing.Where(entry => !entry.Value.IsReceived && !_messages.ContainsKey(entry.Value.Message)).Select(entry => entry.Key)];
            if (lost.Length > 0)
            {
                Problems.Add($"{lost.Length} messages for client '{session.Header.ClientId}' are missing.");
                Array.ForEach(lost, delivery => session.Outgoing.Remove(delivery));
            }
        }
    }

    private void ApplyRecord(ref RecordReader reader)
    {
        LogRecord kind = reader.Kind();
        switch (kind)
        {
            case LogRecord.Message:
                ReadMessage(ref reader);
                return;
            case LogRecord.Retain:
                long number = reader.Number();
                if (_messages.TryGetValue(number, out MqttMessage? message))
                {
                    Retained[Key(message.TopicUtf8)] = number;
                }

                return;
            case LogRecord.RetainClear:
                Retained.Remove(Key(reader.Bytes()));
                return;
            case LogRecord.SessionReset:
            case LogRecord.SessionPut:
                SessionHeader header = ReadHeader(ref reader);
                LastSession = Math.Max(LastSession, header.Number);
                if (kind == LogRecord.SessionReset)
                {
                    Sessions[header.Number] = new StoredSession { Header = header };
                }
                else if (Sessions.TryGetValue(header.Number, out StoredSession? known))
                {
                    known.Header = header;
                }

                return;
            default:
                long owner = reader.Number();
                ApplyToSession(kind, Sessions.GetValueOrDefault(owner) ?? new StoredSession(), owner, ref reader);
                return;
        }
    }

    private void ApplyToSession(LogRecord kind, StoredSession session, long number, ref RecordReader reader)
    {
        switch (kind)
        {
            case LogRecord.SessionEnd:
                Sessions.Remove(number);
                break;
            case LogRecord.Subscribe:
                string filter = reader.Text();
                int options = reader.Byte();
                session.Subscriptions[filter] = (new MqttTopicFilter(filter, (MqttQos)(options & 3))
                {
                    NoLocal = (options & 4) != 0,
                    RetainAsPublished = (options & 8) != 0,
                    RetainHandling = (MqttRetainHandling)(options >> 4),
                }, (uint)reader.Number());
                break;
            case LogRecord.Unsubscribe:
                session.Subscriptions.Remove(reader.Text());
                break;
            case LogRecord.Enqueue:
                ReadDelivery(session, ref reader);
                break;
            case LogRecord.Assign:
                long delivery = reader.Number();
                ushort identifier = (ushort)reader.Number();
                if (session.Outgoing.TryGetValue(delivery, out StoredDelivery? assigned))
                {
                    assigned.Identifier = identifier;
                }

                break;
            case LogRecord.Received:
                if (session.Outgoing.TryGetValue(reader.Number(), out StoredDelivery? received))
                {
                    received.IsReceived = true;
                }

                break;
            case LogRecord.Done:
                session.Outgoing.Remove(reader.Number());
                break;
            case LogRecord.InboundAdd:
                session.Inbound.Add((ushort)reader.Number());
                break;
            case LogRecord.InboundRemove:
                session.Inbound.Remove((ushort)reader.Number());
                break;
            default:
                throw new InvalidDataException($"A record of the unknown kind {(byte)kind}.");
        }
    }

    private void ReadMessage(ref RecordReader reader)
    {
        long number = reader.Number();
        byte[] topic = reader.Bytes().ToArray();
        byte[] payload = reader.Bytes().ToArray();
        byte[] properties = reader.Bytes().ToArray();
        int flags = reader.Byte();
        long expiresAt = fromUnixMilliseconds(reader.Int64());
        _messages[number] = new MqttMessage
        {
            TopicUtf8 = topic,
            Payload = payload,
            Properties = properties,
            Qos = (MqttQos)(flags & 3),
            Retain = (flags & 4) != 0,
            Publisher = reader.OptionalText(),
            ExpiresAtMilliseconds = expiresAt,
            LogNumber = number,
        };
        LastMessage = Math.Max(LastMessage, number);
    }

    private static SessionHeader ReadHeader(ref RecordReader reader)
    {
        long number = reader.Number();
        string clientId = reader.Text();
        string? identityName = reader.OptionalText();
        var version = (MqttProtocolVersion)reader.Byte();
        uint expiry = (uint)reader.Number();
        long disconnectedAt = reader.Int64();
        MqttWill? will = null;
        if (reader.Byte() != 0)
        {
            string topic = reader.Text();
            byte[] payload = reader.Bytes().ToArray();
            int flags = reader.Byte();
            var properties = new MqttReader(reader.Bytes());
            will = new MqttWill
            {
                Topic = topic,
                Payload = payload,
                Qos = (MqttQos)(flags & 3),
                Retain = (flags & 4) != 0,
                Properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref properties, MqttPropertyPlace.Will) : null,
            };
        }

        return new SessionHeader(number, clientId, identityName, version, expiry, disconnectedAt, will);
    }

    private static void ReadDelivery(StoredSession session, ref RecordReader reader)
    {
        long delivery = reader.Number();
        long message = reader.Number();
        int flags = reader.Byte();
        var identifiers = new uint[reader.Count()];
        for (int index = 0; index < identifiers.Length; index++)
        {
            identifiers[index] = (uint)reader.Number();
        }

        session.Outgoing[delivery] = new StoredDelivery
        {
            Message = message,
            Qos = (MqttQos)(flags & 3),
            Retain = (flags & 4) != 0,
            SubscriptionIdentifiers = identifiers,
            GroupFilter = reader.Text(),
        };
    }

    /// <summary>Topics are compared byte by byte.</summary>
    private static string Key(ReadOnlySpan<byte> topic) => Convert.ToHexString(topic);
}
