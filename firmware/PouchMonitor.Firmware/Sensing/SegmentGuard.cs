namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Watches over the wires of one channel. A held bus costs the whole runtime up to a second a transfer, so after the first
/// one that timed out the rest of the pass is refused without touching the bus, the multiplexer is reset, and the channel is
/// left alone for a while, twice as long each time up to <see cref="LongestRestMicroseconds"/>. Other channels go on.
/// </summary>
public sealed class SegmentGuard
{
    /// <summary>Rest after the first time-out.</summary>
    public const long FirstRestMicroseconds = 1000000;

    /// <summary>Rest at most.</summary>
    public const long LongestRestMicroseconds = 16000000;

    private readonly IClock clock;
    private readonly Tca9548a? multiplexer;
    private readonly int output;
    private long restMicroseconds = FirstRestMicroseconds;
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
        }

        return !IsLost;
    }

    /// <summary>Ends a pass; one without a time-out shortens the next rest again.</summary>
    public void End()
    {
        if (!IsLost)
        {
            restMicroseconds = FirstRestMicroseconds;
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
        restMicroseconds = restMicroseconds * 2 > LongestRestMicroseconds ? LongestRestMicroseconds : restMicroseconds * 2;
        if (multiplexer != null)
        {
            multiplexer.Reset();
        }
    }
}
