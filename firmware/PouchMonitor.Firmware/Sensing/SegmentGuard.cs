namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Watches over the wires of one channel. A held bus costs the whole runtime up to a second a transfer, so after the first
/// one that timed out the rest of the pass is refused without touching the bus and the multiplexer is reset. The next pass
/// tries again, since a disturbance is often over and an armed channel must not stay blind; from the second time-out in a
/// row on the channel is left alone for a while, twice as long each time up to <see cref="LongestRestMicroseconds"/>. Other
/// channels go on.
/// </summary>
public sealed class SegmentGuard
{
    /// <summary>Rest after the second time-out in a row; after the first there is none.</summary>
    public const long FirstRestMicroseconds = 1000000;

    /// <summary>Rest at most.</summary>
    public const long LongestRestMicroseconds = 16000000;

    private readonly IClock clock;
    private readonly Tca9548a? multiplexer;
    private readonly int output;
    private long restMicroseconds;
    private long restsUntilMicroseconds;

    /// <summary>Of a segment behind a multiplexer, or of the board's own bus where there is none.</summary>
    public SegmentGuard(IClock clock, Tca9548a? multiplexer, int output)
    {
        this.clock = clock;
        this.multiplexer = multiplexer;
        this.output = output;
    }

    /// <summary>True while nothing on this segment may be addressed.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Transfers that timed out since boot.</summary>
    public int TimeoutCount { get; private set; }

    /// <summary>Passes since boot for which the segment could not be selected.</summary>
    public int RefusedPassCount { get; private set; }

    /// <summary>Begins a pass: selects the segment; false when the channel cannot be read now.</summary>
    public bool Begin()
    {
        IsLost = clock.UptimeMicroseconds < restsUntilMicroseconds;
        if (IsLost)
        {
            return false;
        }

        if (multiplexer != null)
        {
            I2cOutcome outcome = multiplexer.Select(output);
            Take(outcome);
            IsLost = outcome != I2cOutcome.Complete;
            RefusedPassCount += IsLost ? 1 : 0;
        }

        return !IsLost;
    }

    /// <summary>Ends a pass; one without a time-out shortens the next rest again.</summary>
    public void End()
    {
        if (!IsLost)
        {
            restMicroseconds = 0;
        }
    }

    /// <summary>Takes word on a transfer.</summary>
    public void Take(I2cOutcome outcome)
    {
        if (outcome != I2cOutcome.Timeout)
        {
            return;
        }

        TimeoutCount++;
        IsLost = true;
        restsUntilMicroseconds = clock.UptimeMicroseconds + restMicroseconds;
        long next = restMicroseconds == 0 ? FirstRestMicroseconds : restMicroseconds * 2;
        restMicroseconds = next > LongestRestMicroseconds ? LongestRestMicroseconds : next;
        if (multiplexer != null)
        {
            multiplexer.Reset();
        }
    }
}
