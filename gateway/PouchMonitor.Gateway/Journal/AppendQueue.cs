namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Entries on their way to the journal's thread, bounded in number and bytes until they are reported. Many threads put in,
/// one takes out all there are.
/// </summary>
internal sealed class AppendQueue(int mostEntries, int mostBytes, TimeSpan window)
{
    private readonly object gate = new();
    private readonly Signal room = new();
    private JournalEntry[] filling = new JournalEntry[mostEntries];
    private JournalEntry[] taken = new JournalEntry[mostEntries];
    private int count;
    private long heldEntries;
    private long heldBytes;
    private bool isClosed;
    private bool isPoked;
    private bool isWaiting;
    private long refused;

    public long HeldEntries => Interlocked.Read(ref heldEntries);

    public long HeldBytes => Interlocked.Read(ref heldBytes);

    public long Refused => Interlocked.Read(ref refused);

    /// <summary>False, taking nothing, when full or closed. An entry larger than all room is taken when it is alone.</summary>
    public bool TryPut(JournalEntry entry)
    {
        lock (gate)
        {
            if (isClosed || heldEntries >= mostEntries || (heldBytes + entry.Length > mostBytes && heldEntries > 0))
            {
                refused++;
                return false;
            }

            filling[count++] = entry;
            heldEntries++;
            heldBytes += entry.Length;
            if (isWaiting && (count == 1 || count == mostEntries / 2))
            {
                Monitor.Pulse(gate);
            }

            return true;
        }
    }

    public async ValueTask WhenRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = room.Next;
            lock (gate)
            {
                if (isClosed || HasRoom())
                {
                    return;
                }
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Wakes the journal's thread though there may be nothing for it.</summary>
    public void Poke()
    {
        lock (gate)
        {
            isPoked = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Takes no more; what is in it can still be taken out.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }

        room.Raise();
    }

    /// <summary>Waits for entries or a poke and takes out all; false when closed and empty.</summary>
    public bool Take(out JournalEntry[] entries, out int entryCount)
    {
        lock (gate)
        {
            isWaiting = true;
            while (count == 0 && !isClosed && !isPoked)
            {
                Monitor.Wait(gate);
            }

            if (count > 0 && count < mostEntries / 2 && window > TimeSpan.Zero && !isClosed && !isPoked)
            {
                Monitor.Wait(gate, window);
            }

            isWaiting = false;
            isPoked = false;
            entries = filling;
            entryCount = count;
            (filling, taken) = (taken, filling);
            count = 0;
            return entryCount > 0 || !isClosed;
        }
    }

    /// <summary>Gives back the room of entries that were reported.</summary>
    public void Release(int entries, long bytes)
    {
        bool hasRoom;
        lock (gate)
        {
            heldEntries -= entries;
            heldBytes -= bytes;
            hasRoom = HasRoom();
        }

        if (hasRoom)
        {
            room.Raise();
        }
    }

    private bool HasRoom() => heldEntries < (mostEntries + 1) / 2 && heldBytes <= mostBytes / 2;
}
