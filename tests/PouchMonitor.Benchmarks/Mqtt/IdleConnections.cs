using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>Many connections that log in and then say nothing.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<Socket> sockets = [];

    public IdleConnections(Broker broker, int count)
    {
        byte[] answer = new byte[4];
        for (int index = 0; index < count; index++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            socket.Connect(IPAddress.Loopback, broker.Port);
            List<byte> body = [0, 4, .. "MQTT"u8, 4, 0b1100_0010, 0, 0];
            foreach (string text in (string[])[$"idle-{index:D6}", "bench", broker.Token])
            {
                body.AddRange([0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)]);
            }

            socket.Send((byte[])[0x10, (byte)body.Count, .. body]);
            for (int at = 0; at < answer.Length;)
            {
                int read = socket.Receive(answer, at, answer.Length - at, SocketFlags.None);
                at += read > 0 ? read : throw new InvalidOperationException($"Connection {index} was closed.");
            }

            if (answer is not [0x20, 2, _, 0])
            {
                throw new InvalidOperationException($"CONNACK {Convert.ToHexString(answer)}");
            }
        }
    }

    public void Dispose() => sockets.ForEach(socket => socket.Dispose());
}
