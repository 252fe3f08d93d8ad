using System.Text;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// The node's trigger input, looked at by the sampling loop rather than by an interrupt: an interrupt reaches this program through
/// the runtime's queue, later by an unknown time, while two looks hold the edge between them for certain, whatever held the
/// program up. Its time is the middle between the last look without and the first with, its uncertainty half of that. While a
/// channel is under abuse the looks are <see cref="LookMicroseconds"/> apart or a pass of the sensors, whichever is longer.
/// </summary>
public sealed class TriggerInput : IStatusPart
{
    /// <summary>Longest time between two looks while the loop only waits.</summary>
    public const long LookMicroseconds = 8000;

    private readonly IClock clock;
    private readonly IBoardPins pins;
    private readonly NodeReports reports;
    private readonly ChannelSampler[] channels;
    private readonly AbuseMode abuse;
    private readonly TriggerEdge edge;
    private readonly long debounceMicroseconds;
    private FramePublisher? publisher;
    private bool isReady;
    private bool isPending;
    private long lookedMicroseconds;
    private long quietSinceMicroseconds = -1;
    private long beforeMicroseconds;
    private long firstMicroseconds;
    private string lastChannel = "";

    public TriggerInput(
        IBoard board, NodeReports reports, ChannelSampler[] channels, AbuseMode abuse, TriggerEdge edge, long debounceMicroseconds)
    {
        clock = board.Clock;
        pins = board.Pins;
        this.reports = reports;
        this.channels = channels;
        this.abuse = abuse;
        this.edge = edge;
        this.debounceMicroseconds = debounceMicroseconds;
        lookedMicroseconds = clock.UptimeMicroseconds;
    }

    /// <summary>True where an edge is waited for.</summary>
    public bool IsUsed => edge != TriggerEdge.None;

    /// <summary>True while the time between two passes must not go by without a look.</summary>
    public bool IsWatched => edge != TriggerEdge.None && abuse.ActiveIndex >= 0;

    /// <summary>Edges since boot.</summary>
    public int Count { get; private set; }

    /// <summary>When the last edge came, since boot.</summary>
    public long AtMicroseconds { get; private set; }

    /// <summary>Half of the time within which it came, for certain.</summary>
    public long UncertaintyMicroseconds { get; private set; }

    /// <summary>Who sends the status.</summary>
    public void SetPublisher(FramePublisher framePublisher)
    {
        publisher = framePublisher;
    }

    /// <summary>
    /// Looks at the line. An edge counts once the line has been there for the debounce time (bounces in between change nothing of
    /// its time), and the next only after it was back for as long; so a line that is there from the start tells nothing.
    /// </summary>
    public void Look()
    {
        if (edge == TriggerEdge.None)
        {
            return;
        }

        bool isThere = pins.IsTriggerClosed == (edge == TriggerEdge.Closing);
        long now = clock.UptimeMicroseconds;
        long before = lookedMicroseconds;
        lookedMicroseconds = now;
        if (!isThere)
        {
            quietSinceMicroseconds = quietSinceMicroseconds < 0 ? now : quietSinceMicroseconds;
            if (now - quietSinceMicroseconds >= debounceMicroseconds)
            {
                isReady = true;
                isPending = false;
            }

            return;
        }

        quietSinceMicroseconds = -1;
        if (isReady && !isPending)
        {
            isPending = true;
            beforeMicroseconds = before;
            firstMicroseconds = now;
        }

        if (isPending && now - firstMicroseconds >= debounceMicroseconds)
        {
            isPending = false;
            isReady = false;
            Fire();
        }
    }

    /// <inheritdoc/>
    public void AppendTo(StringBuilder text)
    {
        if (edge == TriggerEdge.None)
        {
            return;
        }

        text.Append(",\"trigger\":{\"edge\":\"").Append(edge == TriggerEdge.Closing ? "closing" : "opening");
        text.Append("\",\"count\":").Append(Count);
        if (Count > 0)
        {
            if (lastChannel.Length > 0)
            {
                text.Append(",\"channel\":\"").Append(lastChannel).Append('"');
            }

            text.Append(",\"uptimeUs\":").Append(AtMicroseconds).Append(",\"uncertaintyUs\":").Append(UncertaintyMicroseconds);
        }

        text.Append('}');
    }

    /// <summary>
    /// The event belongs to the channel under abuse, or to the only one; what was sampled until now leaves at once, and the
    /// seconds around it follow as a capture.
    /// </summary>
    private void Fire()
    {
        AtMicroseconds = (beforeMicroseconds + firstMicroseconds) / 2;
        UncertaintyMicroseconds = (firstMicroseconds - beforeMicroseconds + 1) / 2;
        Count++;
        int index = abuse.ActiveIndex >= 0 ? abuse.ActiveIndex : channels.Length == 1 ? 0 : -1;
        lastChannel = index < 0 ? "" : channels[index].Channel;
        reports.AddTrigger(index < 0 ? null : lastChannel, AtMicroseconds, UncertaintyMicroseconds);
        if (index >= 0)
        {
            channels[index].Builder.Seal(false);
            CaptureRecorder? captures = channels[index].Captures;
            if (captures != null && channels[index].AcquireIntervalMicroseconds <= CaptureRecorder.SlowestPassMicroseconds)
            {
                captures.Ask(CaptureCause.Trigger);
            }
        }

        publisher?.SendStatusSoon();
    }
}
