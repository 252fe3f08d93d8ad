namespace PouchMonitor.Firmware.Sampling;

/// <summary>Serves the channels of a node in the order in which their samples are due.</summary>
public sealed class SampleLoop
{
    private readonly IClock clock;
    private readonly ChannelSampler[] channels;
    private readonly AbuseMode abuse;

    public SampleLoop(IClock clock, ChannelSampler[] channels, AbuseMode abuse)
    {
        this.clock = clock;
        this.channels = channels;
        this.abuse = abuse;
    }

    /// <summary>Uptime at which the next sample of any channel is due; the largest number when all rest.</summary>
    public long NextDueMicroseconds
    {
        get
        {
            ChannelSampler? next = NextChannel();
            return next == null ? long.MaxValue : next.NextDueMicroseconds;
        }
    }

    /// <summary>Waits for the next sample and takes it; returns false when it is not due before <paramref name="untilMicroseconds"/>.</summary>
    public bool RunNext(long untilMicroseconds)
    {
        abuse.Apply(clock.UptimeMicroseconds);
        ChannelSampler? next = NextChannel();
        if (next == null || next.NextDueMicroseconds > untilMicroseconds)
        {
            return false;
        }

        long wait = next.NextDueMicroseconds - clock.UptimeMicroseconds;
        if (wait > 0)
        {
            clock.WaitMicroseconds(wait);
        }

        next.Acquire(clock.UptimeMicroseconds);
        return true;
    }

    private ChannelSampler? NextChannel()
    {
        ChannelSampler? next = null;
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].IsRunning && (next == null || channels[i].NextDueMicroseconds < next.NextDueMicroseconds))
            {
                next = channels[i];
            }
        }

        return next;
    }
}
