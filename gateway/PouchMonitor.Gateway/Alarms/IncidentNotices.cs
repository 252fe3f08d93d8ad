using System.Globalization;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// Decides what people are told of incidents and when. A notice goes out once it is on disk that it does, so that a crash neither
/// loses it nor makes another in its place; where the disk fails it goes out all the same after a short wait.
/// </summary>
internal sealed class IncidentNotices(AlarmOptions options)
{
    private const long SpreadMicroseconds = 600_000_000;
    private const long AgainMicroseconds = 60_000_000;
    private const long EmergencyMicroseconds = 5_000_000;
    private const string EmergencyElsewhere = "emergency";
    private const int MostDoublings = 5;
    private const long UnstoredEmergencyMicroseconds = 100_000;
    private const long UnstoredMicroseconds = 2_000_000;

    private readonly List<Outgoing> outgoing = [];

    /// <summary>The notice as it is handed over.</summary>
    public static AlarmNotice Of(IncidentRecord incident, IncidentNotice notice) => new()
    {
        Key = notice.Key,
        Incident = incident.Id,
        Kind = notice.Kind,
        Priority = notice.Priority,
        AtMicroseconds = notice.AtMicroseconds,
        Bench = BenchText(incident.Benches),
        Alarms = incident.Alarms,
        AlarmCount = incident.AlarmCount,
        CellCount = incident.CellCount,
        Escalation = notice.Escalation,
        Person = notice.Person,
    };

