using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// The gateway's own rules, which depend on arrival and on the gateway's health: <c>silence</c> of a channel in a running
/// test, <c>storage</c>, <c>quarantine</c>. Looked at once a second.
/// </summary>
/// <param name="alarms">Where alarms are raised and cleared.</param>
/// <param name="state">Channels as last published.</param>
/// <param name="counters">What has come in.</param>
/// <param name="silenceSeconds">How long a running test may send nothing, seconds.</param>
/// <param name="startedMicroseconds">Gateway time of its start: before it nothing could have arrived.</param>
internal sealed class GatewayRules(
    AlarmBook alarms, GatewayState state, PipelineCounters counters, int silenceSeconds, long startedMicroseconds)
{
    /// <summary>Cell and test name of the gateway's own alarms.</summary>
    public const string Self = "_gateway";

    private const long QuarantineHoldMicroseconds = 600_000_000;
    private readonly SetBackWatch clock = new();
    private long startedMicroseconds = startedMicroseconds;
    private long oldClockUntilMicroseconds;

    /// <param name="storageProblem">Why frames or state cannot be stored; null while they can.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    public void Look(string? storageProblem, long nowMicroseconds)
    {
        if (clock.Look(nowMicroseconds) is > 0 and long back)
        {
            // When anything arrived cannot be told by the clock any more, as after a start.
            startedMicroseconds = nowMicroseconds;
            oldClockUntilMicroseconds = nowMicroseconds + back;
        }

        Storage(storageProblem, nowMicroseconds);
        Quarantine(nowMicroseconds);
        foreach (ChannelView view in state.Channels)
        {
            Silence(view, nowMicroseconds);
        }
    }

    /// <summary><c>forwarder-lag</c>: something has been undelivered for longer than configured.</summary>
    public void ForwarderLag(InfluxForwarder? forwarder, long nowMicroseconds)
    {
        if (forwarder is null)
        {
            alarms.Clear(Self, RuleNames.ForwarderLag, nowMicroseconds, "nothing is forwarded any more");
            return;
        }

        ForwarderFigures figures = forwarder.Figures;
        int limit = forwarder.Options.AlarmAfterSeconds;
        if (figures.LagSeconds <= limit)
        {
            alarms.Clear(Self, RuleNames.ForwarderLag, nowMicroseconds, "everything has been delivered");
            return;
        }

        alarms.Raise(Self, Self, new Finding
        {
            Rule = RuleNames.ForwarderLag,
            OnsetMicroseconds = OnsetOf(RuleNames.ForwarderLag, nowMicroseconds),
            Severity = FindingSeverity.Warning,
            Measure = "forwarderLag",
            Observed = limit,
            Limit = limit,
            Unit = "s",
            Message = $"Data have waited for the time-series server for more than {limit} s. They are in the journal and are delivered "
                + $"when it takes them. Last error: {figures.LastError ?? "none"}.",
        }, nowMicroseconds);
    }

    /// <summary><c>node-backlog</c>: samples wait on nodes for long, or were lost there.</summary>
    public void NodeBacklog(IEnumerable<NodeInfo> nodes, long nowMicroseconds)
    {
        if (NodeFleet.Backlog(nodes, nowMicroseconds) is { } finding)
        {
            alarms.Raise(Self, Self, finding with { OnsetMicroseconds = OnsetOf(RuleNames.NodeBacklog, nowMicroseconds) }, nowMicroseconds);
        }
        else
        {
            alarms.Clear(Self, RuleNames.NodeBacklog, nowMicroseconds, "no node is far behind");
        }
    }

    private void Storage(string? problem, long now)
    {
        if (problem is null)
        {
            alarms.Clear(Self, RuleNames.Storage, now, "the store can be written again");
            return;
        }

        alarms.Raise(Self, Self, new Finding
        {
            Rule = RuleNames.Storage,
            OnsetMicroseconds = OnsetOf(RuleNames.Storage, now),
            Severity = FindingSeverity.Critical,
            Measure = "storeWritable",
            Unit = "",
            Message = problem,
        }, now);
    }

    private void Quarantine(long now)
    {
        long last = counters.LastQuarantinedMicroseconds;
        if (last == 0 || now - last > QuarantineHoldMicroseconds)
        {
            alarms.Clear(Self, RuleNames.Quarantine, now, "nothing was quarantined for 10 minutes");
            return;
        }

        alarms.Raise(Self, Self, new Finding
        {
            Rule = RuleNames.Quarantine,
            OnsetMicroseconds = OnsetOf(RuleNames.Quarantine, last),
            Severity = FindingSeverity.Warning,
            Measure = "quarantinedMessages",
            Observed = counters.Quarantined,
            Limit = 0,
            Unit = "messages",
            Message = $"{counters.Quarantined} messages could not be understood or contradict stored ones; "
                + "they are kept raw, see /api/v1/quarantine.",
        }, now);
    }

    private void Silence(ChannelView view, long now)
    {
        if (view.Tests.Count == 0)
        {
            return;
        }

        foreach (TestView earlier in view.Tests.SkipLast(1))
        {
            alarms.Clear(earlier.Record.Test, RuleNames.Silence, now, "another test runs on the channel");
        }

        TestView test = view.Tests[^1];
        // What came while this looks may be newer than its time. Only after the clock was set back is it of the old clock.
        long received = view.ReceivedMicroseconds > now && now < oldClockUntilMicroseconds ? 0 : view.ReceivedMicroseconds;
        double silent = (now - Math.Max(received, startedMicroseconds)) / 1e6;
        if (silent <= silenceSeconds)
        {
            // After a start a node gets the same time to come back, but only a sample ends its silence.
            if (received >= startedMicroseconds)
            {
                alarms.Clear(test.Record.Test, RuleNames.Silence, now, "samples arrive again");
            }

            return;
        }

        if (test.Record.Ended)
        {
            // A cell that is not in test may be taken away: its silence asks for nobody, and none begins.
            alarms.Suppress(test.Record.Test, RuleNames.Silence, $"{test.Record.Cell} is not in test: {test.Record.Test} has ended", now);
            return;
        }

        alarms.Suppress(test.Record.Test, RuleNames.Silence, null, now);
        alarms.Raise(test.Record.Cell, test.Record.Test, new Finding
        {
            Rule = RuleNames.Silence,
            OnsetMicroseconds = Math.Min(view.ReceivedMicroseconds, now),
            Severity = FindingSeverity.Warning,
            Measure = "secondsWithoutSamples",
            Observed = silenceSeconds,
            Limit = silenceSeconds,
            Unit = "s",
            Message = $"No sample of {test.Record.Cell} has arrived from node {view.Node} for more than {silenceSeconds} s.",
        }, now, view.Node);
    }

    // An alarm that is already active keeps its onset.
    private long OnsetOf(string rule, long now) =>
        alarms.Open(Self).FirstOrDefault(alarm => alarm.Rule == rule && alarm.IsActive)?.Finding.OnsetMicroseconds ?? now;
}
