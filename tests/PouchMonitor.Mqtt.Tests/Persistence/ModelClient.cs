using System.Buffers.Binary;
using System.Net;
using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Persistence;

/// <summary>
/// A client that does what the specification asks of one with a persistent session, and notes what it saw. It outlives
/// servers: when its connection breaks it connects to whatever server there is next.
/// </summary>
internal abstract class ModelClient(string clientId, Func<IPEndPoint?> server)
{
    public List<string> Violations { get; } = [];

    public bool WasConnected { get; private set; }

    protected RawPeer Peer { get; private set; } = null!;

    public Thread Start(CancellationToken stop)
    {
        var thread = new Thread(() => Run(stop)) { IsBackground = true, Name = clientId };
        thread.Start();
        return thread;
    }

    protected abstract void OnConnected(bool isFirst);

    protected abstract void OnPacket(MqttPacketType type, byte[] body);

    protected void Answer(byte first, ushort identifier) => Peer.Send(first, 2, (byte)(identifier >> 8), (byte)identifier);

    protected static ushort IdentifierAt(byte[] body, int at) => BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));

    private void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (server() is not { } endPoint)
            {
                stop.WaitHandle.WaitOne(1);
                continue;
            }

            try
            {
                using var peer = new RawPeer(endPoint);
                using CancellationTokenRegistration closing = stop.Register(peer.Abort);
                Peer = peer;
                bool isPresent = peer.Connect(RestartTests.Kept(clientId)).SessionPresent;
                if (WasConnected && !isPresent)
                {
                    lock (Violations)
                    {
                        Violations.Add($"{clientId}: the session is gone");
                    }
                }

                bool isFirst = !WasConnected;
                WasConnected = true;
                OnConnected(isFirst);
                while (true)
                {
                    (MqttPacketType type, byte[] body) = peer.ReadPacket();
                    OnPacket(type, body);
                }
            }
            catch (Exception)
            {
                // The connection is broken, in whatever way; what was violated is in the list.
            }
        }
    }
}

/// <summary>Subscribes to everything below <c>m/</c> at QoS 2 and keeps the order of what it got.</summary>
internal sealed class ModelSubscriber(string clientId, Func<IPEndPoint?> server, Random random) : ModelClient(clientId, server)
{
    private readonly HashSet<ushort> _begun = [];
    private readonly List<string> _got = [];
    private bool _isSubscribed;

    public bool IsSubscribed => Volatile.Read(ref _isSubscribed);

    public List<string> Got
    {
        get
        {
            lock (_got)
            {
                return [.. _got];
            }
        }
    }

    protected override void OnConnected(bool isFirst)
    {
        if (!IsSubscribed)
        {
            Peer.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter("m/#", MqttQos.ExactlyOnce)] }.Write(writer, MqttProtocolVersion.V5).ToArray());
        }
    }

    protected override void OnPacket(MqttPacketType type, byte[] body)
    {
        switch (type)
        {
            case MqttPacketType.SubscribeAcknowledge:
                Volatile.Write(ref _isSubscribed, true);
                break;
            case MqttPacketType.Publish:
                int at = 2 + IdentifierAt(body, 0);
                ushort identifier = IdentifierAt(body, at);
                string payload = Encoding.UTF8.GetString(body.AsSpan(at + 3));
                bool isExactlyOnce = (Peer.FirstByte & 6) == 4;
                if (!isExactlyOnce || _begun.Add(identifier))
                {
                    lock (_got)
                    {
                        _got.Add(payload);
                    }
                }

                if (random.Next(200) == 0)
                {
                    Peer.Abort(); // loses the answer, and the connection with it
                }

                Answer(isExactlyOnce ? (byte)0x50 : (byte)0x40, identifier);
                break;
            case MqttPacketType.PublishRelease:
                _begun.Remove(IdentifierAt(body, 0));
                Answer(0x70, IdentifierAt(body, 0));
                break;
        }
    }
}

/// <summary>Publishes numbers at QoS 1 (<c>m/1</c>) and QoS 2 (<c>m/2</c>), some at a time, and sends again what was not finished.</summary>
internal sealed class ModelPublisher(Func<IPEndPoint?> server, int messages, Random random) : ModelClient("publisher", server)
{
    private const int Window = 8;
    private readonly SortedDictionary<int, (ushort Identifier, bool IsExactlyOnce, bool IsReceived)> _unfinished = [];
    private int _next;
    private ushort _lastIdentifier;

    public bool IsDone
    {
        get
        {
            lock (_unfinished)
            {
                return _next == messages && _unfinished.Count == 0;
            }
        }
    }

    public static string PayloadOf(int number, bool isExactlyOnce) => $"{(isExactlyOnce ? 'e' : 'a')}{number}";

    protected override void OnConnected(bool isFirst)
    {
        foreach ((int number, (ushort identifier, bool isExactlyOnce, bool isReceived)) in _unfinished)
        {
            if (isReceived)
            {
                Answer(0x62, identifier);
            }
            else
            {
                Publish(number, identifier, isExactlyOnce, duplicate: true);
            }
        }

        Fill();
    }

    protected override void OnPacket(MqttPacketType type, byte[] body)
    {
        ushort identifier = IdentifierAt(body, 0);
        int number = _unfinished.FirstOrDefault(entry => entry.Value.Identifier == identifier, new(-1, default)).Key;
        if (number < 0)
        {
            return;
        }

        if (random.Next(200) == 0)
        {
            Peer.Abort(); // the answer is lost with the connection
            return;
        }

        if (type == MqttPacketType.PublishReceived)
        {
            _unfinished[number] = _unfinished[number] with { IsReceived = true };
            Answer(0x62, identifier);
            return;
        }

        lock (_unfinished)
        {
            _unfinished.Remove(number);
        }

        Fill();
    }

    private void Fill()
    {
        while (_next < messages && _unfinished.Count < Window)
        {
            int number = _next;
            bool isExactlyOnce = random.Next(2) == 0;
            do
            {
                _lastIdentifier = (ushort)((_lastIdentifier % 20) + 1); // few, so that they are used again soon
            }
            while (_unfinished.Values.Any(entry => entry.Identifier == _lastIdentifier));

            lock (_unfinished)
            {
                _next++;
                _unfinished[number] = (_lastIdentifier, isExactlyOnce, false);
            }

            Publish(number, _lastIdentifier, isExactlyOnce, duplicate: false);
        }
    }

    private void Publish(int number, ushort identifier, bool isExactlyOnce, bool duplicate) => Peer.Send(RawPeer.Publish(
        MqttProtocolVersion.V5, isExactlyOnce ? "m/2" : "m/1", PayloadOf(number, isExactlyOnce), isExactlyOnce ? MqttQos.ExactlyOnce : MqttQos.AtLeastOnce, identifier, duplicate: duplicate));
}
