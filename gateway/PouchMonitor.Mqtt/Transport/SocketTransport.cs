using System.Net.Sockets;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>A plain TCP socket that does not block.</summary>
internal sealed class SocketTransport(Socket socket) : MqttTransport
{
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        int received = socket.Receive(buffer.Span, SocketFlags.None, out SocketError error);
        return new ValueTask<int>(error == SocketError.Success ? received : error == SocketError.WouldBlock ? NotNow : 0);
    }

    public override ValueTask<int> WaitAsync() => socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            return error == SocketError.Success ? sent : error == SocketError.WouldBlock ? NotNow : Broken;
        }
        catch (ObjectDisposedException)
        {
            return Broken;
        }
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes, SocketFlags.None);

    public override void StopReceiving() => Shutdown(socket, SocketShutdown.Receive);

    public override void FinishSending() => Shutdown(socket, SocketShutdown.Send);

    public override void Dispose() => socket.Dispose();

    /// <summary>Shuts one direction of a socket that may be gone already.</summary>
    internal static void Shutdown(Socket socket, SocketShutdown direction)
    {
        try
        {
            socket.Shutdown(direction);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer, or another thread, was faster.
        }
    }
}
