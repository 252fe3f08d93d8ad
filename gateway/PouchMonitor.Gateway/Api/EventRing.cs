namespace PouchMonitor.Gateway.Api;

/// <summary>The newest events, bounded by count and bytes. One owner, who locks.</summary>
internal sealed class EventRing(int mostEvents, long mostBytes)
{
    private readonly LiveEvent?[] events = new LiveEvent[mostEvents];
    private long first;
    private long end;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    public long Count => end - first;

    /// <summary>Number of the newest event that had to go; 0 before that.</summary>
    public long EvictedUpTo { get; private set; }

    /// <summary>Adds an event; the oldest make room for it. One that is larger than all the room is kept alone.</summary>
    public void Add(LiveEvent added)
    {
        while (Count == events.Length || (Count > 0 && Bytes + added.Message.Length > mostBytes))
        {
            LiveEvent oldest = events[first % events.Length]!;
            events[first % events.Length] = null;
            first++;
            Bytes -= oldest.Message.Length;
            EvictedUpTo = oldest.Number;
        }

        events[end % events.Length] = added;
        end++;
        Bytes += added.Message.Length;
    }

    /// <summary>Adds the events after a number to a list, oldest first, at least one where there is one.</summary>
    /// <returns>True where more remain.</returns>
    public bool CopyAfter(long number, long most, List<LiveEvent> into)
    {
        long at = FirstAfter(number);
        for (long bytes = 0; at < end && (bytes == 0 || bytes < most); at++)
        {
            LiveEvent next = events[at % events.Length]!;
            into.Add(next);
            bytes += next.Message.Length;
        }

        return at < end;
    }

    private long FirstAfter(long number)
    {
        long low = first;
        for (long high = end; low < high;)
        {
            long middle = (low + high) / 2;
            if (events[middle % events.Length]!.Number > number)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
