using System.Globalization;
using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// What people do with alarms. Each returns the alarm afterwards, or null with the reason; what is to be answered only once it
/// is on disk gives a <see cref="Recording"/>.
/// </summary>
public sealed partial class AlarmBook
{
    // Rules that may be suppressed by design. Whatever speaks of heat, voltage or shorts is not among them and never will be.
    private static readonly HashSet<string> Suppressible = new(StringComparer.Ordinal) { RuleNames.Silence };

    /// <summary>Acknowledges an alarm of a cell's rule: that of one test, or the newest; not where it has become another than was seen.</summary>
    /// <param name="seen">As somebody saw it; null where nobody says.</param>
    public Alarm? Acknowledge(
        string cell, string rule, string by, string? note, long nowMicroseconds, out string problem, Recording? recording = null, string? test = null,
        IReadOnlyCollection<SeenAlarm>? seen = null)
    {
        lock (gate)
        {
            Alarm? alarm = Known(cell, rule, test, out problem);
            if (alarm is { State: AlarmState.Normal or AlarmState.Acknowledged })
            {
                problem = alarm.State == AlarmState.Normal
                    ? $"Alarm '{rule}' of cell '{cell}' is not active."
                    : $"Alarm '{rule}' of cell '{cell}' was already acknowledged by {alarm.AcknowledgedBy}.";
                return null;
            }

            if (alarm is not null && seen is not null && !seen.Any(one => one.Covers(alarm)))
            {
                problem = $"Alarm '{rule}' of cell '{cell}' has become more severe or was raised anew since it was seen: it is {AlarmPriorities.NameOf(alarm.Priority)} now. Look at it again.";
                return null;
            }

            return alarm is null ? null : Acknowledge(alarm, by, note, nowMicroseconds, recording);
        }
    }

    /// <summary>Puts an alarm of a cell's rule aside for some time: that of one test, or the newest.</summary>
    /// <param name="seconds">For how long; see <see cref="AlarmShelf.ProblemOf"/>.</param>
    public Alarm? Shelve(
        string cell, string rule, string by, string reason, int seconds, long nowMicroseconds, out string problem, Recording? recording = null, string? test = null)
    {
        lock (gate)
        {
            Alarm? alarm = Known(cell, rule, test, out problem);
            if (alarm is null)
            {
                return null;
            }

            if (AlarmShelf.ProblemOf(alarm.Priority, seconds) is { } outside)
            {
                problem = outside;
                return null;
            }

            AlarmShelf shelf = new(nowMicroseconds, nowMicroseconds + (seconds * 1_000_000L), by, reason)
            {
                MaximumTemperatureC = alarm.Finding.MaximumTemperatureC,
                HazardLevel = alarm.Finding.ProposedHazardLevel,
            };
            return Move(alarm, alarm with { Shelf = shelf }, nowMicroseconds,
                string.Create(CultureInfo.InvariantCulture, $"shelved by {by} for {seconds} s"), new("alarm.shelve", by, reason, recording));
        }
    }

    /// <summary>Takes an alarm off the shelf before its time.</summary>
    public Alarm? Unshelve(
        string cell, string rule, string by, long nowMicroseconds, out string problem, Recording? recording = null, string? test = null)
    {
        lock (gate)
        {
            Alarm? alarm = Known(cell, rule, test, out problem);
            if (alarm is { Shelf: null })
            {
                problem = $"Alarm '{rule}' of cell '{cell}' is not shelved.";
                return null;
            }

            return alarm is null ? null : Move(alarm, alarm with { Shelf = null }, nowMicroseconds,
                $"taken off the shelf by {by}", new("alarm.unshelve", by, null, recording));
        }
    }

    /// <summary>Ends an alarm that latches, once it has been acknowledged.</summary>
    public Alarm? Reset(
        string cell, string rule, string by, string? note, long nowMicroseconds, out string problem, Recording? recording = null, string? test = null)
    {
        lock (gate)
        {
            Alarm? alarm = Known(cell, rule, test, out problem);
            if (alarm is null)
            {
                return null;
            }

            if (!alarm.IsActive || !alarm.Finding.Latches || alarm.State != AlarmState.Acknowledged)
            {
                problem = !alarm.IsActive ? $"Alarm '{rule}' of cell '{cell}' is not active."
                    : !alarm.Finding.Latches ? $"Alarm '{rule}' of cell '{cell}' does not latch: it ends by itself when its condition does."
                    : $"Alarm '{rule}' of cell '{cell}' has to be acknowledged before it can be reset.";
                return null;
            }

            return Move(alarm, alarm with
            {
                State = AlarmState.Normal,
                ClearedMicroseconds = nowMicroseconds,
                ResetMicroseconds = nowMicroseconds,
                ResetBy = by,
            }, nowMicroseconds, $"reset by {by}", new("alarm.reset", by, note, recording));
        }
    }

