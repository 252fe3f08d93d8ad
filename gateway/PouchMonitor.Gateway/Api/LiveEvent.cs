using System.Globalization;
using System.Text;

namespace PouchMonitor.Gateway.Api;

/// <summary>One event of the live stream, formatted once for everybody who listens.</summary>
internal sealed class LiveEvent
{
    private readonly byte[] message;
    private readonly int idLength;

    /// <param name="run">Run of the gateway.</param>
    /// <param name="number">Number within the run.</param>
    /// <param name="cellsBefore">Number of the newest cells event before it.</param>
    /// <param name="name">Name of the event.</param>
    /// <param name="json">Its data, one line.</param>
    public LiveEvent(string run, long number, long cellsBefore, string name, ReadOnlySpan<byte> json)
    {
        Number = number;
        CellsBefore = cellsBefore;
        byte[] id = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {run}-{number}\n"));
        byte[] head = Encoding.ASCII.GetBytes($"event: {name}\ndata: ");
        idLength = id.Length;
        message = new byte[id.Length + head.Length + json.Length + 2];
        id.CopyTo(message, 0);
        head.CopyTo(message, id.Length);
        json.CopyTo(message.AsSpan(id.Length + head.Length));
        message.AsSpan(message.Length - 2).Fill((byte)'\n');
    }

    public long Number { get; }

    public long CellsBefore { get; }

    /// <summary>Bytes as they go over the wire.</summary>
    public ReadOnlyMemory<byte> Message => message;

    /// <summary>
    /// The same without its id, for a client that has not yet been given everything before it: what it names when it comes
    /// back must not step over that.
    /// </summary>
    public ReadOnlyMemory<byte> MessageWithoutId => message.AsMemory(idLength);
}
