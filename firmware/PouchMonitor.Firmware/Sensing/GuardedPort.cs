namespace PouchMonitor.Firmware.Sensing;

/// <summary>A part on a guarded segment: while the segment is lost, its transfers fail at once.</summary>
public sealed class GuardedPort : II2cPort
{
    private readonly II2cPort port;
    private readonly SegmentGuard guard;

    public GuardedPort(II2cPort port, SegmentGuard guard)
    {
        this.port = port;
        this.guard = guard;
    }

    /// <inheritdoc/>
    public I2cOutcome Write(byte[] bytes, int count)
    {
        if (guard.IsLost)
        {
            return I2cOutcome.Timeout;
        }

        I2cOutcome outcome = port.Write(bytes, count);
        guard.Take(outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount)
    {
        if (guard.IsLost)
        {
            return I2cOutcome.Timeout;
        }

        I2cOutcome outcome = port.WriteRead(toWrite, writeCount, toRead, readCount);
        guard.Take(outcome);
        return outcome;
    }
}
