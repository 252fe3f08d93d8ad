using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The emulated ESP32 board. What a restart keeps (flash, bus with its parts, the world's time) lives as long as this
/// object; <see cref="Boot"/> begins a new boot with its own clock and random number.
/// </summary>
public sealed class EmulatedBoard : IBoard
{
    private readonly double driftPpm;
    private ulong boot;
    private NodeClock clock;

    /// <summary>A board in its first boot; its crystal is off by <paramref name="driftPpm"/>.</summary>
    public EmulatedBoard(ulong boot, double driftPpm = 0)
    {
        this.boot = boot;
        this.driftPpm = driftPpm;
        Time = new VirtualClock();
        clock = new NodeClock(Time, driftPpm);
        Bus = new EmulatedI2cBus(Time);
        Flash = new EmulatedFlash(Time);
        Lines = new EmulatedPins(Time) { OnMultiplexerReset = () => Bus.Multiplexer?.Reset() };
    }

    /// <summary>The world's virtual time, which no restart resets.</summary>
    public VirtualClock Time { get; }

    public EmulatedI2cBus Bus { get; }

    public EmulatedFlash Flash { get; }

    public EmulatedPins Lines { get; }

    /// <summary>The external watchdog; null while none is on the board.</summary>
    public EmulatedWatchdog? Watchdog { get; set; }

    /// <summary>The clock of this boot.</summary>
    public NodeClock NodeClock => clock;

    /// <summary>Unix microseconds at uptime zero; null while the node does not know the date.</summary>
    public long? BootAnchorUnixMicroseconds { get; set; }

    /// <summary>True once this boot was ended by the program.</summary>
    public bool IsRestartOrdered { get; private set; }

    /// <summary>True once the program of this boot runs no more.</summary>
    public bool IsDown => IsRestartOrdered || Watchdog is { HoldsReset: true };

    /// <inheritdoc/>
    public IClock Clock => clock;

    /// <inheritdoc/>
    public IFileSystem Files => Flash;

    /// <inheritdoc/>
    public IBoardPins Pins => Lines;

    /// <inheritdoc/>
    public RestartCause RestartCause { get; private set; } = RestartCause.PowerOn;

    /// <inheritdoc/>
    public long FreeHeapBytes { get; set; } = 90 * 1024;

    /// <inheritdoc/>
    public int SignalDbm { get; set; } = -60;

    /// <summary>Begins the next boot: every line falls to its state at reset, the clock starts at zero, the date is forgotten.</summary>
    public void Boot(ulong boot, RestartCause cause)
    {
        this.boot = boot;
        RestartCause = cause;
        IsRestartOrdered = false;
        BootAnchorUnixMicroseconds = null;
        Lines.Reset();
        Watchdog?.Release();
        clock = new NodeClock(Time, driftPpm);
    }

    /// <inheritdoc/>
    public II2cPort OpenI2c(int address, bool isFast) => Bus.Open(address, isFast);

    /// <inheritdoc/>
    public bool TryGetBootAnchor(out long unixMicroseconds)
    {
        unixMicroseconds = BootAnchorUnixMicroseconds ?? 0;
        return BootAnchorUnixMicroseconds.HasValue;
    }

    /// <inheritdoc/>
    public ulong DrawBootId() => boot;

    /// <inheritdoc/>
    public void Restart() => IsRestartOrdered = true;
}