    /// <summary>Suppresses an alarm of one of the gateway's own rules by design, or no longer.</summary>
    /// <param name="because">Why; null where it is not to be suppressed any more.</param>
    /// <exception cref="ArgumentException">The rule is none that may be suppressed.</exception>
    public void Suppress(string test, string rule, string? because, long nowMicroseconds)
    {
        if (!Suppressible.Contains(rule))
        {
            throw new ArgumentException($"'{rule}' is never suppressed.", nameof(rule));
        }

        lock (gate)
        {
            if (Find(test, rule) is { } alarm && alarm.SuppressedBecause != because && (alarm.IsActive || because is null))
            {
                Move(alarm, alarm with { SuppressedBecause = because }, nowMicroseconds,
                    because is null ? "no longer suppressed" : $"suppressed by design: {because}");
            }
        }
    }

    /// <summary>Takes alarms off the shelf whose time has come; also what came due while the gateway was off.</summary>
    public void ReturnFromShelf(long nowMicroseconds)
    {
        lock (gate)
        {
            if (shelved.Count == 0)
            {
                return;
            }

            foreach ((string test, string rule) in shelved.ToList())
            {
                if (Find(test, rule) is { Shelf: { } shelf } alarm && shelf.UntilMicroseconds <= nowMicroseconds)
                {
                    Move(alarm, alarm with { Shelf = null }, nowMicroseconds, "back from the shelf: its time is over");
                }
            }
        }
    }

    /// <summary>Takes back what could not be stored, as far as nothing else has changed it since.</summary>
    internal void TakeBack(Recording recording)
    {
        lock (gate)
        {
            foreach ((Alarm before, Alarm after) in recording.Changes)
            {
                if (Find(after.Test, after.Rule) is { } now && now.RaisedMicroseconds == after.RaisedMicroseconds)
                {
                    Move(now, TakenBack(now, before, after), recording.AtMicroseconds, "taken back: it could not be recorded");
                }
            }
        }
    }

    private Alarm Acknowledge(Alarm alarm, string by, string? note, long nowMicroseconds, Recording? recording) =>
        Move(alarm, alarm with
        {
            State = alarm.State == AlarmState.Unacknowledged ? AlarmState.Acknowledged : AlarmState.Normal,
            AcknowledgedMicroseconds = nowMicroseconds,
            AcknowledgedBy = by,
            Note = note,
        }, nowMicroseconds, $"acknowledged by {by}", new(AcknowledgeAction, by, note, recording));

    private static Alarm TakenBack(Alarm now, Alarm before, Alarm after)
    {
        Alarm back = now with { Shelf = now.Shelf == after.Shelf ? before.Shelf : now.Shelf };
        if (before.ResetMicroseconds != after.ResetMicroseconds && now.ResetMicroseconds == after.ResetMicroseconds)
        {
            return back with { State = before.State, ClearedMicroseconds = before.ClearedMicroseconds, ResetMicroseconds = null, ResetBy = null };
        }

        if (before.AcknowledgedMicroseconds != after.AcknowledgedMicroseconds && now.AcknowledgedMicroseconds == after.AcknowledgedMicroseconds)
        {
            return back with
            {
                State = now.IsActive ? AlarmState.Unacknowledged : AlarmState.ReturnedUnacknowledged,
                AcknowledgedMicroseconds = before.AcknowledgedMicroseconds,
                AcknowledgedBy = before.AcknowledgedBy,
                Note = before.Note,
            };
        }

        return back;
    }

    private Alarm? Known(string cell, string rule, string? test, out string problem)
    {
        Alarm? alarm = Pick(cell, rule, test);
        problem = alarm is null ? $"There is no alarm '{rule}' of cell '{cell}'{(test is null ? "" : $" in test '{test}'")}." : "";
        return alarm;
    }
}
