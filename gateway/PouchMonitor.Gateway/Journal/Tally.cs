using System.Collections.Concurrent;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Running counts; written by the journal's thread, read by any.</summary>
internal sealed class Tally
{
    public long Stored;
    public long Samples;
    public long Duplicates;
    public long Conflicts;
    public long Repaired;
    public long Failed;
    public long FailedGroups;
    public long CallbackFaults;
    public long BytesWritten;
    public long Groups;
    public long Syncs;
    public long LargestGroup;
    public long Compactions;
    public long RemovedSegments;

    /// <summary>Reasons beyond the first hundred are counted together.</summary>
    public ConcurrentDictionary<string, long> Quarantined { get; } = new(StringComparer.Ordinal);

    public void CountQuarantined(string reason)
    {
        const int most = 100;
        string key = Quarantined.ContainsKey(reason) || Quarantined.Count < most ? reason : "other";
        Quarantined.AddOrUpdate(key, 1, (_, count) => count + 1);
    }
}
