namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// The frames in memory, oldest first: a ring of places in parallel arrays. Bounds and locking are the caller's
/// (<see cref="FrameStore"/>).
/// </summary>
public sealed class FrameRing
{
    private static readonly byte[] Nothing = new byte[0];

    private readonly string[] topics;
    private readonly byte[][] payloads;
    private readonly FrameProgress[] progress;
    private readonly bool[] isLive;
    private readonly int[] messageIds;
    private readonly long[] ends;
    private readonly long[] oldest;
    private readonly long[] positions;
    private int first;

    public FrameRing(int size)
    {
        topics = new string[size];
        payloads = new byte[size][];
        progress = new FrameProgress[size];
        isLive = new bool[size];
        messageIds = new int[size];
        ends = new long[size];
        oldest = new long[size];
        positions = new long[size];
    }

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    public int WaitingCount { get; private set; }

    public int InFlightCount { get; private set; }

    /// <summary>The place of the frame with this index, 0 being the oldest.</summary>
    public int PlaceAt(int index) => (first + index) % payloads.Length;

    public string TopicOf(int place) => topics[place];

    public byte[] PayloadOf(int place) => payloads[place];

    public FrameProgress ProgressOf(int place) => progress[place];

    /// <summary>Number behind the last sample; the largest number where the gateway does not speak of the frame.</summary>
    public long EndOf(int place) => ends[place];

    /// <summary>Uptime of the first sample.</summary>
    public long OldestOf(int place) => oldest[place];

    /// <summary>Where the copy on flash is, or -1.</summary>
    public long PositionOf(int place) => positions[place];

    public void SetPosition(int place, long position)
    {
        positions[place] = position;
    }

    public void Add(string topic, byte[] payload, bool live, long end, long oldestMicroseconds)
    {
        int place = PlaceAt(Count);
        topics[place] = topic;
        payloads[place] = payload;
        progress[place] = FrameProgress.Waiting;
        isLive[place] = live;
        messageIds[place] = 0;
        ends[place] = end;
        oldest[place] = oldestMicroseconds;
        positions[place] = -1;
        Count++;
        WaitingCount++;
        Bytes += payload.Length;
    }

    /// <summary>Place of the oldest frame that waits, or -1; of the live ones alone when asked so.</summary>
    public int FirstWaiting(bool mustBeLive)
    {
        for (int i = 0; WaitingCount > 0 && i < Count; i++)
        {
            int place = PlaceAt(i);
            if (progress[place] == FrameProgress.Waiting && (isLive[place] || !mustBeLive))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Place of the oldest frame that has no copy on flash, or -1.</summary>
    public int FirstNotOnFlash()
    {
        for (int i = 0; i < Count; i++)
        {
            if (UnflushedLength(i) > 0)
            {
                return PlaceAt(i);
            }
        }

        return -1;
    }

    /// <summary>Bytes of the frame with this index if it has no copy on flash and needs one, else 0.</summary>
    public int UnflushedLength(int index)
    {
        int place = PlaceAt(index);
        return progress[place] != FrameProgress.Done && positions[place] < 0 ? payloads[place].Length : 0;
    }

    /// <summary>Place of the frame in flight under an id, or -1.</summary>
    public int InFlightPlaceOf(int messageId)
    {
        for (int i = 0; InFlightCount > 0 && i < Count; i++)
        {
            int place = PlaceAt(i);
            if (progress[place] == FrameProgress.InFlight && messageIds[place] == messageId)
            {
                return place;
            }
        }

        return -1;
    }

    public void MarkInFlight(int place, int messageId)
    {
        Move(place, FrameProgress.InFlight);
        messageIds[place] = messageId;
    }

    public void MarkAtBroker(int place) => Move(place, FrameProgress.AtBroker);

    /// <summary>To be sent again.</summary>
    public void MarkWaiting(int place) => Move(place, FrameProgress.Waiting);

    /// <summary>Drops the frame's bytes; its place is free once all before it are.</summary>
    public void Finish(int place)
    {
        Move(place, FrameProgress.Done);
        Bytes -= payloads[place].Length;
        payloads[place] = Nothing;
    }

    public void FreeDone()
    {
        while (Count > 0 && progress[first] == FrameProgress.Done)
        {
            first = PlaceAt(1);
            Count--;
        }
    }

    private void Move(int place, FrameProgress to)
    {
        WaitingCount += (to == FrameProgress.Waiting ? 1 : 0) - (progress[place] == FrameProgress.Waiting ? 1 : 0);
        InFlightCount += (to == FrameProgress.InFlight ? 1 : 0) - (progress[place] == FrameProgress.InFlight ? 1 : 0);
        progress[place] = to;
    }
}
