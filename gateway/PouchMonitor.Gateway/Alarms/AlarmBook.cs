using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// All alarms, keyed by test and rule. Findings say what is so; this brings each alarm in line with them and remembers
/// what people said. Reconciling instead of reacting makes it safe to say the same findings again after a restart, a
/// late frame or a re-judgement: nothing is raised twice.
/// </summary>
public sealed partial class AlarmBook
{
    /// <summary>Reason of a transition that changes figures only.</summary>
    public const string Updated = "updated";

    private const string AcknowledgeAction = "alarm.acknowledge";
    private const string Raised = "raised";
    private const string Worse = "worse";
    private const string OnsetRevised = "onset revised";

    /// <summary>Alarms kept in memory; beyond it the oldest that are normal are forgotten (the database keeps them).</summary>
    public const int MostKept = 10_000;

    private readonly Lock gate = new();
    private readonly Action<AlarmTransition> onTransition;

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
        List<Alarm> copy;
        lock (gate)
        {
            copy = [.. All];
        }

        // Sorted outside: rules must not wait for whoever looks.
        return [.. copy.OrderByDescending(alarm => alarm.IsActive)
            .ThenByDescending(alarm => alarm.State == AlarmState.ReturnedUnacknowledged)
            .ThenByDescending(alarm => alarm.Finding.Severity)
            .ThenByDescending(alarm => alarm.RaisedMicroseconds)];
    }

    /// <summary>How many are active.</summary>
    public int ActiveCount
    {
        get
        {
            lock (gate)
            {
                return All.Count(alarm => alarm.IsActive);
            }
        }
    }

    /// <summary>Tests of which a rule has an active alarm, other than of one measure.</summary>
    public IReadOnlyList<string> ActiveTests(string rule, string exceptMeasure)
    {
        lock (gate)
        {
            return [.. All.Where(alarm => alarm.IsActive && alarm.Finding.Rule == rule && alarm.Finding.Measure != exceptMeasure).Select(alarm => alarm.Test)];
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
    /// <param name="cell">The cell.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="test">Where given, the alarm of this test alone.</param>
    public Alarm? Current(string cell, string rule, string? test = null)
    {
        lock (gate)
        {
            return Pick(cell, rule, test);
        }
    }

    /// <summary>The newest state of an alarm.</summary>
    public Alarm Now(Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        lock (gate)
        {
            return Find(alarm.Test, alarm.Rule) ?? alarm;
        }
    }

    /// <summary>Brings the alarms of a test in line with all its findings.</summary>
    /// <param name="cell">Cell of the test.</param>
    /// <param name="test">The test.</param>
    /// <param name="findings">Every finding of the test that holds now or held before.</param>
    /// <param name="testEnded">True when the test has ended: only what latches stays active.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    /// <param name="node">The node that measures it, where there is one.</param>
    public void Reconcile(
        string cell, string test, IEnumerable<Finding> findings, bool testEnded, long nowMicroseconds, string? node = null)
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
                Apply(new Place(cell, test, node, MayCorrect: true), finding, active, nowMicroseconds);
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
    public void Raise(string cell, string test, Finding finding, long nowMicroseconds, string? node = null)
    {
        lock (gate)
        {
            Apply(new Place(cell, test, node, MayCorrect: false), finding, active: true, nowMicroseconds);
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

    private void Apply(Place place, Finding finding, bool active, long nowMicroseconds)
    {
        Alarm? alarm = Find(place.Test, finding.Rule);
        if (alarm is null || (!alarm.IsActive && IsAnother(alarm, finding, active, place.MayCorrect)))
        {
            // Seen only after it was over: it still has to be acknowledged, so that no short event goes unnoticed.
            Move(alarm, new Alarm
            {
                Cell = place.Cell,
                Test = place.Test,
                Node = place.Node,
                Finding = finding,
                State = active ? AlarmState.Unacknowledged : AlarmState.ReturnedUnacknowledged,
                RaisedMicroseconds = nowMicroseconds,
                ClearedMicroseconds = active ? null : nowMicroseconds,
                Shelf = alarm?.Finding.Severity >= finding.Severity ? alarm.Shelf : null,
                SuppressedBecause = alarm?.SuppressedBecause,
            }, nowMicroseconds, Raised);
        }
        else if (alarm.IsActive && active)
        {
            Renew(alarm, finding, nowMicroseconds);
        }
        else if (alarm.IsActive)
        {
            End(alarm, finding, nowMicroseconds);
        }
        else if (!active || (alarm.ResetMicroseconds is not null && !AlarmShelf.IsWorse(alarm, alarm with { Finding = finding })))
        {
            Correct(alarm, finding, nowMicroseconds);
        }
        else
        {
            // The same onset holds again after a re-judgement, or what a person has ended goes on and gets worse. What nobody has
            // acknowledged, or not as bad as it is, asks.
            bool isWorse = finding.Severity > alarm.Finding.Severity;
            bool isAcknowledged = alarm.State == AlarmState.Normal && alarm.ResetMicroseconds is null && !isWorse;
            Move(alarm, alarm with
            {
                Finding = finding,
                ClearedMicroseconds = null,
                ResetMicroseconds = null,
                ResetBy = null,
                State = isAcknowledged ? AlarmState.Acknowledged : AlarmState.Unacknowledged,
            }, nowMicroseconds, isWorse ? Worse : "active again");
        }
    }

    // What became worse before it ended is as new: nobody has seen it so.
    private void End(Alarm alarm, Finding finding, long nowMicroseconds)
    {
        Alarm ended = alarm with { Finding = finding };
        bool comesBack = alarm.Shelf is not null && AlarmShelf.IsWorse(alarm, ended);
        if (finding.Severity <= alarm.Finding.Severity && !comesBack)
        {
            Clear(ended, nowMicroseconds, "returned to normal");
            return;
        }

        Move(alarm, ended with
        {
            State = AlarmState.ReturnedUnacknowledged,
            ClearedMicroseconds = nowMicroseconds,
            Shelf = comesBack ? null : alarm.Shelf,
        }, nowMicroseconds, Worse);
    }

    // Later data tell an episode that is over otherwise: it is told so, and asks only where it was worse than anybody knew.
    private void Correct(Alarm alarm, Finding finding, long nowMicroseconds)
    {
        if (alarm.Finding == finding || finding.OnsetMicroseconds > (alarm.Finding.ClearedMicroseconds ?? long.MaxValue)
            || finding.ClearedMicroseconds < alarm.Finding.OnsetMicroseconds)
        {
            return;
        }

        bool isWorse = finding.Severity > alarm.Finding.Severity;
        bool isRevised = finding.OnsetMicroseconds != alarm.Finding.OnsetMicroseconds;
        Move(alarm, alarm with
        {
            Finding = finding,
            Revision = alarm.Revision + (isRevised ? 1 : 0),
            State = isWorse ? AlarmState.ReturnedUnacknowledged : alarm.State,
        }, nowMicroseconds, isWorse ? Worse : isRevised ? OnsetRevised : Updated);
    }

    private void Renew(Alarm alarm, Finding finding, long nowMicroseconds)
    {
        if (alarm.Finding == finding)
        {
            return;
        }

        Alarm changed = alarm with { Finding = finding };
        bool worse = finding.Severity > alarm.Finding.Severity;
        bool revised = finding.OnsetMicroseconds != alarm.Finding.OnsetMicroseconds;
        bool comesBack = alarm.Shelf is not null && AlarmShelf.IsWorse(alarm, changed);
        changed = changed with
        {
            Revision = alarm.Revision + (revised ? 1 : 0),
            State = worse || comesBack ? AlarmState.Unacknowledged : alarm.State,
            Shelf = comesBack ? null : alarm.Shelf,
        };
        Move(alarm, changed, nowMicroseconds, worse ? Worse : comesBack ? "worse: back from the shelf" : revised ? OnsetRevised : Updated);
    }

    // Whether a finding is another episode than an alarm that is over. A revised onset of the same episode is not, nor is what a
    // person has ended: the rule latches and goes on saying it.
    private static bool IsAnother(Alarm alarm, Finding finding, bool active, bool mayCorrect)
    {
        if (alarm.Finding.OnsetMicroseconds == finding.OnsetMicroseconds || (mayCorrect && finding.Latches && alarm.ResetMicroseconds is not null))
        {
            return false;
        }

        return alarm.Finding.ClearedMicroseconds is { } cleared
            ? finding.OnsetMicroseconds > cleared
            : active && (!mayCorrect || finding.OnsetMicroseconds > alarm.Finding.OnsetMicroseconds);
    }

    private void Clear(Alarm alarm, long nowMicroseconds, string reason) =>
        Move(alarm, alarm with
        {
            // What is suppressed by design asks for nobody, nor is anything left of it when it is over.
            State = alarm.State == AlarmState.Acknowledged || alarm.SuppressedBecause is not null ? AlarmState.Normal : AlarmState.ReturnedUnacknowledged,
            ClearedMicroseconds = nowMicroseconds,
        }, nowMicroseconds, reason);

    private Alarm Move(Alarm? from, Alarm to, long nowMicroseconds, string reason, PersonsAction? action = null)
    {
        if (to.Shelf is { } shelf && (shelf.UntilMicroseconds <= nowMicroseconds || (reason == Raised && to.Priority == AlarmPriority.Emergency)))
        {
            // Its time is over, or an emergency has begun anew.
            to = to with { Shelf = null };
        }

        bool beginsToAsk = to.Asks && (from is not { Asks: true } || reason is Worse or Raised);
        if (incidents is not null)
        {
            Alarm current = to;
            to = incidents.Take(from, to, beginsToAsk, action?.Name == AcknowledgeAction ? action.Person : null, nowMicroseconds,
                (alarm, incident) => Reassign(current, alarm, incident, nowMicroseconds));
        }

        Keep(to);
        if (action?.Recording is { } recording && from is not null)
        {
            recording.Book = this;
            recording.AtMicroseconds = nowMicroseconds;
            recording.Add(from, to);
        }

        onTransition(new AlarmTransition(nowMicroseconds, from?.State ?? AlarmState.Normal, to, reason)
        {
            Person = action?.Person,
            Action = action?.Name,
            Note = action?.Note,
            Recording = action?.Recording,
            BeginsToAsk = beginsToAsk,
        });
        return to;
    }

    // Findings of an analysis may correct earlier ones; the gateway's own rules say each time anew what is so.
    private readonly record struct Place(string Cell, string Test, string? Node, bool MayCorrect);

    private sealed record PersonsAction(string Name, string Person, string? Note, Recording? Recording);
}
