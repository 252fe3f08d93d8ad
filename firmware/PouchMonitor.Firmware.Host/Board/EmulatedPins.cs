using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The board's single lines with the latch of each channel: a relay is closed only while it was ordered closed and nothing
/// tripped its latch since. A reset of the board opens every relay.
/// </summary>
public sealed class EmulatedPins(VirtualClock time) : IBoardPins
{
    private const int Channels = 4;
    private readonly bool[] isClosed = new bool[Channels];
    private readonly bool[] isTripped = new bool[Channels];
    private readonly long[] openedMicroseconds = new long[Channels];

    /// <inheritdoc/>
    public bool IsButtonPressed { get; set; }

    /// <inheritdoc/>
    public bool IsTriggerClosed => TriggerClosedAt?.Invoke(time.UptimeMicroseconds) ?? false;

    /// <summary>Whether current flows through the trigger input at a world time, microseconds; null for a bare input.</summary>
    public Func<long, bool>? TriggerClosedAt { get; set; }

    public bool IsLampLit { get; private set; }

    /// <summary>Time from the latch's word until the relay's contacts are apart.</summary>
    public long ReleaseMicroseconds { get; set; } = 4000;

    /// <summary>World time of the last kick.</summary>
    public long KickedMicroseconds { get; private set; }

    /// <inheritdoc/>
    public void SetRelay(int channelIndex, bool isClosed)
    {
        if (!isClosed)
        {
            Open(channelIndex);
        }
        else if (!isTripped[channelIndex])
        {
            this.isClosed[channelIndex] = true;
        }
    }

    /// <inheritdoc/>
    public bool IsRelayClosed(int channelIndex) => isClosed[channelIndex];

    /// <inheritdoc/>
    public bool IsComparatorTripped(int channelIndex) => isTripped[channelIndex];

    /// <summary>World time at which the contacts of a channel's relay were apart last.</summary>
    public long OpenedMicroseconds(int channelIndex) => openedMicroseconds[channelIndex];

    /// <summary>True while current can flow through the relay of a channel.</summary>
    public bool Conducts(int channelIndex) => isClosed[channelIndex] || time.UptimeMicroseconds < openedMicroseconds[channelIndex];

    /// <summary>The window comparator's output: while tripped the latch opens and stays so.</summary>
    public void SetComparator(int channelIndex, bool isOutside)
    {
        isTripped[channelIndex] = isOutside;
        if (isOutside)
        {
            Open(channelIndex);
        }
    }

    /// <inheritdoc/>
    public void SetLamp(bool isLit) => IsLampLit = isLit;

    /// <summary>What hangs on the multiplexer's reset line.</summary>
    public Action? OnMultiplexerReset { get; init; }

    /// <inheritdoc/>
    public void ResetMultiplexer() => OnMultiplexerReset?.Invoke();

    /// <inheritdoc/>
    public void KickWatchdog() => KickedMicroseconds = time.UptimeMicroseconds;

    /// <summary>What the lines do while the board is held in reset.</summary>
    public void Reset()
    {
        for (int i = 0; i < Channels; i++)
        {
            Open(i);
        }

        IsLampLit = false;
        KickedMicroseconds = time.UptimeMicroseconds;
    }

    private void Open(int channelIndex)
    {
        if (isClosed[channelIndex])
        {
            isClosed[channelIndex] = false;
            openedMicroseconds[channelIndex] = time.UptimeMicroseconds + ReleaseMicroseconds;
        }
    }
}
