namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>What a hold says after a cycle.</summary>
internal enum HoldChange
{
    None = 0,
    Raised = 1,
    Cleared = 2,
}

/// <summary>
/// Raises after so many cycles in a row at the raise level and clears after as many at the clear level; between the two
/// it keeps what it is.
/// </summary>
internal struct CycleHold
{
    public bool IsRaised;
    public int Count;

    /// <summary>End of the first cycle of the run that raised it.</summary>
    public long OnsetMicroseconds;
    public int OnsetCycle;

    public HoldChange Take(bool raises, bool clears, int holdCycles, long endMicroseconds, int cycle)
    {
        bool counts = IsRaised ? clears : raises;
        if (!counts)
        {
            Count = 0;
            return HoldChange.None;
        }

        if (Count++ == 0 && !IsRaised)
        {
            OnsetMicroseconds = endMicroseconds;
            OnsetCycle = cycle;
        }

        if (Count < holdCycles)
        {
            return HoldChange.None;
        }

        Count = 0;
        IsRaised = !IsRaised;
        return IsRaised ? HoldChange.Raised : HoldChange.Cleared;
    }
}
