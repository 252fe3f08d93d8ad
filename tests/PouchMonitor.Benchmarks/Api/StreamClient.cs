using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PouchMonitor.Benchmarks.Api;

/// <summary>A client of the live stream that looks for alarms and lets all else pass: a socket that costs the load little.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] buffer = new byte[32 * 1024];

    /// <summary>Bytes read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Told the cell and the time of each alarm.</summary>
    public required Action<string, long> Alarm { get; init; }

    public async Task RunAsync(int port)
    {
        await socket.ConnectAsync(IPAddress.Loopback, port);

        // HTTP/1.0, so that the body comes without the marks of chunks in it.
        await socket.SendAsync("GET /api/v1/stream HTTP/1.0\r\nHost: localhost\r\n\r\n"u8.ToArray());
        int kept = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(kept), SocketFlags.None) is > 0 and int read)
            {
                Bytes += read;
                kept = Look(kept + read, Stopwatch.GetTimestamp());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    public void Dispose() => socket.Dispose();

    // Returns how many bytes of the end are kept, since an alarm may be cut in two.
    private int Look(int length, long now)
    {
        ReadOnlySpan<byte> mark = "event: alarm\ndata: {\"id\":\""u8;
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, length);
        while (true)
        {
            int at = rest.IndexOf(mark);
            if (at < 0)
            {
                return Keep(rest, Math.Min(rest.Length, mark.Length - 1));
            }

            ReadOnlySpan<byte> id = rest[(at + mark.Length)..];
            int end = id.IndexOf((byte)'/');
            if (end < 0)
            {
                return Keep(rest, rest.Length - at);
            }

            Alarm(Encoding.UTF8.GetString(id[..end]), now);
            rest = id[end..];
        }
    }

    private int Keep(ReadOnlySpan<byte> rest, int length)
    {
        rest[^length..].CopyTo(buffer);
        return length;
    }
}
