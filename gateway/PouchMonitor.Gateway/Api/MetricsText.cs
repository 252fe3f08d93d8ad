using System.Globalization;
using System.Text;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>The gateway's figures as Prometheus text.</summary>
internal static class MetricsText
{
    public static string Write(GatewayServices gateway, int analysisQueueFrames)
    {
        PipelineCounters counters = gateway.Counters;
        JournalCounters journal = gateway.Journal.Counters();
        StringBuilder text = new();
        Add(text, "pouchmonitor_frames_stored_total", "counter", "Frames stored durably since the start.", counters.StoredFrames);
        Add(text, "pouchmonitor_samples_stored_total", "counter", "Samples stored durably since the start.", counters.StoredSamples);
        Add(text, "pouchmonitor_frames_duplicate_total", "counter", "Frames that were already stored.", counters.Duplicates);
        Add(text, "pouchmonitor_quarantined_total", "counter", "Messages kept raw because they could not be taken.", counters.Quarantined);
        Add(text, "pouchmonitor_frames_failed_total", "counter", "Attempts to store a frame that failed.", counters.Failed);
        Add(text, "pouchmonitor_faults_total", "counter", "Faults of the program itself; the first is told in an alarm.", counters.Faults);
        Add(text, "pouchmonitor_journal_syncs_total", "counter", "Forced writes to stable storage.", journal.Syncs);
        Add(text, "pouchmonitor_journal_bytes_total", "counter", "Bytes written to the journal.", journal.BytesWritten);
        Add(text, "pouchmonitor_journal_compactions_total", "counter", "Times that closed segments were compacted.", journal.Compactions);
        Add(text, "pouchmonitor_journal_compaction_failing", "gauge", "1 while a segment could not be compacted.", journal.CompactionProblem is null ? 0 : 1);
        Add(text, "pouchmonitor_journal_removed_segments_total", "counter", "Segments removed by the retention.", journal.RemovedSegments);
        Add(text, "pouchmonitor_journal_damaged_places", "gauge", "Places found damaged since the start; doctor names them.", journal.Damaged);
        Add(text, "pouchmonitor_journal_queue_entries", "gauge", "Entries waiting for the journal.", journal.QueueEntries);
        Add(text, "pouchmonitor_analysis_queue_frames", "gauge", "Frames waiting for analysis.", analysisQueueFrames);
        Add(text, "pouchmonitor_channels", "gauge", "Channels known.", gateway.State.Channels.Count());
        Add(text, "pouchmonitor_alarms_active", "gauge", "Alarms active now.", gateway.Alarms.ActiveCount);
        Add(text, "pouchmonitor_storage_failing", "gauge", "1 while frames cannot be stored.", gateway.Journal.IsFailing ? 1 : 0);
        Add(text, "pouchmonitor_dashboards", "gauge", "Dashboards open.", gateway.Stream.ListenerCount);
        AddStream(text, gateway.Stream.Figures);
        AddNodes(text, [.. gateway.Nodes.Nodes]);
        Add(text, "pouchmonitor_calibrations_refused_total", "counter", "Calibrations of nodes not taken: too many, or another content under a known id.", gateway.Nodes.Calibrations.RefusedCount);
        if (gateway.Broker is { } broker)
        {
            AddBroker(text, broker.Figures);
        }

        return text.ToString();
    }

    private static void AddStream(StringBuilder text, LiveStreamFigures stream)
    {
        Add(text, "pouchmonitor_stream_resumed_total", "counter", "Clients of the live stream that went on where they had been.", stream.Resumed);
        Add(text, "pouchmonitor_stream_gaps_total", "counter", "Times that a slow one was given everything anew.", stream.Gaps);
        Add(text, "pouchmonitor_stream_coalesced_total", "counter", "Events in which a slow one got the newest of its channels alone.", stream.Coalesced);
        Add(text, "pouchmonitor_stream_stalled_total", "counter", "Clients closed since they took nothing for too long.", stream.Stalled);
        Add(text, "pouchmonitor_stream_refused_total", "counter", "Clients that were too many.", stream.Refused);
    }

