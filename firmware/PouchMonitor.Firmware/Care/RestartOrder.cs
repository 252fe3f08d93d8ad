using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// A restart that somebody ordered: it waits until what is to be said has been handed to the link, a short while at least
/// and not for ever.
/// </summary>
public sealed class RestartOrder
{
    // The last answer is in flight when the queue is empty; a second brings it over any network that works. Sampling stands
    // still meanwhile, which the watchdog bears for longer than the six.
    private const long LeastWaitMicroseconds = 1000000;
    private const long MostWaitMicroseconds = 6000000;

    private readonly NodeReports reports;
    private bool isOrdered;
    private bool hasBegun;
    private long orderedMicroseconds;

    public RestartOrder(NodeReports reports)
    {
        this.reports = reports;
    }

    /// <summary>True once it was ordered.</summary>
    public bool IsOrdered => isOrdered;

    /// <summary>Orders it. Any thread.</summary>
    public void Give()
    {
        isOrdered = true;
    }

    /// <summary>
    /// True when the time for it has come, by the publisher's clock. <paramref name="isAllSent"/>: no sample waits either.
    /// </summary>
    public bool IsDue(long publisherMicroseconds, bool isAllSent)
    {
        if (!isOrdered)
        {
            return false;
        }

        if (!hasBegun)
        {
            hasBegun = true;
            orderedMicroseconds = publisherMicroseconds;
        }

        long waited = publisherMicroseconds - orderedMicroseconds;
        return waited >= MostWaitMicroseconds || (waited >= LeastWaitMicroseconds && isAllSent && reports.PeekEvent() == null);
    }
}
