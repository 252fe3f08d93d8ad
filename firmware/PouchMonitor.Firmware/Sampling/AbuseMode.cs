namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Fast sampling of one channel for an abuse test: 50 passes a second, each published, in frames that leave after 0.2 s. The
/// others pass once a second meanwhile, except those that must keep their rate because they are armed. Asked for from any
/// thread, carried out by the sampling loop between two passes.
/// </summary>
public sealed class AbuseMode
{
    /// <summary>Time between passes of the channel under abuse.</summary>
    public const long PassMicroseconds = 20000;

    /// <summary>A frame of the channel under abuse leaves at this age.</summary>
    public const long PublishMicroseconds = 200000;

    /// <summary>Time between passes of the other channels.</summary>
    public const long OthersPassMicroseconds = 1000000;

    private readonly ChannelSampler[] channels;
    private readonly long acquireMicroseconds;
    private readonly long sampleMicroseconds;
    private readonly long publishMicroseconds;
    private int requested = -1;

    /// <summary>Takes the rates of ordinary running.</summary>
    public AbuseMode(ChannelSampler[] channels, long acquireMicroseconds, long sampleMicroseconds, long publishMicroseconds)
    {
        this.channels = channels;
        this.acquireMicroseconds = acquireMicroseconds;
        this.sampleMicroseconds = sampleMicroseconds;
        this.publishMicroseconds = publishMicroseconds;
    }

    /// <summary>Index of the channel under abuse; -1 for none.</summary>
    public int ActiveIndex { get; private set; } = -1;

    /// <summary>Asks for the mode on a channel, by index; null, or one line saying why not.</summary>
    public string? Begin(int channelIndex)
    {
        if (channelIndex < 0 || channelIndex >= channels.Length)
        {
            return "channel index is " + channelIndex + ", must be 0 to " + (channels.Length - 1);
        }

        if (requested >= 0 && requested != channelIndex)
        {
            return "channel " + channels[requested].Channel + " is in abuse mode, one channel at a time can be";
        }

        requested = channelIndex;
        return null;
    }

    /// <summary>Asks for ordinary running on all channels.</summary>
    public void End()
    {
        requested = -1;
    }

    /// <summary>Carries out what was asked for; the sampling loop calls it between passes.</summary>
    public void Apply(long nowMicroseconds)
    {
        int wanted = requested;
        if (wanted == ActiveIndex)
        {
            return;
        }

        ActiveIndex = wanted;
        for (int i = 0; i < channels.Length; i++)
        {
            // Channels take turns, so that they do not wait for each other.
            ChannelSampler channel = channels[i];
            if (i == wanted)
            {
                channel.SetRates(PassMicroseconds, PassMicroseconds, PublishMicroseconds, nowMicroseconds);
            }
            else if (wanted < 0 || channel.KeepsRate || acquireMicroseconds >= OthersPassMicroseconds)
            {
                long first = nowMicroseconds + (acquireMicroseconds * i / channels.Length);
                channel.SetRates(acquireMicroseconds, sampleMicroseconds, publishMicroseconds, first);
            }
            else
            {
                long slow = (sampleMicroseconds + OthersPassMicroseconds - 1) / OthersPassMicroseconds * OthersPassMicroseconds;
                long first = nowMicroseconds + (OthersPassMicroseconds * i / channels.Length);
                channel.SetRates(OthersPassMicroseconds, slow, publishMicroseconds > slow ? publishMicroseconds : slow, first);
            }
        }
    }
}
