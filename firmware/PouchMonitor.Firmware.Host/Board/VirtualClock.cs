using System;
using System.Threading;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The emulated board's time: it passes only when somebody lets it, so hours run in milliseconds and every run is the same.
/// One thread moves it, any may read it.
/// </summary>
public sealed class VirtualClock : IClock
{
    private long uptimeMicroseconds;

    /// <inheritdoc/>
    public long UptimeMicroseconds => Interlocked.Read(ref uptimeMicroseconds);

    /// <inheritdoc/>
    public void WaitMicroseconds(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        Interlocked.Add(ref uptimeMicroseconds, microseconds);
    }

    /// <summary>Moves on to a time; does nothing when it has already passed.</summary>
    public void AdvanceTo(long microseconds)
    {
        long left = microseconds - UptimeMicroseconds;
        if (left > 0)
        {
            WaitMicroseconds(left);
        }
    }
}
