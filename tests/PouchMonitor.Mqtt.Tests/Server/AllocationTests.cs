using System.Net.Sockets;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>Run by itself: what is allocated is counted for the whole process.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>The way of a message through the server costs no memory of its own.</summary>
[Collection("alone")]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Batch = 200;
    private const int Batches = 500;

    /// <summary>
    /// Each batch may cost a little (a wait that went through the thread pool, another test's leftover timer); a message
    /// that allocated, be it 24 bytes, would cost 4,800 a batch.
    /// </summary>
    private const long MostBytesPerBatch = 1000;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task AMessage_AllocatesNothing(int qos, bool hasSubscriber)
    {
        var handler = new CountingHandler();
        await using var server = new MqttServer(Bench.Options(), handler);
        await server.StartAsync();
        using Socket publisher = Connect(server, "publisher");
        using Socket? subscriber = hasSubscriber ? Subscribe(server) : null;
        byte[] one = RawPeer.Publish(MqttProtocolVersion.V311, "a/b", new string('x', 64), (MqttQos)qos, (ushort)qos);
        byte[] batch = [.. Enumerable.Repeat(one, Batch).SelectMany(bytes => bytes)];
        byte[] answers = new byte[64 * 1024];
        int answerBytes = qos == 0 ? 0 : 4 * Batch;
        int deliveredBytes = hasSubscriber ? RawPeer.Publish(MqttProtocolVersion.V311, "a/b", new string('x', 64)).Length * Batch : 0;

        void Run(int count)
        {
            for (int index = 0; index < count; index++)
            {
                Send(publisher, batch);
                Receive(publisher, answers, answerBytes);
                if (subscriber is not null)
                {
                    Receive(subscriber, answers, deliveredBytes);
                }
            }

            Send(publisher, [0xC0, 0]);
            Receive(publisher, answers, 2); // all before it is done
        }

        Run(Batches);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > MostBytesPerBatch * Batches; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Run(Batches);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        output.WriteLine($"{least} bytes in {Batch * Batches} messages, {least / Batches} a batch");
        Assert.True(least <= MostBytesPerBatch * Batches, $"{least} bytes were allocated in {Batch * Batches} messages, {least / (double)(Batch * Batches):F1} each.");
        Assert.True(handler.Messages >= 2 * Batch * Batches, $"{handler.Messages} messages came through.");
    }

    private static Socket Connect(MqttServer server, string clientId)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
        socket.Connect(server.EndPoint);
        Send(socket, new ConnectPacket { Version = MqttProtocolVersion.V311, ClientId = clientId }.Write(new MqttWriter()));
        Receive(socket, new byte[4], 4);
        return socket;
    }

    private static Socket Subscribe(MqttServer server)
    {
        Socket socket = Connect(server, "subscriber");
        Send(socket, new SubscribePacket { PacketIdentifier = 1, Filters = [new("a/+", MqttQos.AtMostOnce)] }.Write(new MqttWriter(), MqttProtocolVersion.V311));
        Receive(socket, new byte[5], 5);
        return socket;
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static void Receive(Socket socket, Span<byte> buffer, int count)
    {
        while (count > 0)
        {
            int received = socket.Receive(buffer[..Math.Min(count, buffer.Length)]);
            Assert.True(received > 0, "The server closed the connection.");
            count -= received;
        }
    }
}
