using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Finds the packs at opening and removes what a crash left beside them: logs and smaller packs whose frames they hold, and
/// what had been removed from the beginning of the journal.
/// </summary>
internal static class PackRecovery
{
    /// <summary>The packs that can be read, in order, none of which overlaps another.</summary>
    public static List<(Pack Pack, PackTable Table)> Run(SegmentStore store, long removedBelow)
    {
        var files = store.Files;
        var names = files.List();
        var found = new List<(long Base, long End, string Name)>();
        foreach (string name in names)
        {
            if (Pack.TryParseName(name, out long basePosition, out long endPosition))
            {
                found.Add((basePosition, endPosition, name));
            }
        }

        // The widest of those that begin at one place comes first: the others were made into it.
        found.Sort(static (left, right) => left.Base != right.Base ? left.Base.CompareTo(right.Base) : right.End.CompareTo(left.End));
        var packs = new List<(Pack Pack, PackTable Table)>();
        var stale = new List<string>();
        long coveredTo = removedBelow;
        foreach (var (_, end, name) in found)
        {
            if (end <= coveredTo)
            {
                stale.Add(name);
            }
            else if (Read(store, name) is { } pack)
            {
                packs.Add(pack);
                coveredTo = end;
            }
        }

        foreach (string name in names)
        {
            bool isLog = Segment.TryParseName(name, out long basePosition) || Segment.TryParseIndexName(name, out basePosition);
            if (isLog && (basePosition < removedBelow || packs.Exists(each => each.Pack.Header.BasePosition <= basePosition && basePosition < each.Pack.Header.EndPosition)))
            {
                stale.Add(name);
            }
        }

        Remove(files, stale);
        return packs;
    }

    private static (Pack Pack, PackTable Table)? Read(SegmentStore store, string name)
    {
        using var file = store.Files.Open(name, forWriting: false);
        var read = Pack.Open(file, name, out string reason);
        if (read is null)
        {
            store.Damage.Note(name, 0, file.Length, reason);
        }

        return read;
    }

    private static void Remove(IJournalFiles files, List<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        // What replaces them must have its name for good before they lose theirs.
        files.SyncDirectory();
        foreach (string name in names)
        {
            files.Delete(name);
        }

        files.SyncDirectory();
    }
}
