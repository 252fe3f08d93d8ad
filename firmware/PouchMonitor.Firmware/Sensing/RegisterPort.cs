namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// A part on the bus by its byte registers: reads and writes them, counts what fails, and forgets that the part was set up
/// when a transfer fails, since a part that lost its supply comes back with its own settings.
/// </summary>
public sealed class RegisterPort
{
    private readonly II2cPort port;
    private readonly byte[] written = new byte[2];

    public RegisterPort(II2cPort port)
    {
        this.port = port;
    }

    /// <summary>Transfers that failed since boot.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>True from a set-up on, until a transfer fails.</summary>
    public bool IsConfigured { get; set; }

    /// <summary>Reads from a register on; false when the transfer failed.</summary>
    public bool Read(byte register, byte[] into, int count)
    {
        written[0] = register;
        return Succeeded(port.WriteRead(written, 1, into, count));
    }

    /// <summary>Writes one register; false when the transfer failed.</summary>
    public bool Write(byte register, byte value)
    {
        written[0] = register;
        written[1] = value;
        return Succeeded(port.Write(written, 2));
    }

    private bool Succeeded(I2cOutcome outcome)
    {
        if (outcome == I2cOutcome.Complete)
        {
            return true;
        }

        ErrorCount++;
        IsConfigured = false;
        return false;
    }
}
