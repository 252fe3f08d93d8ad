namespace PouchMonitor.Firmware.Sensing;

/// <summary>How a transfer on the bus ended.</summary>
public enum I2cOutcome
{
    /// <summary>Every byte was transferred and acknowledged.</summary>
    Complete = 0,

    /// <summary>Nobody answered at the address.</summary>
    NotAcknowledged,

    /// <summary>The part stopped half-way.</summary>
    Partial,

    /// <summary>The bus was held.</summary>
    Timeout,

    /// <summary>The controller gave no better reason.</summary>
    Unknown,
}

/// <summary>
/// One part on the I2C bus. The device's own class cannot be replaced by a fake, hence this layer; it reports how each
/// transfer ended, and nobody may use what was read before looking at that.
/// </summary>
public interface II2cPort
{
    /// <summary>Writes the first <paramref name="count"/> bytes.</summary>
    I2cOutcome Write(byte[] bytes, int count);

    /// <summary>Writes, then reads after a repeated start.</summary>
    I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount);
}
