namespace PouchMonitor.Gateway.Access;

/// <summary>
/// How many changes a session, a token or an address may ask for: so many at once, and then so many a second. What is far
/// more than a person or a script does, and far less than what would keep the gateway from its work.
/// </summary>
internal sealed class ChangeRate(Func<long> nowMicroseconds)
{
    /// <summary>Changes at once.</summary>
    public const int Burst = 600;

    /// <summary>Changes a second after that.</summary>
    public const int PerSecond = 20;

    /// <summary>Most that is remembered; who has been quiet longest is forgotten.</summary>
    public const int MostEntries = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Takes one change; false where it is one too many just now.</summary>
    public bool TryTake(string who)
    {
        lock (gate)
        {
            long now = nowMicroseconds();
            if (!entries.TryGetValue(who, out Entry? entry))
            {
                if (entries.Count >= MostEntries)
                {
                    entries.Remove(entries.MinBy(known => known.Value.AtMicroseconds).Key);
                }

                entries[who] = entry = new Entry { AtMicroseconds = now };
            }

            entry.Left = Math.Min(Burst, entry.Left + (Math.Max(0, now - entry.AtMicroseconds) * 1e-6 * PerSecond));
            entry.AtMicroseconds = now;
            if (entry.Left < 1)
            {
                return false;
            }

            entry.Left--;
            return true;
        }
    }

    private sealed class Entry
    {
        public double Left { get; set; } = Burst;

        public long AtMicroseconds { get; set; }
    }
}
