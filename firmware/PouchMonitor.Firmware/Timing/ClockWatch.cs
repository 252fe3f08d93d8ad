using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Timing;

/// <summary>
/// Tells by how much the clock has come away from anchor and uptime: a crystal off by 20 ppm makes 1.7 s a day, and times of
/// samples carry that error until the next boot, since the anchor does not move. The event <c>clock</c> states it, so that
/// it can be seen and, by whoever needs it, taken out: when it has changed by a tenth of a second, at most every ten minutes.
/// </summary>
public sealed class ClockWatch
{
    private const long IntervalMicroseconds = 600L * 1000000;
    private const long ChangeMicroseconds = 100000;

    private readonly BootAnchor anchor;
    private readonly NodeReports reports;
    private long nextLookMicroseconds;
    private long toldMicroseconds;

    public ClockWatch(BootAnchor anchor, NodeReports reports)
    {
        this.anchor = anchor;
        this.reports = reports;
    }

    /// <summary>Looks when it is time to.</summary>
    public void Look(long nowMicroseconds)
    {
        if (nowMicroseconds < nextLookMicroseconds || !anchor.TryGetOffset(out long offset))
        {
            return;
        }

        nextLookMicroseconds = nowMicroseconds + IntervalMicroseconds;
        long change = offset - toldMicroseconds;
        if (change >= ChangeMicroseconds || change <= -ChangeMicroseconds)
        {
            toldMicroseconds = offset;
            reports.AddEvent("clock", null, offset);
        }
    }
}
