using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// <c>abuse-test</c>: what the rules on samples cannot know of a test and somebody has to act on: a stop that is not confirmed, a test
/// that is armed or watched while something it needs has failed, an observation that is over and waits for its end.
/// </summary>
internal static class AbuseAlarms
{
    /// <summary>How long a check may be bad, or samples be missing, before somebody is called, s.</summary>
    private const double PatienceS = 10;

    private const string StopMeasure = "emergencyStop";
    private const string Suffix = "@abuse"; // no test can be called so

    public static void Look(AlarmBook alarms, AbuseSession session, long nowMicroseconds)
    {
        Tell(alarms, session.Shown, Of(session.Shown, session.SilentSince, nowMicroseconds / 1e6), nowMicroseconds);
    }

    /// <summary>A test is closed: what it called for needs nobody any more.</summary>
    public static void Forget(AlarmBook alarms, AbuseSession session, long nowMicroseconds) =>
        alarms.Clear(session.Record.Id + Suffix, RuleNames.AbuseTest, nowMicroseconds, "the abuse test is closed");

    /// <summary>
    /// Clears what a test called for that was closed before the gateway could say so. A stop that nobody confirmed after the test was
    /// closed goes on calling.
    /// </summary>
    public static void Restore(AlarmBook alarms, AbuseBook book, long nowMicroseconds)
    {
        foreach (string key in alarms.ActiveTests(RuleNames.AbuseTest, exceptMeasure: StopMeasure).Where(key => key.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            if (book.Find(key[..^Suffix.Length]) is null)
            {
                alarms.Clear(key, RuleNames.AbuseTest, nowMicroseconds, "the abuse test is closed");
            }
        }
    }

    /// <summary>The stop of a test that is closed already, which takes no more entries.</summary>
    public static void TellStop(AlarmBook alarms, AbuseRecord record, AbuseStop stop, long nowMicroseconds) =>
        Tell(alarms, record, OfStop(stop), nowMicroseconds);

    private static void Tell(AlarmBook alarms, AbuseRecord record, (FindingSeverity Severity, string Measure, string Message)? what, long nowMicroseconds)
    {
        string key = record.Id + Suffix;
        if (what is not { } found)
        {
            alarms.Clear(key, RuleNames.AbuseTest, nowMicroseconds, "the abuse test needs nobody");
            return;
        }

        Alarm? active = alarms.Open(key).FirstOrDefault(alarm => alarm.IsActive);
        alarms.Raise(record.Cell, key, new Finding
        {
            Rule = RuleNames.AbuseTest,
            OnsetMicroseconds = active?.Finding.OnsetMicroseconds ?? nowMicroseconds,
            Severity = found.Severity,
            Measure = found.Measure,
            Unit = "",
            Message = $"Abuse test {record.Id} on {record.Node}/{record.Channel}: {found.Message}",
        }, nowMicroseconds, record.Node);
    }

    /// <summary>What somebody has to act on, the worst of it; null where there is nothing.</summary>
    public static (FindingSeverity Severity, string Measure, string Message)? Of(AbuseRecord record, double? silentSince, double now)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Stop is { } stop && (record.IsOpen() || stop.At > record.EndedAt) && OfStop(stop) is { } failed)
        {
            return failed;
        }

        if (record.State == AbuseState.Armed
            && record.Checks.FirstOrDefault(check => check.State == CheckState.Bad && check.At is { } at && now - at > PatienceS) is { } bad)
        {
            return (FindingSeverity.Warning, bad.Id, $"it is armed, but '{bad.Text}' no longer holds: {bad.Detail}.");
        }

        if (record.IsWatched() && silentSince is { } since && now - since > PatienceS)
        {
            return (FindingSeverity.Warning, "silence", $"it is {AbuseMoves.Name(record.State)}, but no samples arrive from node {record.Node}.");
        }

        return record is { State: AbuseState.Observing, Figures.Observation.CompleteAt: not null }
            ? (FindingSeverity.Advisory, "observation", "the observation is over; look at the cell as your procedure says, then end and sign the test.") : null;
    }

    private static (FindingSeverity Severity, string Measure, string Message)? OfStop(AbuseStop stop) =>
        stop.State is AbuseStopper.Refused or AbuseStopper.Unanswered
            ? (FindingSeverity.Critical, StopMeasure, $"the emergency stop of {stop.Person} is {stop.State}: {stop.Detail}.") : null;
}
