using System.Text;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Fast sampling of one channel for an abuse test: 50 passes a second, each published, in frames that leave after 0.2 s. The
/// others pass once a second meanwhile, except those that must keep their rate because they are armed. Asked for from any
/// thread, carried out by the sampling loop between two passes. Outlives a restart of the node: the channel is kept in flash.
/// </summary>
public sealed class AbuseMode : IStatusPart
{
    /// <summary>Time between passes of the channel under abuse.</summary>
    public const long PassMicroseconds = 20000;

    /// <summary>A frame of the channel under abuse leaves at this age.</summary>
    public const long PublishMicroseconds = 200000;

    /// <summary>Time between passes of the other channels.</summary>
    public const long OthersPassMicroseconds = 1000000;

    private readonly ChannelSampler[] channels;
    private readonly AbuseMemory memory;
    private readonly long acquireMicroseconds;
    private readonly long sampleMicroseconds;
    private readonly long publishMicroseconds;
    private FramePublisher? publisher;
    private int requested = -1;

    /// <summary>Takes the rates of ordinary running, and goes on with what the boot before was doing.</summary>
    public AbuseMode(
        ChannelSampler[] channels, AbuseMemory memory, long acquireMicroseconds, long sampleMicroseconds, long publishMicroseconds)
    {
        this.memory = memory;
        this.channels = channels;
        this.acquireMicroseconds = acquireMicroseconds;
        this.sampleMicroseconds = sampleMicroseconds;
        this.publishMicroseconds = publishMicroseconds;
        string kept = memory.Load();
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].Channel == kept)
            {
                requested = i;
            }
        }
    }

    /// <summary>Index of the channel under abuse; -1 for none.</summary>
    public int ActiveIndex { get; private set; } = -1;

    /// <summary>Name of the channel that is really sampled 50 times a second now; null for none.</summary>
    public string? FastChannel
    {
        get
        {
            int index = ActiveIndex;
            return index >= 0 && channels[index].IsRunning && channels[index].SampleIntervalMicroseconds == PassMicroseconds
                ? channels[index].Channel
                : null;
        }
    }

    /// <summary>Who sends the status when the mode changes.</summary>
    public void SetPublisher(FramePublisher framePublisher)
    {
        publisher = framePublisher;
    }

    /// <summary>
    /// Asks for the mode on a channel, by index; null, or one line saying why not. <paramref name="warning"/>: what came of it
    /// beside; empty for nothing.
    /// </summary>
    public string? Begin(int channelIndex, out string warning)
    {
        warning = "";
        if (channelIndex < 0 || channelIndex >= channels.Length)
        {
            return "channel index is " + channelIndex + ", must be 0 to " + (channels.Length - 1);
        }

        if (requested >= 0 && requested != channelIndex)
        {
            return "channel " + channels[requested].Channel + " is in abuse mode, one channel at a time can be";
        }

        if (requested != channelIndex)
        {
            warning = memory.Save(channels[channelIndex].Channel) ? "" : "the flash cannot be written: a restart would end it";
        }

        requested = channelIndex;
        return null;
    }

    /// <summary>Asks for ordinary running on all channels.</summary>
    public void End()
    {
        requested = -1;
        memory.Clear();
    }

    /// <inheritdoc/>
    public void AppendTo(StringBuilder text)
    {
        string? channel = FastChannel;
        if (channel != null)
        {
            text.Append(",\"abuseChannel\":\"").Append(channel).Append('"');
        }
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

        publisher?.SendStatusSoon();
    }
}
