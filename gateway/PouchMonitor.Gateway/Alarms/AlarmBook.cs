using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// All alarms, keyed by test and rule. Findings say what is so; this brings each alarm in line with them and remembers
/// what people said. Reconciling instead of reacting makes it safe to say the same findings again after a restart, a
/// late frame or a re-judgement: nothing is raised twice.
/// </summary>
public sealed class AlarmBook
{
    /// <summary>Reason of a transition that changes figures only.</summary>
    public const string Updated = "updated";

    /// <summary>Alarms kept in memory; beyond it the oldest that are normal are forgotten (the database keeps them).</summary>
    public const int MostKept = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, Alarm>> byTest = new(StringComparer.Ordinal);
    private readonly Action<AlarmTransition> onTransition;
    private int count;

    /// <param name="known">Alarms as they were stored.</param>
    /// <param name="onTransition">Told of each transition, in order, under the book's lock: it must only hand over.</param>
    public AlarmBook(IEnumerable<Alarm> known, Action<AlarmTransition> onTransition)
    {
        ArgumentNullException.ThrowIfNull(known);
        foreach (Alarm alarm in known)
        {
            Keep(alarm);
        }

        this.onTransition = onTransition;
    }

    /// <summary>A copy of all alarms: active first, the most severe and the newest on top.</summary>
    public IReadOnlyList<Alarm> List()
    {
        lock (gate)
        {
            return [.. All.OrderByDescending(alarm => alarm.IsActive)
                .ThenByDescending(alarm => alarm.State == AlarmState.ReturnedUnacknowledged)
                .ThenByDescending(alarm => alarm.Finding.Severity)
                .ThenByDescending(alarm => alarm.RaisedMicroseconds)];
        }
    }

    /// <summary>Alarms of one test that are active or still to be acknowledged, most severe first.</summary>
    public IReadOnlyList<Alarm> Open(string test)
    {
        lock (gate)
        {
            return [.. Of(test).Where(alarm => alarm.State != AlarmState.Normal)
                .OrderByDescending(alarm => alarm.Finding.Severity)];
        }
    }

    /// <summary>
    /// What is to be said of a cell's rule: of the alarms of its tests the newest that is active or still to be
    /// acknowledged, or else the newest; null where there never was one.
    /// </summary>
    public Alarm? Current(string cell, string rule)
    {
        lock (gate)
        {
            return Foremost(cell, rule);
        }
    }

    /// <summary>Brings the alarms of a test in line with all its findings.</summary>
    /// <param name="cell">Cell of the test.</param>
    /// <param name="test">The test.</param>
    /// <param name="findings">Every finding of the test that holds now or held before.</param>
    /// <param name="testEnded">True when the test has ended: only what latches stays active.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    public void Reconcile(string cell, string test, IEnumerable<Finding> findings, bool testEnded, long nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(findings);
        Dictionary<string, Finding> current = new(StringComparer.Ordinal);
        foreach (Finding finding in findings)
        {
            if (!current.TryGetValue(finding.Rule, out Finding? other) || Outranks(finding, other))
            {
                current[finding.Rule] = finding;
            }
        }

