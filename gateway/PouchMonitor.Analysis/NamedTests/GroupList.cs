namespace PouchMonitor.Analysis.NamedTests;

/// <summary>Keeps the list of groups of a long series short.</summary>
internal static class GroupList
{
    /// <summary>Most groups listed of one test.</summary>
    public const int Most = 2000;

    /// <summary>All groups, or of more than <see cref="Most"/> every so many and the last; with the number of those left out.</summary>
    public static (IReadOnlyList<NamedGroup> Groups, int Omitted) Thinned(List<NamedGroup> groups)
    {
        if (groups.Count <= Most)
        {
            return (groups, 0);
        }

        int every = (groups.Count + Most - 2) / (Most - 1);
        List<NamedGroup> kept = [.. groups.Where((_, i) => i % every == 0)];
        if ((groups.Count - 1) % every != 0)
        {
            kept.Add(groups[^1]);
        }

        return (kept, groups.Count - kept.Count);
    }
}
