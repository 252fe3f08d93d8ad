using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>Where a frame lies in its segment.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexEntry
{
    /// <summary>Number of its first sample.</summary>
    public long First;

    /// <summary>Time of its first sample, microseconds.</summary>
    public long FirstTime;

    /// <summary>Samples in it.</summary>
    public int Count;

    /// <summary>Offset of its record in the segment.</summary>
    public int Offset;

    /// <summary>Number of its stream in the segment.</summary>
    public int Local;

    /// <summary>Entry of the same stream added before it; -1 when none.</summary>
    public int Previous;

    public static int InOrder(IndexEntry left, IndexEntry right)
    {
        int order = left.First.CompareTo(right.First);
        order = order != 0 ? order : left.Count.CompareTo(right.Count);
        return order != 0 ? order : left.Offset.CompareTo(right.Offset);
    }
}
