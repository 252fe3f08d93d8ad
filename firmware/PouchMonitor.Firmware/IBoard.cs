using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware;

/// <summary>What the node needs of the board it runs on.</summary>
public interface IBoard
{
    IClock Clock { get; }

    /// <summary>Opens a part on the I2C bus. <paramref name="isFast"/>: 400 kHz, else 100 kHz.</summary>
    II2cPort OpenI2c(int address, bool isFast);

    /// <summary>Unix microseconds at uptime zero of this boot; false while the date is not known.</summary>
    bool TryGetBootAnchor(out long unixMicroseconds);

    /// <summary>A random number for this boot; drawn once at each start.</summary>
    ulong DrawBootId();
}
