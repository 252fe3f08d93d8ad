using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>The frames at the front of the flash queue, one by one: a ring of places in parallel arrays.</summary>
public sealed class FrameWindow
{
    private readonly long[] positions;
    private readonly int[] lengths;
    private readonly int[] messageIds;
    private readonly FrameProgress[] progress;
    private readonly ulong[] boots;
    private readonly long[] ends;
    private readonly string[] topics;
    private int first;
    private int count;

    public FrameWindow(int size)
    {
        positions = new long[size];
        lengths = new int[size];
        messageIds = new int[size];
        progress = new FrameProgress[size];
        boots = new ulong[size];
        ends = new long[size];
        topics = new string[size];
    }

    public int Count => count;

    public bool IsFull => count == positions.Length;

    /// <summary>Place of the oldest frame; valid while <see cref="Count"/> is not 0.</summary>
    public int First => first;

    /// <summary>Frames that the link has.</summary>
    public int InFlightCount { get; private set; }

    public string TopicOf(int place) => topics[place];

    public long PositionOf(int place) => positions[place];

    /// <summary>Number behind the last sample; the largest number where the gateway does not speak of the frame.</summary>
    public long EndOf(int place) => ends[place];

    public int LengthOf(int place) => lengths[place];

    /// <summary>Adds a frame behind the others; its place. The gateway's word is waited for when one can come.</summary>
    public int Add(long position, int length, FrameHead head, bool isHeardOf)
    {
        int place = (first + count) % positions.Length;
        positions[place] = position;
        lengths[place] = length;
        progress[place] = FrameProgress.Waiting;
        boots[place] = head.Boot;

        // It is on samples only; a burst is done when the broker has it.
        ends[place] = isHeardOf && head.Kind == (int)FrameKind.Samples ? head.EndSampleNumber : long.MaxValue;
        topics[place] = TopicNames.Frame(head.Node, head.Channel);
        count++;
        return place;
    }

    /// <summary>Place of the oldest frame that waits, or -1.</summary>
    public int FirstWaiting()
    {
        for (int i = 0; i < count; i++)
        {
            int place = (first + i) % positions.Length;
            if (progress[place] == FrameProgress.Waiting)
            {
                return place;
            }
        }

        return -1;
    }

    public void MarkInFlight(int place, int messageId)
    {
        progress[place] = FrameProgress.InFlight;
        messageIds[place] = messageId;
        InFlightCount++;
    }

    /// <summary>Word on a message: done, known to the broker only (not <paramref name="isDone"/>), or waiting again.</summary>
    public bool Settle(int messageId, bool isPublished, bool isDone)
    {
        for (int i = 0; i < count; i++)
        {
            int place = (first + i) % positions.Length;
            if (progress[place] == FrameProgress.InFlight && messageIds[place] == messageId)
            {
                bool endsHere = isDone || ends[place] == long.MaxValue;
                progress[place] = !isPublished ? FrameProgress.Waiting : endsHere ? FrameProgress.Done : FrameProgress.AtBroker;
                InFlightCount--;
                return true;
            }
        }

        return false;
    }

    public void Recall()
    {
        for (int i = 0; i < count; i++)
        {
            int place = (first + i) % positions.Length;
            if (progress[place] == FrameProgress.InFlight || progress[place] == FrameProgress.AtBroker)
            {
                progress[place] = FrameProgress.Waiting;
            }
        }

        InFlightCount = 0;
    }

    /// <summary>The frame at a position, if it is here, is done.</summary>
    public void SetDone(long position)
    {
        int place = PlaceOf(position);
        if (place >= 0)
        {
            Finish(place);
        }
    }

    /// <summary>The frame at a position was sent by another way.</summary>
    public void Hold(long position)
    {
        int place = PlaceOf(position);
        if (place >= 0)
        {
            progress[place] = FrameProgress.Held;
        }
    }

    /// <summary>The other way failed.</summary>
    public void Release(long position)
    {
        int place = PlaceOf(position);
        if (place >= 0 && progress[place] == FrameProgress.Held)
        {
            progress[place] = FrameProgress.Waiting;
        }
    }

    public void FreeStored(ulong boot, string topic, long below)
    {
        for (int i = 0; i < count; i++)
        {
            int place = (first + i) % positions.Length;
            if (boots[place] == boot && ends[place] <= below && topics[place] == topic)
            {
                Finish(place);
            }
        }
    }

    /// <summary>Drops the oldest frames that are done.</summary>
    public void FreeDone()
    {
        while (count > 0 && progress[first] == FrameProgress.Done)
        {
            first = (first + 1) % positions.Length;
            count--;
        }
    }

    private int PlaceOf(long position)
    {
        for (int i = 0; i < count; i++)
        {
            int place = (first + i) % positions.Length;
            if (positions[place] == position)
            {
                return place;
            }
        }

        return -1;
    }

    private void Finish(int place)
    {
        // A word on it that still comes finds nobody, which is right.
        InFlightCount -= progress[place] == FrameProgress.InFlight ? 1 : 0;
        progress[place] = FrameProgress.Done;
    }
}