    // Over all nodes: a line for each would grow without end.
    private static void AddNodes(StringBuilder text, NodeInfo[] nodes)
    {
        NodeInfo[] heard = [.. NodeFleet.Heard(nodes)];
        Add(text, "pouchmonitor_nodes", "gauge", "Nodes known.", nodes.Length);
        Add(text, "pouchmonitor_nodes_online", "gauge", "Nodes online.", heard.Length);
        Add(text, "pouchmonitor_nodes_safe_mode", "gauge", "Nodes that take no samples after a crash loop.", heard.Count(node => node.Health is { IsSafeMode: true }));
        Add(text, "pouchmonitor_nodes_behind_seconds_max", "gauge", "Longest time for which something has waited on a node to be sent.", heard.Max(node => node.Health?.BehindSeconds) ?? 0);
        Add(text, "pouchmonitor_nodes_backlog_frames", "gauge", "Frames that wait on nodes to be sent.", NodeFleet.Sum(nodes, "backlogFrames"));
        Add(text, "pouchmonitor_nodes_dropped_samples", "gauge", "Samples lost on nodes whose store was full, since their boots.", NodeFleet.Sum(nodes, "droppedSamples"));
        Add(text, "pouchmonitor_nodes_missed_samples", "gauge", "Samples that nodes were too late to take, since their boots.", NodeFleet.Sum(nodes, "missedSamples"));
        Add(text, "pouchmonitor_nodes_restarts", "gauge", "Restarts of the nodes that are online.", NodeFleet.Sum(nodes, "restarts"));
        Add(text, "pouchmonitor_nodes_exceptions", "gauge", "Those that an exception caused.", NodeFleet.Sum(nodes, "exceptions"));
        Add(text, "pouchmonitor_nodes_bus_errors", "gauge", "Failed transfers to sensors, since the nodes' boots.", heard.Sum(node => node.Health?.BusErrors.Values.Sum() ?? 0));
        Add(text, "pouchmonitor_nodes_heap_free_bytes_min", "gauge", "Least free heap of a node.", NodeFleet.Lowest(nodes, "heapFreeBytes"));
        Add(text, "pouchmonitor_nodes_signal_dbm_min", "gauge", "Weakest Wi-Fi signal of a node.", NodeFleet.Lowest(nodes, "signalDbm"));
    }

    private static void AddBroker(StringBuilder text, ExternalBrokerFigures broker)
    {
        Add(text, "pouchmonitor_broker_connected", "gauge", "1 while the external broker is connected.", broker.Link.IsConnected ? 1 : 0);
        Add(text, "pouchmonitor_broker_subscribed", "gauge", "1 while it is connected and grants every subscription.", broker.Link.IsSubscribed ? 1 : 0);
        Add(text, "pouchmonitor_broker_connections_total", "counter", "Connections made to it.", broker.Link.Connections);
        Add(text, "pouchmonitor_broker_failed_attempts_total", "counter", "Attempts to connect that failed.", broker.Link.FailedAttempts);
        Add(text, "pouchmonitor_broker_lost_sessions_total", "counter", "Times that it had forgotten this gateway's session.", broker.Link.LostSessions);
        Add(text, "pouchmonitor_broker_received_messages_total", "counter", "Messages taken from it.", broker.ReceivedMessages);
        Add(text, "pouchmonitor_broker_unacknowledged_messages", "gauge", "Messages taken from it and not yet durable.", broker.Link.UnacknowledgedMessages);
        Add(text, "pouchmonitor_broker_busy_pauses_total", "counter", "Times that reading stopped because the gateway was full.", broker.BusyPauses);
        Add(text, "pouchmonitor_broker_published_messages_total", "counter", "Messages that it has taken from the gateway.", broker.PublishedMessages);
        Add(text, "pouchmonitor_broker_waiting_publishes", "gauge", "Topics whose latest message it does not have yet.", broker.WaitingPublishes);
        Add(text, "pouchmonitor_broker_refused_publishes_total", "counter", "Messages that its rules did not allow.", broker.RefusedPublishes);
        Add(text, "pouchmonitor_broker_topics_left_out_total", "counter", "Messages not kept for it since there were too many topics.", broker.TopicsLeftOut);
    }

    internal static void Add(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
