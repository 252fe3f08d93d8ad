namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Texas Instruments TCA9548A bus multiplexer (datasheet SCPS207, 8.6): one control byte, a bit a segment, in force from
/// the stop condition on. The byte is read back in the same transfer, so that a selection that did not take is known before
/// another channel's converters are read in its place.
/// </summary>
public sealed class Tca9548a
{
    /// <summary>Address with all address pins low.</summary>
    public const int LowestAddress = 0x70;

    /// <summary>Outputs of the part.</summary>
    public const int OutputCount = 8;

    private readonly II2cPort port;
    private readonly IBoardPins pins;
    private readonly byte[] written = new byte[1];
    private readonly byte[] read = new byte[1];

    public Tca9548a(II2cPort port, IBoardPins pins)
    {
        this.port = port;
        this.pins = pins;
    }

    /// <summary>Selections that failed since boot.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Times the part was reset since boot.</summary>
    public int ResetCount { get; private set; }

    /// <summary>Selects one segment alone, 0 to 7; anything but <see cref="I2cOutcome.Complete"/> leaves it unknown.</summary>
    public I2cOutcome Select(int output)
    {
        written[0] = (byte)(1 << output);
        I2cOutcome outcome = port.WriteRead(written, 1, read, 1);
        if (outcome == I2cOutcome.Complete && read[0] != written[0])
        {
            outcome = I2cOutcome.Partial;
        }

        ErrorCount += outcome == I2cOutcome.Complete ? 0 : 1;
        return outcome;
    }

    /// <summary>Lets go of a segment that is held down.</summary>
    public void Reset()
    {
        pins.ResetMultiplexer();
        ResetCount++;
    }
}
