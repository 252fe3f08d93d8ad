using System;
using System.Collections.Generic;
using System.Threading;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The emulated board's time: it passes only when somebody lets it, so hours run in milliseconds and every run is the same.
/// One thread moves it, any may read it.
/// </summary>
public sealed class VirtualClock : IClock
{
    private readonly List<IWorldWatcher> watchers = [];
    private long uptimeMicroseconds;

    /// <inheritdoc/>
    public long UptimeMicroseconds => Interlocked.Read(ref uptimeMicroseconds);

    /// <inheritdoc/>
    public void WaitMicroseconds(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        if (watchers.Count == 0)
        {
            Interlocked.Add(ref uptimeMicroseconds, microseconds);
            return;
        }

        long until = UptimeMicroseconds + microseconds;
        IWorldWatcher? next = NextWatcher(until);
        while (next is not null)
        {
            Interlocked.Exchange(ref uptimeMicroseconds, Math.Max(UptimeMicroseconds, next.NextMicroseconds));
            next.Look(UptimeMicroseconds);
            next = NextWatcher(until);
        }

        Interlocked.Exchange(ref uptimeMicroseconds, until);
    }

    /// <summary>From now on time stops where this part wants to look.</summary>
    public void Watch(IWorldWatcher watcher) => watchers.Add(watcher);

    private IWorldWatcher? NextWatcher(long until)
    {
        IWorldWatcher? next = null;
        foreach (IWorldWatcher watcher in watchers)
        {
            if (watcher.NextMicroseconds <= until && (next is null || watcher.NextMicroseconds < next.NextMicroseconds))
            {
                next = watcher;
            }
        }

        return next;
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
