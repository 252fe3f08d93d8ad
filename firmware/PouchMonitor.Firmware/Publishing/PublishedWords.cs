namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Words on messages on their way from the link's thread to the publisher's: a bounded queue. When it overflows the
/// publisher must treat every message in flight as lost, which costs a repetition and loses nothing.
/// </summary>
public sealed class PublishedWords
{
    private const int Capacity = 1024;
    private readonly object gate = new object();
    private readonly int[] ids = new int[Capacity];
    private readonly bool[] outcomes = new bool[Capacity];
    private int head;
    private int count;
    private bool hasOverflowed;

    /// <summary>Adds a word. Any thread.</summary>
    public void Add(int messageId, bool isPublished)
    {
        lock (gate)
        {
            if (count == Capacity)
            {
                hasOverflowed = true;
                return;
            }

            int at = (head + count) % Capacity;
            ids[at] = messageId;
            outcomes[at] = isPublished;
            count++;
        }
    }

    /// <summary>Takes the oldest word; false when there is none.</summary>
    public bool TryTake(out int messageId, out bool isPublished)
    {
        lock (gate)
        {
            messageId = ids[head];
            isPublished = outcomes[head];
            if (count == 0)
            {
                return false;
            }

            head = (head + 1) % Capacity;
            count--;
            return true;
        }
    }

    /// <summary>True once after words were lost.</summary>
    public bool TakeOverflow()
    {
        lock (gate)
        {
            bool had = hasOverflowed;
            hasOverflowed = false;
            return had;
        }
    }

    /// <summary>Forgets all words; for after a connection is gone.</summary>
    public void Clear()
    {
        lock (gate)
        {
            count = 0;
            hasOverflowed = false;
        }
    }
}
