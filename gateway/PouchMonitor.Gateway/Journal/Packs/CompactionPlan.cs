using System.Numerics;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Which neighbouring segments to compact next. A sealed log becomes a pack by itself; eight neighbouring packs of about the
/// same size become one, so that a year of small segments ends in a handful of files.
/// </summary>
internal static class CompactionPlan
{
    /// <summary>Most frames in one pack: their places are sorted in memory when it is read in commit order.</summary>
    public const long MostFrames = 1 << 20;

    /// <summary>Neighbouring packs of a size that become one.</summary>
    public const int PacksMerged = 8;

    /// <summary>The segments to put into one pack; empty when there is nothing to do.</summary>
    /// <param name="segments">All segments, oldest first.</param>
    /// <param name="isLeftAlone">True for a segment that could not be compacted.</param>
    public static IReadOnlyList<Segment> Next(IReadOnlyList<Segment> segments, Func<Segment, bool> isLeftAlone)
    {
        foreach (var segment in segments)
        {
            if (segment.Pack is null && segment.Memory is null && !isLeftAlone(segment))
            {
                return [segment];
            }
        }

        for (int first = 0; first + PacksMerged <= segments.Count; first++)
        {
            if (CanMerge(segments, first, isLeftAlone))
            {
                return [.. segments.Skip(first).Take(PacksMerged)];
            }
        }

        return [];
    }

    private static bool CanMerge(IReadOnlyList<Segment> segments, int first, Func<Segment, bool> isLeftAlone)
    {
        long frames = 0;
        for (int at = first; at < first + PacksMerged; at++)
        {
            if (segments[at].Pack is not { } pack || isLeftAlone(segments[at]) || SizeClass(pack) != SizeClass(segments[first].Pack!)
                || (at > first && segments[at - 1].End != segments[at].Base))
            {
                return false;
            }

            frames += pack.Frames;
        }

        return frames <= MostFrames && segments[first + PacksMerged - 1].End - segments[first].Base <= int.MaxValue;
    }

    private static int SizeClass(Pack pack) => BitOperations.Log2((ulong)pack.Frames | 1) / 3;
}
