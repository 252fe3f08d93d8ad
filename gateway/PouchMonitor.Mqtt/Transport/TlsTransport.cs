using System.Net.Security;
using System.Net.Sockets;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>A TLS stream over a socket, after its handshake. It takes a buffer only once something has come.</summary>
internal sealed class TlsTransport(Socket socket, SslStream stream) : MqttTransport
{
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public override ValueTask<int> WaitAsync() => stream.ReadAsync(Memory<byte>.Empty);

    /// <summary>A TLS stream cannot say that there is no room, so everything goes the waiting way, which seldom waits.</summary>
    public override int TrySend(ReadOnlySpan<byte> bytes) => NotNow;

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes).ConfigureAwait(false);
        return bytes.Length;
    }

    public override void StopReceiving() => SocketTransport.Shutdown(socket, SocketShutdown.Receive);

    public override void FinishSending() => _ = FinishAsync();

    public override void Dispose()
    {
        socket.Dispose(); // first, so that nothing waits for a peer that does not read
        stream.Dispose();
    }

    private async Task FinishAsync()
    {
        try
        {
            await stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The peer was faster.
        }

        SocketTransport.Shutdown(socket, SocketShutdown.Send);
    }
}
