using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The external watchdog: when it has not been kicked for its window it holds the board in reset, and every latch opens. The
/// program is gone then, until somebody boots the board.
/// </summary>
public sealed class EmulatedWatchdog : IWorldWatcher
{
    /// <summary>
    /// Shortest window of the part on the board (hardware/PROTECTION.md): longer than a handshake of 3 s, a stuck bus of 1 s,
    /// an erased sector of 0.4 s and the start of the runtime together.
    /// </summary>
    public const long ShortestWindowMicroseconds = 13_400_000;

    /// <summary>Longest window of the part.</summary>
    public const long LongestWindowMicroseconds = 17_900_000;

    private readonly EmulatedPins lines;
    private long kicked;

    public EmulatedWatchdog(VirtualClock time, EmulatedPins lines)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(lines);
        this.lines = lines;
        kicked = time.UptimeMicroseconds;
        NextMicroseconds = kicked + WindowMicroseconds;
        time.Watch(this);
    }

    public long WindowMicroseconds { get; set; } = ShortestWindowMicroseconds;

    /// <summary>World time at which it bit last; null for never.</summary>
    public long? BittenMicroseconds { get; private set; }

    /// <summary>True from a bite until the next boot.</summary>
    public bool HoldsReset { get; private set; }

    /// <inheritdoc/>
    public long NextMicroseconds { get; private set; }

    /// <summary>The board was booted anew.</summary>
    public void Release() => HoldsReset = false;

    /// <inheritdoc/>
    public void Look(long worldMicroseconds)
    {
        kicked = Math.Max(kicked, lines.KickedMicroseconds);
        if (worldMicroseconds - kicked >= WindowMicroseconds)
        {
            BittenMicroseconds = worldMicroseconds;
            HoldsReset = true;
            lines.Reset();
            kicked = worldMicroseconds;
        }

        NextMicroseconds = kicked + WindowMicroseconds;
    }
}
