using System.Net;
using System.Net.Sockets;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>A socket that sends what a test tells it to and reads whole packets, with a time-out.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;

    public RawPeer(IPEndPoint endPoint)
        : this(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }) => _socket.Connect(endPoint);

    /// <summary>Over a socket that a test has accepted.</summary>
    public RawPeer(Socket socket)
    {
        _socket = socket;
        _socket.ReceiveTimeout = 60_000;
    }

    public void Send(params ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public void SendPacket(Func<MqttWriter, byte[]> write) => Send(write(new MqttWriter()));

    /// <summary>Connects and reads the CONNACK, which must be a success.</summary>
    public ConnectAcknowledgePacket Connect(ConnectPacket packet)
    {
        Send(packet.Write(new MqttWriter()));
        (MqttPacketType type, byte[] body) = ReadPacket();
        Assert.Equal(MqttPacketType.ConnectAcknowledge, type);
        ConnectAcknowledgePacket? answer = ConnectAcknowledgePacket.Read(body, packet.Version, out MqttFault fault);
        Assert.Equal(MqttFault.None, fault);
        Assert.Equal(MqttReason.Success, answer!.Reason);
        return answer;
    }

    public void Connect(MqttProtocolVersion version, string clientId = "raw") => Connect(new ConnectPacket { Version = version, ClientId = clientId });

    public static byte[] Publish(MqttProtocolVersion version, string topic, string payload, MqttQos qos = MqttQos.AtMostOnce, ushort identifier = 0, bool retain = false, bool duplicate = false)
    {
        var encoder = new PublishEncoder(version, System.Text.Encoding.UTF8.GetBytes(topic), System.Text.Encoding.UTF8.GetBytes(payload), qos);
        byte[] packet = new byte[encoder.PacketBytes];
        encoder.Write(packet, identifier, retain, duplicate);
        return packet;
    }

    public byte FirstByte { get; private set; }

    public (MqttPacketType Type, byte[] Body) ReadPacket()
    {
        byte[] one = new byte[1];
        ReadExactly(one);
        FirstByte = one[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte[] next = new byte[1];
            ReadExactly(next);
            length |= (next[0] & 0x7F) << shift;
            if (next[0] < 0x80)
            {
                break;
            }
        }

        byte[] body = new byte[length];
        ReadExactly(body);
        return ((MqttPacketType)(one[0] >> 4), body);
    }

    public byte[] Expect(MqttPacketType type)
    {
        (MqttPacketType got, byte[] body) = ReadPacket();
        Assert.Equal(type, got);
        return body;
    }

    /// <summary>Reads to the end of the stream and gives what came before it.</summary>
    public byte[] ReadToEnd()
    {
        var all = new List<byte>();
        byte[] buffer = new byte[4096];
        try
        {
            for (int count = _socket.Receive(buffer); count > 0; count = _socket.Receive(buffer))
            {
                all.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As good an end.
        }

        return [.. all];
    }

    /// <summary>True where nothing can be read now.</summary>
    public bool IsQuiet => _socket.Available == 0;

    /// <summary>Says that nothing more will be sent; what the server sends can still be read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Abort()
    {
        _socket.LingerState = new LingerOption(enable: true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private void ReadExactly(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int count = _socket.Receive(target);
            Assert.True(count > 0, "The server closed the connection.");
            target = target[count..];
        }
    }
}
