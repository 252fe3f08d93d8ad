using PouchMonitor.Firmware.Sampling;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Whether the program does what it is there for: every running channel has taken its samples and the publisher goes round.
/// Only then is the external watchdog told so; without a word in its window it resets the board, and every relay opens.
/// </summary>
public sealed class LoopHealth
{
    /// <summary>How late a running channel may be: the longest legal stall and a second each of a stuck bus's transfers.</summary>
    public const long SamplingBoundMicroseconds = 10000000;

    /// <summary>How long one round of the publisher may take; looking for Wi-Fi alone takes half a minute.</summary>
    public const long PublisherBoundMicroseconds = 120000000;

    private readonly ChannelSampler[] channels;
    private long publisherMicroseconds;

    public LoopHealth(ChannelSampler[] channels, long nowMicroseconds)
    {
        this.channels = channels;
        publisherMicroseconds = nowMicroseconds;
    }

    /// <summary>Times that the watchdog was told since boot.</summary>
    public long KickCount { get; private set; }

    /// <summary>The publisher has gone round.</summary>
    public void BeatPublisher(long nowMicroseconds) => publisherMicroseconds = nowMicroseconds;

    /// <summary>True while all loops go round.</summary>
    public bool IsHealthy(long nowMicroseconds)
    {
        if (nowMicroseconds - publisherMicroseconds > PublisherBoundMicroseconds)
        {
            return false;
        }

        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].IsRunning && nowMicroseconds - channels[i].NextDueMicroseconds > SamplingBoundMicroseconds)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells the watchdog, if the loops are healthy.</summary>
    public void Kick(IBoardPins pins, long nowMicroseconds)
    {
        if (IsHealthy(nowMicroseconds))
        {
            pins.KickWatchdog();
            KickCount++;
        }
    }
}
