namespace PouchMonitor.Gateway.Journal;

/// <summary>Places found damaged, each once; the first thousand are named, all are counted.</summary>
internal sealed class DamageLog
{
    private const int Most = 1000;
    private readonly Lock gate = new();
    private readonly HashSet<(string File, long Offset)> known = [];
    private readonly List<JournalDamage> named = [];
    private long count;

    public long Count => Interlocked.Read(ref count);

    public void Note(string file, long offset, long length, string reason)
    {
        lock (gate)
        {
            if (known.Count < Most ? !known.Add((file, offset)) : known.Contains((file, offset)))
            {
                return;
            }

            count++;
            if (named.Count < Most)
            {
                named.Add(new JournalDamage(file, offset, length, reason));
            }
        }
    }

    /// <summary>True when something in a file is known to be damaged.</summary>
    public bool Has(string file)
    {
        lock (gate)
        {
            return known.Any(each => string.Equals(each.File, file, StringComparison.Ordinal));
        }
    }

    public IReadOnlyList<JournalDamage> All()
    {
        lock (gate)
        {
            return [.. named];
        }
    }
}
