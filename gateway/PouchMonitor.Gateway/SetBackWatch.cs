namespace PouchMonitor.Gateway;

/// <summary>
/// Notices that the clock was set back between two looks at it. What waits for a time of day would then wait as much longer.
/// Not for several threads.
/// </summary>
internal sealed class SetBackWatch
{
    private const long LeastMicroseconds = 1_000_000;
    private long lastMicroseconds;

    /// <summary>By how much it was set back since the last look, microseconds; 0 where it was not, or by less than a second, as clocks are trimmed.</summary>
    public long Look(long nowMicroseconds)
    {
        long back = lastMicroseconds - nowMicroseconds;
        lastMicroseconds = nowMicroseconds;
        return back >= LeastMicroseconds ? back : 0;
    }
}
