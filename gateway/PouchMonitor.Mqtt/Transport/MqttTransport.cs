using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// What carries the bytes of one connection. One reader and one sender use it at a time, side by side; closing may come
/// from anywhere. The two calls that move bytes do not wait as long as the system can answer at once.
/// </summary>
internal abstract class MqttTransport : IDisposable
{
    /// <summary>Nothing to be had, or no room, without waiting.</summary>
    public const int NotNow = -1;

    /// <summary>The connection is broken.</summary>
    public const int Broken = -2;

    /// <summary>
    /// Takes what has come: its bytes, 0 at the end of the stream, or <see cref="NotNow"/>, after which
    /// <see cref="WaitAsync"/> is to be awaited.
    /// </summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Completes, with a number that means nothing, when something has come, or the end. Holds no buffer meanwhile.</summary>
    public abstract ValueTask<int> WaitAsync();

    /// <summary>Sends what can be sent without waiting: its bytes, <see cref="NotNow"/> or <see cref="Broken"/>.</summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Sends and waits; gives the bytes sent, at least one.</summary>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Wakes the reader, which then sees the end; sending goes on.</summary>
    public abstract void StopReceiving();

    /// <summary>Tells the peer that nothing more comes. Only while nothing is being sent.</summary>
    public abstract void FinishSending();

    public abstract void Dispose();

    /// <summary>True for what the system throws when a connection is gone, whichever kind of transport it was.</summary>
    public static bool IsEnd(Exception exception) => exception is SocketException or IOException or ObjectDisposedException
        or WebSocketException or OperationCanceledException or AuthenticationException or InvalidOperationException { Source: "System.Net.Security" };
}
