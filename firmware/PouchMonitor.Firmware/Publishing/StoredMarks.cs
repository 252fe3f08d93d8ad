namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// How far the gateway said it has come, by boot and channel (the topic of its frames): the newest few, so that a frame
/// that comes from flash later is not sent when the gateway already has it.
/// </summary>
public sealed class StoredMarks
{
    private const int Places = 16;

    private readonly ulong[] boots = new ulong[Places];
    private readonly string[] topics = new string[Places];
    private readonly long[] belows = new long[Places];
    private int count;
    private int next;

    /// <summary>Everything of a boot and channel below this number is stored, or known to be lost.</summary>
    public void Set(ulong boot, string topic, long below)
    {
        int place = Find(boot, topic);
        if (place < 0)
        {
            place = next;
            next = (next + 1) % Places;
            count = count < Places ? count + 1 : count;
            boots[place] = boot;
            topics[place] = topic;
        }

        belows[place] = below;
    }

    /// <summary>True when a frame that ends before this number is stored, as far as is known.</summary>
    public bool Has(ulong boot, string topic, long end)
    {
        int place = Find(boot, topic);
        return place >= 0 && end <= belows[place];
    }

    private int Find(ulong boot, string topic)
    {
        for (int i = 0; i < count; i++)
        {
            if (boots[i] == boot && topics[i] == topic)
            {
                return i;
            }
        }

        return -1;
    }
}
