using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>The emulated ESP32 board: bus, clock, date and random number.</summary>
public sealed class EmulatedBoard : IBoard
{
    private readonly ulong boot;

    public EmulatedBoard(ulong boot)
    {
        this.boot = boot;
        Time = new VirtualClock();
        Bus = new EmulatedI2cBus(Time);
    }

    /// <summary>The board's virtual time.</summary>
    public VirtualClock Time { get; }

    public EmulatedI2cBus Bus { get; }

    /// <summary>Unix microseconds at uptime zero; null while the node does not know the date.</summary>
    public long? BootAnchorUnixMicroseconds { get; set; }

    /// <inheritdoc/>
    public IClock Clock => Time;

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
}
