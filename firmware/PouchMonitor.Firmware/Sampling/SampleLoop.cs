using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Serves the channels of a node in the order in which their samples are due, and between them the passes that the protection
/// of an armed channel asks for.
/// </summary>
public sealed class SampleLoop
{
    private readonly IClock clock;
    private readonly ChannelSampler[] channels;
    private readonly GuardedSensors[] guards;
    private readonly AbuseMode abuse;
    private readonly TriggerInput trigger;

    public SampleLoop(
        IClock clock, ChannelSampler[] channels, GuardedSensors[] guards, AbuseMode abuse, TriggerInput trigger)
    {
        this.trigger = trigger;
        this.guards = guards;
        this.clock = clock;
        this.channels = channels;
        this.abuse = abuse;
    }

    /// <summary>Uptime at which the next pass of any channel is due; the largest number when all rest.</summary>
    public long NextDueMicroseconds
    {
        get
        {
            ChannelSampler? next = NextChannel();
            long due = next == null ? long.MaxValue : next.NextDueMicroseconds;
            GuardedSensors? guard = NextGuard(due);
            return guard == null ? due : guard.Protection.NextDueMicroseconds;
        }
    }

    /// <summary>Waits for the next pass and takes it; returns false when it is not due before <paramref name="untilMicroseconds"/>.</summary>
    public bool RunNext(long untilMicroseconds)
    {
        abuse.Apply(clock.UptimeMicroseconds);
        ChannelSampler? next = NextChannel();
        long due = next == null ? long.MaxValue : next.NextDueMicroseconds;
        GuardedSensors? guard = NextGuard(due);
        due = guard == null ? due : guard.Protection.NextDueMicroseconds;
        if (due > untilMicroseconds || due == long.MaxValue)
        {
            return false;
        }

        WaitUntil(due);
        if (guard != null)
        {
            guard.Look();
        }
        else
        {
            next!.Acquire(clock.UptimeMicroseconds);
        }

        trigger.Look();
        return true;
    }

    /// <summary>Waits, and looks at the trigger input meanwhile.</summary>
    private void WaitUntil(long due)
    {
        long wait = due - clock.UptimeMicroseconds;
        while (wait > 0)
        {
            clock.WaitMicroseconds(trigger.IsWatched && wait > TriggerInput.LookMicroseconds ? TriggerInput.LookMicroseconds : wait);
            trigger.Look();
            wait = due - clock.UptimeMicroseconds;
        }
    }

    /// <summary>The guard that is due first and before <paramref name="due"/>; null where the sample comes first.</summary>
    private GuardedSensors? NextGuard(long due)
    {
        GuardedSensors? next = null;
        for (int i = 0; i < guards.Length; i++)
        {
            long own = guards[i].Protection.NextDueMicroseconds;
            if (own < due)
            {
                next = guards[i];
                due = own;
            }
        }

        return next;
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