    /// <summary>Benches in words; of very many the first ten.</summary>
    public static string BenchText(IReadOnlyList<string> benches) => benches.Count <= 10
        ? string.Join(", ", benches)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", benches.Take(10))} and {benches.Count - 10} more");

    /// <summary>An alarm of it asks for attention: whether and when that is worth a word.</summary>
    public void Heard(Incident incident, Alarm alarm, bool isNewCell, bool wasQuiet, long now)
    {
        IncidentNews? news = NewsOf(incident, alarm, isNewCell, wasQuiet, now);
        if (news is not null && (incident.News is not { } waiting || news.DueMicroseconds < waiting.DueMicroseconds))
        {
            incident.News = news;
        }
    }

    /// <summary>Counts how long nobody acknowledges, and tells that somebody has.</summary>
    /// <param name="asked">Alarms that asked for attention before.</param>
    /// <param name="person">Who has just acknowledged; null where nobody has.</param>
    public void Attended(Incident incident, int asked, string? person, long now)
    {
        AlarmPriority? unattended = incident.Unattended() is { } highest and >= AlarmPriority.High ? highest : null;
        if (unattended is null)
        {
            incident.UnattendedSinceMicroseconds = null;
            incident.UnattendedSteps = 0;
        }
        else if (incident.UnattendedSinceMicroseconds is null || unattended > incident.UnattendedPriority)
        {
            incident.UnattendedSinceMicroseconds = now;
            incident.UnattendedSteps = 0;
        }

        incident.UnattendedPriority = unattended;
        if (incident.Asking > 0 && asked == 0)
        {
            TakeBack(incident, NoticeKind.Acknowledged);
        }
        else if (incident.Asking == 0 && asked > 0 && person is not null && incident.Notices.Count > 0)
        {
            Tell(incident, string.Create(CultureInfo.InvariantCulture, $"acknowledged-{now / 1000}"), NoticeKind.Acknowledged, now, person);
        }
    }

    /// <summary>An incident has taken over another.</summary>
    public void Merged(Incident into, Incident other, long now)
    {
        // What has not gone out yet never does: it is not to be found among what was told after a restart either.
        foreach (Outgoing waiting in outgoing.Where(waiting => waiting.Incident == other).ToList())
        {
            outgoing.Remove(waiting);
            other.Notices.Remove(waiting.Notice);
        }

        into.ToldEmergencies.UnionWith(other.ToldEmergencies);
        foreach (Alarm alarm in other.Members.Where(alarm => alarm.Asks))
        {
            Heard(into, alarm, isNewCell: true, wasQuiet: false, now);
        }

        if (into.Notices.Count > 0 && !into.Notices.Any(notice => notice.Key == KeyOf(into, "worse-lab")))
        {
            IncidentNews news = new("worse-lab", NoticeKind.Worse, now + options.SettleMicroseconds);
            into.News = into.News is { } waiting && waiting.DueMicroseconds <= news.DueMicroseconds ? waiting : news;
        }
    }

    /// <summary>All of an incident is normal.</summary>
    public void Closed(Incident incident, long now)
    {
        string? person = TakeBack(incident, NoticeKind.Acknowledged)?.Person;
        if (incident.Notices.Count > 0)
        {
            Tell(incident, "returned", NoticeKind.Returned, now, person);
        }
    }

    /// <summary>The incident whose end has not been told yet and is not to be any more; null where there is none.</summary>
    public Incident? TakeBackReturned(string id)
    {
        Incident? incident = outgoing.Find(waiting => waiting.Incident.Id == id && waiting.Notice.Kind == NoticeKind.Returned).Incident;
        if (incident is not null)
        {
            TakeBack(incident, NoticeKind.Returned);
        }

        return incident;
    }

    /// <summary>Decides what is due.</summary>
    /// <param name="incidents">Those that are open.</param>
    /// <param name="now">Gateway time.</param>
    /// <param name="change">Told of each that has changed.</param>
    /// <returns>Incidents that are passed on because nobody has acknowledged them.</returns>
    public List<Incident> Decide(IEnumerable<Incident> incidents, long now, Action<Incident> change)
    {
        List<Incident> escalated = [];
        foreach (Incident incident in incidents)
        {
            if (incident.News is { } news && news.DueMicroseconds <= now)
            {
                incident.News = null;
                change(incident);
                int known = incident.ToldEmergencies.Count;
                incident.ToldEmergencies.UnionWith(incident.Members
                    .Where(alarm => alarm.Asks && alarm.Priority == AlarmPriority.Emergency).Select(alarm => alarm.Cell));

                // What somebody has acknowledged meanwhile is no news any more.
                if (incident.Asking > 0 && (news.What != EmergencyElsewhere || incident.ToldEmergencies.Count > known))
                {
                    Tell(incident, WhatOf(incident, news), news.Kind, now, person: null);
                }
            }

            if (incident.Notices.Count > 0 && incident.UnattendedSinceMicroseconds is { } since && incident.UnattendedPriority is { } priority
                && since + (options.EscalationMicroseconds(priority) << Math.Min(incident.UnattendedSteps, MostDoublings)) <= now)
            {
                change(incident);
                incident.Escalation++;
                incident.UnattendedSteps++;
                incident.UnattendedSinceMicroseconds = now;
                Tell(incident, string.Create(CultureInfo.InvariantCulture, $"escalated-{incident.Escalation}"), NoticeKind.Escalated, now, person: null);
                escalated.Add(incident);
            }
        }

        return escalated;
    }

    /// <summary>The clock was set back by so much: what waits for the disk waits no longer than before.</summary>
    public void SetBack(long byMicroseconds)
    {
        for (int at = 0; at < outgoing.Count; at++)
        {
            outgoing[at] = outgoing[at] with { SinceMicroseconds = outgoing[at].SinceMicroseconds - byMicroseconds };
        }
    }

    /// <summary>What is to be handed over now.</summary>
    public List<AlarmNotice> Ready(long now)
    {
        if (outgoing.Count == 0)
        {
            return [];
        }

        List<Outgoing> ready = [.. outgoing.Where(waiting => waiting.Incident.RecordedVersion >= waiting.Version || now >= UnstoredAfter(waiting))];
        outgoing.RemoveAll(ready.Contains);
        return [.. ready.Select(item => Of(item.Incident.Record(), item.Notice))];
    }

    // What a person did is told only when it is stored: until then it may be taken back.
    private static long UnstoredAfter(Outgoing waiting) => waiting.Notice.Person is not null ? long.MaxValue
        : waiting.SinceMicroseconds + (waiting.Notice.Priority == AlarmPriority.Emergency ? UnstoredEmergencyMicroseconds : UnstoredMicroseconds);

    // An emergency in further cells names how many, since several may have come while the word waited.
    private static string WhatOf(Incident incident, IncidentNews news) => news.What == EmergencyElsewhere
        ? string.Create(CultureInfo.InvariantCulture, $"emergency-{incident.ToldEmergencies.Count}")
        : news.What;

    private static string KeyOf(Incident incident, string what) => $"{incident.Id}/{what}";

    private IncidentNews? NewsOf(Incident incident, Alarm alarm, bool isNewCell, bool wasQuiet, long now)
    {
        long settled = now + (alarm.Priority == AlarmPriority.Emergency ? 0 : options.SettleMicroseconds);
        if (incident.ToldPriority is not { } told)
        {
            return new IncidentNews("raised", NoticeKind.Raised, settled);
        }

        if (alarm.Priority > told)
        {
            return new IncidentNews("worse-" + AlarmPriorities.NameOf(alarm.Priority), NoticeKind.Worse, settled);
        }

        long last = incident.Notices[^1].AtMicroseconds;
        string again = string.Create(CultureInfo.InvariantCulture, $"again-{now / 1000}");
        if (alarm.Priority == AlarmPriority.Emergency)
        {
            bool isUntold = !incident.ToldEmergencies.Contains(alarm.Cell);
            if (isUntold || wasQuiet || IsNewOfItsCell(incident, alarm))
            {
                return new IncidentNews(isUntold ? EmergencyElsewhere : again, NoticeKind.Worse, wasQuiet ? now : EmergencyDue(incident, isUntold, last, now));
            }
        }
        else if (wasQuiet)
        {
            return new IncidentNews(again, NoticeKind.Worse, Math.Max(settled, Math.Min(last, now) + AgainMicroseconds));
        }

        return isNewCell
            ? new IncidentNews(string.Create(CultureInfo.InvariantCulture, $"spread-{incident.CellCount}"), NoticeKind.Worse, Math.Max(settled, Math.Min(last, now) + SpreadMicroseconds))
            : null;
    }

    // An emergency of a cell whose earlier ones somebody has acknowledged; what else in the incident asks does not speak for it.
    private static bool IsNewOfItsCell(Incident incident, Alarm alarm) => !incident.Members.Any(other =>
        other.Cell == alarm.Cell && other.Asks && other.Priority == AlarmPriority.Emergency && (other.Test != alarm.Test || other.Rule != alarm.Rule));

    // A burst of emergencies is told ever more seldom, counted anew once somebody has acknowledged all there was.
    private static long EmergencyDue(Incident incident, bool isUntold, long last, long now)
    {
        int since = incident.Notices.FindLastIndex(notice => notice.Kind == NoticeKind.Acknowledged) + 1;
        int earlier = incident.Notices.Skip(since).Count(notice =>
            notice.Key.Contains("/emergency-", StringComparison.Ordinal) || notice.Key.Contains("/again-", StringComparison.Ordinal));
        long spacing = EmergencyMicroseconds << Math.Min(earlier, MostDoublings);
        return earlier == 0 && !isUntold ? now : Math.Max(now, Math.Min(last + spacing, now + spacing));
    }

    private void Tell(Incident incident, string what, NoticeKind kind, long now, string? person)
    {
        // What asks is as urgent as what asks: an emergency that somebody has acknowledged lends its urgency to nothing else.
        AlarmPriority priority = kind is NoticeKind.Acknowledged or NoticeKind.Returned ? incident.Priority : incident.Unattended() ?? AlarmPriority.Low;
        IncidentNotice notice = new(KeyOf(incident, what), kind, priority, now, incident.Escalation, person);
        incident.Told(notice);
        outgoing.Add(new Outgoing(incident, notice, incident.Version, now));
    }

    // What has not gone out yet is not to be said any more.
    private IncidentNotice? TakeBack(Incident incident, NoticeKind kind)
    {
        Outgoing waiting = outgoing.Find(item => item.Incident == incident && item.Notice.Kind == kind);
        if (waiting.Notice is null)
        {
            return null;
        }

        outgoing.Remove(waiting);
        incident.Notices.Remove(waiting.Notice);
        return waiting.Notice;
    }

    private readonly record struct Outgoing(Incident Incident, IncidentNotice Notice, long Version, long SinceMicroseconds);
}