        lock (gate)
        {
            foreach (Finding finding in current.Values)
            {
                bool active = finding.ClearedMicroseconds is null && (!testEnded || finding.Latches);
                Apply(cell, test, finding, active, nowMicroseconds);
            }

            foreach (Alarm alarm in Of(test).Where(alarm => alarm.IsActive).ToList())
            {
                // The gateway's own rules (silence) are raised and cleared by themselves.
                if (!current.ContainsKey(alarm.Rule) && alarm.Rule != RuleNames.Silence)
                {
                    Clear(alarm, nowMicroseconds, "withdrawn: later data do not bear it out");
                }
            }
        }
    }

    /// <summary>Raises or renews one finding of the gateway's own rules.</summary>
    public void Raise(string cell, string test, Finding finding, long nowMicroseconds)
    {
        lock (gate)
        {
            Apply(cell, test, finding, active: true, nowMicroseconds);
        }
    }

    /// <summary>Ends one alarm of the gateway's own rules, where it is active.</summary>
    public void Clear(string test, string rule, long nowMicroseconds, string reason)
    {
        lock (gate)
        {
            if (Find(test, rule) is { IsActive: true } alarm)
            {
                Clear(alarm, nowMicroseconds, reason);
            }
        }
    }

    /// <summary>
    /// Ends an alarm that stood for samples without a test, now that a test has judged them: what that has raised itself is
    /// to be acknowledged there, anything else here.
    /// </summary>
    public void HandOver(string from, string test, string rule, long nowMicroseconds)
    {
        lock (gate)
        {
            if (Find(from, rule) is { IsActive: true } alarm)
            {
                bool isDone = alarm.State == AlarmState.Acknowledged || Find(test, rule) is not null;
                Move(alarm, alarm with
                {
                    State = isDone ? AlarmState.Normal : AlarmState.ReturnedUnacknowledged,
                    ClearedMicroseconds = nowMicroseconds,
                }, nowMicroseconds, $"its samples are stored now and judged in {test}");
            }
        }
    }

    /// <summary>Acknowledges the newest alarm of a cell's rule.</summary>
    /// <returns>The alarm afterwards, or null with the reason.</returns>
    public Alarm? Acknowledge(string cell, string rule, string by, string? note, long nowMicroseconds, out string problem)
    {
        lock (gate)
        {
            Alarm? alarm = Foremost(cell, rule);
            if (alarm is null)
            {
                problem = $"There is no alarm '{rule}' of cell '{cell}'.";
                return null;
            }

            if (alarm.State is AlarmState.Normal or AlarmState.Acknowledged)
            {
                problem = alarm.State == AlarmState.Normal
                    ? $"Alarm '{rule}' of cell '{cell}' is not active."
                    : $"Alarm '{rule}' of cell '{cell}' was already acknowledged by {alarm.AcknowledgedBy}.";
                return null;
            }

            problem = "";
            return Move(alarm, alarm with
            {
                State = alarm.State == AlarmState.Unacknowledged ? AlarmState.Acknowledged : AlarmState.Normal,
                AcknowledgedMicroseconds = nowMicroseconds,
                AcknowledgedBy = by,
                Note = note,
            }, nowMicroseconds, $"acknowledged by {by}");
        }
    }

    private IEnumerable<Alarm> All => byTest.Values.SelectMany(rules => rules.Values);

    private IEnumerable<Alarm> Of(string test) => byTest.TryGetValue(test, out Dictionary<string, Alarm>? rules) ? rules.Values : [];

    private Alarm? Find(string test, string rule) =>
        byTest.TryGetValue(test, out Dictionary<string, Alarm>? rules) ? rules.GetValueOrDefault(rule) : null;

    private void Keep(Alarm alarm)
    {
        if (!byTest.TryGetValue(alarm.Test, out Dictionary<string, Alarm>? rules))
        {
            rules = new Dictionary<string, Alarm>(StringComparer.Ordinal);
            byTest.Add(alarm.Test, rules);
        }

        count += rules.ContainsKey(alarm.Rule) ? 0 : 1;
        rules[alarm.Rule] = alarm;
        if (count > MostKept)
        {
            ForgetOldest();
        }
    }

    // A tenth at once, so that it is rarely done.
    private void ForgetOldest()
    {
        foreach (Alarm alarm in All.Where(alarm => alarm.State == AlarmState.Normal)
            .OrderBy(alarm => alarm.RaisedMicroseconds).Take(MostKept / 10).ToList())
        {
            byTest[alarm.Test].Remove(alarm.Rule);
            count--;
            if (byTest[alarm.Test].Count == 0)
            {
                byTest.Remove(alarm.Test);
            }
        }
    }

    private Alarm? Foremost(string cell, string rule) => All
        .Where(alarm => alarm.Cell == cell && alarm.Rule == rule)
        .OrderByDescending(alarm => alarm.IsActive).ThenByDescending(alarm => alarm.State != AlarmState.Normal)
        .ThenByDescending(alarm => alarm.RaisedMicroseconds)
        .FirstOrDefault();

    // Holding outranks cleared, then severity, then the later onset.
    private static bool Outranks(Finding finding, Finding other)
    {
        bool holds = finding.ClearedMicroseconds is null;
        bool otherHolds = other.ClearedMicroseconds is null;
        if (holds != otherHolds)
        {
            return holds;
        }

        return holds && finding.Severity != other.Severity
            ? finding.Severity > other.Severity
            : finding.OnsetMicroseconds >= other.OnsetMicroseconds;
    }

    private void Apply(string cell, string test, Finding finding, bool active, long nowMicroseconds)
    {
        Alarm? alarm = Find(test, finding.Rule);
        if (alarm is null || (!alarm.IsActive && (active ? !SameEpisode(alarm, finding) : IsLaterEpisode(alarm, finding))))
        {
            // Seen only after it was over: it still has to be acknowledged, so that no short event goes unnoticed.
            Alarm raised = new()
            {
                Cell = cell,
                Test = test,
                Finding = finding,
                State = active ? AlarmState.Unacknowledged : AlarmState.ReturnedUnacknowledged,
                RaisedMicroseconds = nowMicroseconds,
                ClearedMicroseconds = active ? null : nowMicroseconds,
            };
            Move(alarm, raised, nowMicroseconds, "raised");
            return;
        }

        if (!active)
        {
            if (alarm.IsActive)
            {
                Clear(alarm with { Finding = finding }, nowMicroseconds, "returned to normal");
            }

            return;
        }

        if (alarm.IsActive && alarm.Finding != finding)
        {
            bool worse = finding.Severity > alarm.Finding.Severity;
            bool revised = finding.OnsetMicroseconds != alarm.Finding.OnsetMicroseconds;
            Alarm changed = alarm with
            {
                Finding = finding,
                Revision = alarm.Revision + (revised ? 1 : 0),
                State = worse ? AlarmState.Unacknowledged : alarm.State,
            };
            Move(alarm, changed, nowMicroseconds, worse ? "worse" : revised ? "onset revised" : Updated);
        }
        else if (!alarm.IsActive)
        {
            // The same onset holds again after a re-judgement.
            Move(alarm, alarm with
            {
                Finding = finding,
                ClearedMicroseconds = null,
                State = alarm.AcknowledgedMicroseconds is null ? AlarmState.Unacknowledged : AlarmState.Acknowledged,
            }, nowMicroseconds, "active again");
        }
    }

    private static bool SameEpisode(Alarm alarm, Finding finding) =>
        alarm.Finding.OnsetMicroseconds == finding.OnsetMicroseconds;

    // Begins after the known one was over; a revised onset of the same episode does not.
    private static bool IsLaterEpisode(Alarm alarm, Finding finding) =>
        alarm.Finding.ClearedMicroseconds is { } cleared && finding.OnsetMicroseconds > cleared;

    private void Clear(Alarm alarm, long nowMicroseconds, string reason) =>
        Move(alarm, alarm with
        {
            State = alarm.State == AlarmState.Acknowledged ? AlarmState.Normal : AlarmState.ReturnedUnacknowledged,
            ClearedMicroseconds = nowMicroseconds,
        }, nowMicroseconds, reason);

    private Alarm Move(Alarm? from, Alarm to, long nowMicroseconds, string reason)
    {
        Keep(to);
        onTransition(new AlarmTransition(nowMicroseconds, from?.State ?? AlarmState.Normal, to, reason));
        return to;
    }
}
