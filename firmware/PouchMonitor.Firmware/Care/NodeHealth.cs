using System.Text;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// How the node itself is, as part of its status. Everything here is kept as numbers while the node runs; text is made
/// once a status interval and nowhere else.
/// </summary>
public sealed class NodeHealth
{
    private readonly IBoard board;
    private readonly PouchNode node;
    private readonly RestartLedger ledger;
    private bool isBehind;
    private long behindSinceMicroseconds;
    private long nowMicroseconds;

    public NodeHealth(IBoard board, PouchNode node, RestartLedger ledger)
    {
        this.board = board;
        this.node = node;
        this.ledger = ledger;
    }

    /// <summary>
    /// Time for which something has waited to be sent without a break, by the publisher's clock: no frame in the store that
    /// waits is older. 0 when nothing waits.
    /// </summary>
    public long BehindMicroseconds => isBehind ? nowMicroseconds - behindSinceMicroseconds : 0;

    /// <summary>To be called after each pass of the publisher, with the time that the pass was given.</summary>
    public void AfterPump(long publisherMicroseconds)
    {
        nowMicroseconds = publisherMicroseconds;
        bool waits = node.Store.WaitingCount > 0 || node.Store.FlashBytes > 0;
        if (waits && !isBehind)
        {
            behindSinceMicroseconds = publisherMicroseconds;
        }

        isBehind = waits;
    }

    /// <summary>Appends <c>,"health":{...}</c>.</summary>
    public void AppendTo(StringBuilder text)
    {
        FrameStore store = node.Store;
        text.Append(",\"health\":{\"heapFreeBytes\":").Append(board.FreeHeapBytes);
        if (board.SignalDbm != 0)
        {
            text.Append(",\"signalDbm\":").Append(board.SignalDbm);
        }

        text.Append(",\"restartCause\":\"").Append(ledger.Cause);
        text.Append("\",\"restarts\":").Append(ledger.RestartCount);
        text.Append(",\"exceptions\":").Append(ledger.ExceptionCount);
        text.Append(",\"safeMode\":").Append(ledger.IsSafeMode ? "true" : "false");
        text.Append(",\"backlogFrames\":").Append(store.WaitingCount);
        text.Append(",\"storedFrames\":").Append(store.Count);
        text.Append(",\"storedBytes\":").Append(store.Bytes);
        text.Append(",\"flashBytes\":").Append(store.FlashBytes);
        text.Append(",\"behindMs\":").Append(BehindMicroseconds / 1000);
        text.Append(",\"refusedFrames\":").Append(store.RefusedFrameCount);
        text.Append(",\"droppedSamples\":").Append(store.RefusedSampleCount);
        text.Append(",\"refusedEvents\":").Append(node.Reports.RefusedEventCount);
        text.Append(",\"connections\":").Append(node.Publisher.ConnectionCount);
        text.Append(",\"givenUpFrames\":").Append(node.Publisher.GivenUpFrameCount);
        AppendLoop(text);
        text.Append('}');
    }

    private void AppendLoop(StringBuilder text)
    {
        long worst = 0;
        long missed = 0;
        for (int i = 0; i < node.Channels.Length; i++)
        {
            ChannelSampler channel = node.Channels[i];
            missed += channel.MissedCount;
            if (channel.WorstLatenessMicroseconds > worst)
            {
                worst = channel.WorstLatenessMicroseconds;
            }
        }

        text.Append(",\"worstLatenessUs\":").Append(worst);
        text.Append(",\"missedSamples\":").Append(missed);
        text.Append(",\"busErrors\":{");
        for (int i = 0; i < node.Channels.Length; i++)
        {
            text.Append(i == 0 ? "\"" : ",\"").Append(node.Channels[i].Channel).Append("\":");
            text.Append(node.Sensors[i].BusErrorCount);
        }

        text.Append('}');
    }
}
