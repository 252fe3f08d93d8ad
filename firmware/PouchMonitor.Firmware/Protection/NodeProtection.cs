using System.Text;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Protection of all channels of a node and what goes round beside the sampling: the records in flash, reports, the reset
/// button, the watchdog. Its <see cref="Tick"/> belongs to a thread of its own, so that neither the network nor the bus can
/// keep it from coming.
/// </summary>
public sealed class NodeProtection : IStatusPart
{
    /// <summary>Time between two ticks.</summary>
    public const long TickIntervalMicroseconds = 50000;

    /// <summary>How long the button must be held to reset what tripped.</summary>
    public const long ButtonHoldMicroseconds = 3000000;

    // A tick that comes later than this has not seen whether the button was let go meanwhile.
    private const long LongestUnseenMicroseconds = 500000;

    private readonly IBoard board;
    private readonly NodeReports reports;
    private readonly FramePublisher publisher;
    private readonly ChannelProtection[] channels;
    private bool wasReleased;
    private bool hasReset;
    private long pressedMicroseconds = -1;
    private long tickedMicroseconds;

    public NodeProtection(
        IBoard board, NodeReports reports, FramePublisher publisher, ChannelProtection[] channels, ChannelSampler[] samplers)
    {
        this.board = board;
        this.reports = reports;
        this.publisher = publisher;
        this.channels = channels;
        Health = new LoopHealth(samplers, board.Clock.UptimeMicroseconds);
        tickedMicroseconds = board.Clock.UptimeMicroseconds;
    }

    /// <summary>Whether the loops go round.</summary>
    public LoopHealth Health { get; }

    /// <summary>Number of channels.</summary>
    public int Count => channels.Length;

    /// <summary>Protection of a channel (from 0).</summary>
    public ChannelProtection this[int channelIndex] => channels[channelIndex];

    /// <summary>True while any channel is armed.</summary>
    public bool IsAnyArmed
    {
        get
        {
            for (int i = 0; i < channels.Length; i++)
            {
                if (channels[i].State == ProtectionState.Armed)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Arms a channel and reports it. Null when it did, else one line with what stands against it.</summary>
    public string? Arm(int channelIndex, TestKind kind)
    {
        string? fault = channels[channelIndex].Arm(kind);
        return fault ?? Report("protection-armed", channels[channelIndex]);
    }

    /// <summary>Opens a channel's relay at the end of its test and reports it. Null when it did, else why not.</summary>
    public string? Disarm(int channelIndex)
    {
        string? fault = channels[channelIndex].Disarm();
        return fault ?? Report("protection-disarmed", channels[channelIndex]);
    }

    /// <summary>Ends the latch of a channel and reports it. Null when it did, else what still stands against it.</summary>
    public string? Reset(int channelIndex)
    {
        string? fault = channels[channelIndex].Reset();
        return fault ?? Report("protection-reset", channels[channelIndex]);
    }

    /// <summary>Opens the relay of a channel at once, as ordered by a person.</summary>
    public void TripByOrder(int channelIndex) => channels[channelIndex].Trip(ProtectionCause.Ordered, 0, 0);

    /// <summary>Opens every relay, because the program is about to start anew.</summary>
    public void OpenAllForRestart()
    {
        for (int i = 0; i < channels.Length; i++)
        {
            channels[i].OpenForRestart();
        }
    }

    /// <summary>One round: trips that are not the sampling's, records, reports, button, watchdog.</summary>
    public void Tick()
    {
        long now = board.Clock.UptimeMicroseconds;
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].Settle(now, publisher.LastAcknowledgedMicroseconds))
            {
                reports.AddProtectionEvent("protection-tripped", channels[i]);
                publisher.SendStatusSoon();
            }
        }

        now = board.Clock.UptimeMicroseconds;
        LookAtButton(now);
        Health.Kick(board.Pins, now);
        tickedMicroseconds = now;
    }

    /// <inheritdoc/>
    public void AppendTo(StringBuilder text)
    {
        text.Append(",\"protection\":{");
        for (int i = 0; i < channels.Length; i++)
        {
            ChannelProtection channel = channels[i];
            text.Append(i == 0 ? "\"" : ",\"").Append(channel.Channel).Append("\":{\"state\":\"");
            text.Append(channel.State == ProtectionState.Armed ? "armed"
                : channel.State == ProtectionState.Tripped ? "tripped" : "disarmed");
            text.Append('"');
            ProtectionReport.AppendTo(text, channel);
            text.Append('}');
        }

        text.Append('}');
    }

    private string? Report(string name, ChannelProtection channel)
    {
        reports.AddProtectionEvent(name, channel);
        publisher.SendStatusSoon();
        return null;
    }

    private void LookAtButton(long now)
    {
        bool isPressed = board.Pins.IsButtonPressed;
        wasReleased = wasReleased || !isPressed;
        if (!isPressed || !wasReleased)
        {
            // A button that is held since the start may be stuck.
            pressedMicroseconds = -1;
            hasReset = false;
            return;
        }

        if (pressedMicroseconds < 0 || now - tickedMicroseconds > LongestUnseenMicroseconds)
        {
            pressedMicroseconds = now;
        }

        if (!hasReset && now - pressedMicroseconds >= ButtonHoldMicroseconds)
        {
            hasReset = true;
            for (int i = 0; i < channels.Length; i++)
            {
                if (channels[i].State == ProtectionState.Tripped && Reset(i) != null)
                {
                    reports.AddProtectionEvent("protection-reset-refused", channels[i]);
                }
            }
        }
    }
}
