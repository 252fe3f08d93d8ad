using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The board's own monotonic time: zero at each boot, and a crystal that is fast or slow against the world.
/// </summary>
public sealed class NodeClock(VirtualClock world, double driftPpm) : IClock
{
    private readonly long bootedMicroseconds = world.UptimeMicroseconds;
    private readonly double rate = 1 + (driftPpm * 1e-6);

    /// <summary>World time at this boot.</summary>
    public long BootedMicroseconds => bootedMicroseconds;

    /// <inheritdoc/>
    public long UptimeMicroseconds => FromWorld(world.UptimeMicroseconds);

    /// <inheritdoc/>
    public void WaitMicroseconds(long microseconds) => world.AdvanceTo(ToWorld(UptimeMicroseconds + microseconds));

    /// <summary>What this clock shows at a world time.</summary>
    public long FromWorld(long worldMicroseconds) =>
        driftPpm == 0 ? worldMicroseconds - bootedMicroseconds : (long)Math.Floor((worldMicroseconds - bootedMicroseconds) * rate);

    /// <summary>The first world time at which this clock shows <paramref name="uptimeMicroseconds"/> or more.</summary>
    public long ToWorld(long uptimeMicroseconds)
    {
        if (driftPpm == 0)
        {
            return uptimeMicroseconds + bootedMicroseconds;
        }

        long at = bootedMicroseconds + (long)Math.Ceiling(uptimeMicroseconds / rate);
        while (FromWorld(at) < uptimeMicroseconds)
        {
            at++;
        }

        return at;
    }
}
