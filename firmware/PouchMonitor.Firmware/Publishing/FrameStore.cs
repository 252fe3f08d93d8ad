namespace PouchMonitor.Firmware.Publishing;

/// <summary>What is being done with a stored frame.</summary>
public enum FrameProgress
{
    /// <summary>To be sent (again).</summary>
    Waiting = 0,

    /// <summary>Handed to the link, no word yet.</summary>
    InFlight,

    /// <summary>Acknowledged.</summary>
    Done,
}

/// <summary>A place in the store; reused.</summary>
public sealed class StoredFrame
{
    public string Topic = "";

    /// <summary>The encoded frame; never changed once stored, so that the same identity always has the same bytes.</summary>
    public byte[]? Payload;

    public int SampleCount;

    public FrameProgress Progress;

    /// <summary>Id under which it was handed over last.</summary>
    public int MessageId;
}

/// <summary>
/// Owns every encoded frame from sealing until it is acknowledged, oldest first. Bounded in frames and bytes: when it is
/// full the newest frame is refused and its samples are counted as dropped, because refusing never touches bytes that
/// somebody may already have seen, and the next frame that gets in can declare the exact gap before it. Used by the
/// sampling and the publishing thread.
/// </summary>
public sealed class FrameStore
{
    /// <summary>Places kept for frames that end a test, which are taken beyond the bounds.</summary>
    public const int PlacesForEnds = 4;

    private readonly object gate = new object();
    private readonly StoredFrame[] ring;
    private readonly int frameLimit;
    private readonly int byteLimit;
    private int head;
    private int count;
    private int bytes;
    private int waiting;

    public FrameStore(int frameLimit, int byteLimit)
    {
        this.frameLimit = frameLimit;
        this.byteLimit = byteLimit;
        ring = new StoredFrame[frameLimit + PlacesForEnds];
        for (int i = 0; i < ring.Length; i++)
        {
            ring[i] = new StoredFrame();
        }
    }

    /// <summary>Frames held.</summary>
    public int Count => count;

    /// <summary>Bytes of frames held.</summary>
    public int Bytes => bytes;

    /// <summary>Frames that are to be sent.</summary>
    public int WaitingCount => waiting;

    /// <summary>Frames refused since boot.</summary>
    public long RefusedFrameCount { get; private set; }

    /// <summary>Samples in the frames refused since boot.</summary>
    public long RefusedSampleCount { get; private set; }

    /// <summary>
    /// Set by the publisher: true while the connection stands and no backlog waits, so that a frame sealed now leaves now.
    /// </summary>
    public bool IsFlowing { get; set; }

    /// <summary>
    /// Takes a copy of an encoded frame; false when there is no room for it. One that ends a test is taken beyond the bounds
    /// (<see cref="PlacesForEnds"/> at a time), since nothing after it could carry that word.
    /// </summary>
    public bool TryAdd(string topic, byte[] source, int length, int sampleCount, bool endsTest)
    {
        lock (gate)
        {
            bool hasRoom = endsTest ? count < ring.Length : count < frameLimit && length <= byteLimit - bytes;
            if (!hasRoom)
            {
                RefusedFrameCount++;
                RefusedSampleCount += sampleCount;
                return false;
            }

            byte[] payload = new byte[length];
            System.Array.Copy(source, 0, payload, 0, length);
            StoredFrame frame = ring[(head + count) % ring.Length];
            frame.Topic = topic;
            frame.Payload = payload;
            frame.SampleCount = sampleCount;
            frame.Progress = FrameProgress.Waiting;
            frame.MessageId = 0;
            count++;
            waiting++;
            bytes += length;
            return true;
        }
    }

    /// <summary>The oldest frame that waits, or null. The publisher alone hands frames over.</summary>
    public StoredFrame? NextWaiting()
    {
        lock (gate)
        {
            for (int i = 0; waiting > 0 && i < count; i++)
            {
                StoredFrame frame = ring[(head + i) % ring.Length];
                if (frame.Progress == FrameProgress.Waiting)
                {
                    return frame;
                }
            }

            return null;
        }
    }

    /// <summary>The frame was handed to the link under this id.</summary>
    public void MarkInFlight(StoredFrame frame, int messageId)
    {
        lock (gate)
        {
            frame.Progress = FrameProgress.InFlight;
            frame.MessageId = messageId;
            waiting--;
        }
    }

    /// <summary>
    /// Word on a message: frees the frame when it was acknowledged, else lets it wait again. False when no frame is in
    /// flight under this id.
    /// </summary>
    public bool Settle(int messageId, bool isPublished)
    {
        lock (gate)
        {
            for (int i = 0; i < count; i++)
            {
                StoredFrame frame = ring[(head + i) % ring.Length];
                if (frame.Progress == FrameProgress.InFlight && frame.MessageId == messageId)
                {
                    frame.Progress = isPublished ? FrameProgress.Done : FrameProgress.Waiting;
                    waiting += isPublished ? 0 : 1;
                    FreeDone();
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The connection is gone: whatever was in flight waits again.</summary>
    public void RecallInFlight()
    {
        lock (gate)
        {
            for (int i = 0; i < count; i++)
            {
                StoredFrame frame = ring[(head + i) % ring.Length];
                if (frame.Progress == FrameProgress.InFlight)
                {
                    frame.Progress = FrameProgress.Waiting;
                    waiting++;
                }
            }
        }
    }

    private void FreeDone()
    {
        while (count > 0 && ring[head].Progress == FrameProgress.Done)
        {
            byte[]? payload = ring[head].Payload;
            bytes -= payload == null ? 0 : payload.Length;
            ring[head].Payload = null;
            head = (head + 1) % ring.Length;
            count--;
        }
    }
}
