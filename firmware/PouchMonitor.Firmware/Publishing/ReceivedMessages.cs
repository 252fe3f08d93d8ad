namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Messages that came from the broker, on their way from the link's thread to the one that acts on them: a queue bounded
/// in messages and bytes. When it is full the newest is refused and counted; whoever sent it gets no answer and asks again.
/// </summary>
public sealed class ReceivedMessages
{
    /// <summary>Messages held at most.</summary>
    public const int MessageLimit = 8;

    /// <summary>Bytes of payloads held at most.</summary>
    public const int ByteLimit = 16 * 1024;

    private readonly object gate = new object();
    private readonly string[] topics = new string[MessageLimit];
    private readonly byte[]?[] payloads = new byte[MessageLimit][];
    private int head;
    private int count;
    private int bytes;

    /// <summary>Messages refused since boot.</summary>
    public long RefusedCount { get; private set; }

    /// <summary>Adds a message; the payload is kept, not copied.</summary>
    public void Add(string topic, byte[] payload)
    {
        lock (gate)
        {
            if (count == MessageLimit || payload.Length > ByteLimit - bytes)
            {
                RefusedCount++;
                return;
            }

            int at = (head + count) % MessageLimit;
            topics[at] = topic;
            payloads[at] = payload;
            bytes += payload.Length;
            count++;
        }
    }

    /// <summary>Takes the oldest message; false when there is none.</summary>
    public bool TryTake(out string topic, out byte[] payload)
    {
        lock (gate)
        {
            byte[]? oldest = count == 0 ? null : payloads[head];
            if (oldest == null)
            {
                topic = "";
                payload = new byte[0];
                return false;
            }

            topic = topics[head];
            payload = oldest;
            payloads[head] = null;
            head = (head + 1) % MessageLimit;
            bytes -= oldest.Length;
            count--;
            return true;
        }
    }
}
