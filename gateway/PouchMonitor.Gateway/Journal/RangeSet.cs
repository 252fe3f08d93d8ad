using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Disjoint, ascending ranges of sample numbers. The last range lies in the value itself, so that a stream that arrives in
/// order needs no array. A copy is a snapshot: after <see cref="Freeze"/> the shared part is copied before it is changed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RangeSet
{
    private SampleRange[]? earlier;
    private int earlierCount;
    private bool isOwned;
    private SampleRange last;

    /// <summary>Number of ranges.</summary>
    public readonly int Count => last.End > last.First ? earlierCount + 1 : 0;

    /// <summary>End of the highest range; lowest possible number when empty.</summary>
    public readonly long End => Count == 0 ? long.MinValue : last.End;

    /// <summary>Highest n such that 0 to n - 1 are all in; 0 when 0 is not.</summary>
    public readonly long ReachFromZero
    {
        get
        {
            if (Count == 0)
            {
                return 0;
            }

            var lowest = earlierCount > 0 ? earlier![0] : last;
            return lowest.First <= 0 ? Math.Max(lowest.End, 0) : 0;
        }
    }

    /// <summary>True when a number in [first, end) is in.</summary>
    public readonly bool Overlaps(long first, long end)
    {
        if (Count == 0 || first >= last.End)
        {
            return false;
        }

        if (end > last.First)
        {
            return true;
        }

        int at = FirstEndingAfter(first);
        return at < earlierCount && earlier![at].First < end;
    }

    /// <summary>True when adding [first, end), not overlapping, leaves more ranges than before.</summary>
    public readonly bool WouldSplit(long first, long end)
    {
        if (Count == 0 || first > last.End)
        {
            return true;
        }

        if (first == last.End || end == last.First)
        {
            return false;
        }

        int at = FirstEndingAfter(first - 1);
        return at >= earlierCount || (earlier![at].End != first && earlier[at].First != end);
    }

    /// <summary>Puts in all of [first, end).</summary>
    public void Add(long first, long end)
    {
        if (end <= first)
        {
            return;
        }

        if (Count == 0)
        {
            last = new SampleRange(first, end);
        }
        else if (first > last.End)
        {
            Append(last);
            last = new SampleRange(first, end);
        }
        else if (first >= last.First)
        {
            last = new SampleRange(last.First, Math.Max(last.End, end));
        }
        else
        {
            Merge(first, end);
        }
    }

    /// <summary>Says that a copy of this value is kept elsewhere.</summary>
    public void Freeze() => isOwned = false;

    public readonly SampleRange[] ToArray()
    {
        var all = new SampleRange[Count];
        if (all.Length > 0)
        {
            earlier.AsSpan(0, earlierCount).CopyTo(all);
            all[^1] = last;
        }

        return all;
    }

    // Index of the first earlier range whose end lies above a number.
    private readonly int FirstEndingAfter(long number)
    {
        int low = 0;
        int high = earlierCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (earlier![middle].End > number)
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

    private void Append(SampleRange range)
    {
        // Places beyond a snapshot's count belong to nobody else, so that appending never needs a copy.
        if (earlier is null || earlierCount == earlier.Length)
        {
            Array.Resize(ref earlier, Math.Max(4, earlierCount * 2));
            isOwned = true;
        }

        earlier[earlierCount++] = range;
    }

    private void Merge(long first, long end)
    {
        int from = FirstEndingAfter(first - 1); // may touch or overlap
        int to = from;
        while (to < earlierCount && earlier![to].First <= end)
        {
            first = Math.Min(first, earlier[to].First);
            end = Math.Max(end, earlier[to].End);
            to++;
        }

        bool takesLast = end >= last.First;
        if (takesLast)
        {
            last = new SampleRange(Math.Min(first, last.First), Math.Max(end, last.End));
        }

        Replace(from, to, takesLast ? null : new SampleRange(first, end));
    }

    private void Replace(int from, int to, SampleRange? with)
    {
        int added = with.HasValue ? 1 : 0;
        int newCount = earlierCount - (to - from) + added;
        var source = earlier ?? [];
        var target = source;
        if (!isOwned || newCount > source.Length)
        {
            target = new SampleRange[Math.Max(4, newCount + (newCount / 2))];
            Array.Copy(source, target, from);
        }

        Array.Copy(source, to, target, from + added, earlierCount - to);
        if (with is { } range)
        {
            target[from] = range;
        }

        earlier = target;
        earlierCount = newCount;
        isOwned = true;
    }
}
