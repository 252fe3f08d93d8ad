using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware;

/// <summary>What the node needs of the board it runs on.</summary>
public interface IBoard
{
    IClock Clock { get; }

    /// <summary>The flash.</summary>
    IFileSystem Files { get; }

    IBoardPins Pins { get; }

    /// <summary>Why this boot began.</summary>
    RestartCause RestartCause { get; }

    /// <summary>Managed heap that is free, bytes.</summary>
    long FreeHeapBytes { get; }

    /// <summary>Strength of the Wi-Fi signal, dBm; 0 while there is no link.</summary>
    int SignalDbm { get; }

    /// <summary>Opens a part on the I2C bus. <paramref name="isFast"/>: 400 kHz, else 100 kHz.</summary>
    II2cPort OpenI2c(int address, bool isFast);

    /// <summary>
    /// Unix microseconds at uptime zero of this boot by what the clock shows now, right or not; false while it shows
    /// nothing. Moves when the clock is set; <see cref="Timing.BootAnchor"/> decides which reading counts.
    /// </summary>
    bool TryGetBootAnchor(out long unixMicroseconds);

    /// <summary>A random number for this boot; drawn once at each start.</summary>
    ulong DrawBootId();

    /// <summary>Starts the board anew; does not return on the device.</summary>
    void Restart();
}
