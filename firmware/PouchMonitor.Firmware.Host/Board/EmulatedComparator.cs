using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The window comparator of a channel with its input filter: looks at the cell's voltage every <see cref="StepMicroseconds"/>
/// of virtual time, whatever the program does, and clears the relay's latch once the voltage has been outside its window for
/// <see cref="FilterMicroseconds"/>. Its window is set by resistors, outside every limit of the program.
/// </summary>
public sealed class EmulatedComparator : IWorldWatcher
{
    /// <summary>Time between two looks.</summary>
    public const long StepMicroseconds = 250;

    private readonly EmulatedPins lines;
    private readonly int channelIndex;
    private readonly Func<double> volts;
    private long outsideSinceMicroseconds = -1;

    public EmulatedComparator(VirtualClock time, EmulatedPins lines, int channelIndex, Func<double> volts)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.lines = lines;
        this.channelIndex = channelIndex;
        this.volts = volts;
        NextMicroseconds = time.UptimeMicroseconds;
        time.Watch(this);
    }

    public double LowV { get; set; } = 1.5;

    public double HighV { get; set; } = 4.6;

    /// <summary>From a crossing to the latch, for the slowest case simulated (20 mV beyond a level, hardware/PROTECTION.md).</summary>
    public long FilterMicroseconds { get; set; } = 2750;

    /// <inheritdoc/>
    public long NextMicroseconds { get; private set; }

    /// <inheritdoc/>
    public void Look(long worldMicroseconds)
    {
        NextMicroseconds = worldMicroseconds + StepMicroseconds;
        double now = volts();
        if (now > LowV && now < HighV)
        {
            outsideSinceMicroseconds = -1;
            lines.SetComparator(channelIndex, false);
            return;
        }

        outsideSinceMicroseconds = outsideSinceMicroseconds < 0 ? worldMicroseconds : outsideSinceMicroseconds;
        if (worldMicroseconds - outsideSinceMicroseconds >= FilterMicroseconds)
        {
            lines.SetComparator(channelIndex, true);
        }
    }
}
