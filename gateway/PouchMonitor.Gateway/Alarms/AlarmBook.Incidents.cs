namespace PouchMonitor.Gateway.Alarms;

/// <summary>Alarms that belong together, and what is told of them.</summary>
public sealed partial class AlarmBook
{
    private readonly SetBackWatch clock = new();
    private IncidentBook? incidents;
    private bool hasAdopted;

    /// <summary>Begins to group alarms into incidents; before the first transition.</summary>
    /// <param name="options">Times.</param>
    /// <param name="benchOf">The bench of a node.</param>
    /// <param name="known">Incidents that were open when they were stored.</param>
    public void GroupIntoIncidents(AlarmOptions options, Func<string, string> benchOf, IEnumerable<IncidentRecord> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        lock (gate)
        {
            incidents = new IncidentBook(options, benchOf);
            incidents.Restore(known, All);
        }
    }

    /// <summary>Does what the clock asks for: ends shelving, passes on what nobody acknowledges, and decides what is to be told.</summary>
    /// <returns>Notices to hand over, and incidents that have changed since the last look.</returns>
    public (IReadOnlyList<AlarmNotice> Notices, IReadOnlyList<IncidentRecord> Changed) Look(long nowMicroseconds)
    {
        FollowClock(nowMicroseconds);
        ReturnFromShelf(nowMicroseconds);
        lock (gate)
        {
            if (incidents is null)
            {
                return ([], []);
            }

            Adopt(nowMicroseconds);
            foreach (Incident incident in incidents.Notices.Decide(incidents.Open, nowMicroseconds, incidents.Change))
            {
                foreach (Alarm alarm in incident.Members.Where(alarm => alarm.Asks && alarm.Priority >= AlarmPriority.High).ToList())
                {
                    Move(alarm, alarm with { Escalation = alarm.Escalation + 1 }, nowMicroseconds, "passed on: nobody has acknowledged it");
                }
            }

            return (incidents.Notices.Ready(nowMicroseconds), incidents.TakeUnshown());
        }
    }

    /// <summary>Incidents that are open, newest first.</summary>
    public IReadOnlyList<IncidentRecord> OpenIncidents()
    {
        lock (gate)
        {
            return [.. (incidents?.Open ?? []).OrderByDescending(incident => incident.OpenedMicroseconds).Select(incident => incident.Record())];
        }
    }

    /// <summary>One that is open; null where it is not.</summary>
    public IncidentRecord? FindOpenIncident(string id)
    {
        lock (gate)
        {
            return incidents?.Find(id)?.Record();
        }
    }

    /// <summary>Acknowledges every alarm of an open incident that asks for it, or of those only what somebody has seen.</summary>
    /// <param name="seen">What was seen; null for all there is.</param>
    /// <returns>The incident afterwards, or null with the reason.</returns>
    public IncidentRecord? AcknowledgeIncident(
        string id, string by, string? note, long nowMicroseconds, out string problem, Recording? recording = null, IReadOnlyCollection<SeenAlarm>? seen = null)
    {
        lock (gate)
        {
            if (incidents?.Find(id) is not { } incident)
            {
                problem = $"There is no open incident '{id}'.";
                return null;
            }

            List<Alarm> asking = [.. incident.Members.Where(alarm => alarm.Asks)];
            if (asking.Count == 0)
            {
                problem = $"Nothing in incident '{id}' is to be acknowledged.";
                return null;
            }

            if (seen is not null)
            {
                int all = asking.Count;
                ILookup<(string Test, string Rule), SeenAlarm> known = seen.ToLookup(one => (one.Test, one.Rule));
                asking.RemoveAll(alarm => !known[(alarm.Test, alarm.Rule)].Any(one => one.Covers(alarm)));
                if (asking.Count == 0)
                {
                    problem = $"Nothing of what was seen of incident '{id}' is to be acknowledged; {all} to be acknowledged came or became worse since.";
                    return null;
                }
            }

            problem = "";
            foreach (Alarm alarm in asking)
            {
                Acknowledge(alarm, by, note, nowMicroseconds, recording);
            }

            return incident.Record();
        }
    }

    /// <summary>Incidents to be stored, as they are now.</summary>
    /// <param name="takeTransitions">Takes the transitions that made them so; no other comes between.</param>
    internal (IReadOnlyList<(Incident Incident, long Version)> Taken, IReadOnlyList<IncidentRecord> Records) TakeChangedIncidents(Action takeTransitions)
    {
        lock (gate)
        {
            takeTransitions();
            List<(Incident Incident, long Version)> taken = incidents?.TakeChanged() ?? [];
            return (taken, [.. taken.Select(item => item.Incident.Record())]);
        }
    }

    /// <summary>They are stored, or are to be tried again.</summary>
    internal void StoredIncidents(IReadOnlyList<(Incident Incident, long Version)> taken, bool isStored)
    {
        lock (gate)
        {
            foreach ((Incident incident, long version) in isStored ? taken : [])
            {
                incident.RecordedVersion = version;
            }

            if (!isStored)
            {
                incidents?.GiveBack(taken.Select(item => item.Incident));
            }
        }
    }

    // Escalation, shelves and notices go by the clock on the wall. Where that is set back they would wait as much longer.
    private void FollowClock(long nowMicroseconds)
    {
        lock (gate)
        {
            long back = clock.Look(nowMicroseconds);
            if (back == 0)
            {
                return;
            }

            incidents?.SetBack(back);
            foreach ((string test, string rule) in shelved.ToList())
            {
                if (Find(test, rule) is { Shelf: { } shelf } alarm)
                {
                    AlarmShelf earlier = shelf with { SinceMicroseconds = shelf.SinceMicroseconds - back, UntilMicroseconds = shelf.UntilMicroseconds - back };
                    Move(alarm, alarm with { Shelf = earlier }, nowMicroseconds, Updated);
                }
            }
        }
    }

    // Alarms of versions without incidents, or imported ones, that still ask for somebody.
    private void Adopt(long nowMicroseconds)
    {
        if (!hasAdopted)
        {
            hasAdopted = true;
            foreach (Alarm alarm in All.Where(alarm => alarm.Asks && (alarm.Incident is null || incidents!.Find(alarm.Incident) is null)).ToList())
            {
                Move(null, alarm with { Incident = null }, nowMicroseconds, "taken into an incident");
            }
        }
    }

    private void Reassign(Alarm current, Alarm alarm, string incident, long nowMicroseconds)
    {
        // The one that is on its way gets its incident there.
        if (alarm.Test == current.Test && alarm.Rule == current.Rule)
        {
            return;
        }

        Alarm moved = alarm with { Incident = incident };
        Keep(moved);
        onTransition(new AlarmTransition(nowMicroseconds, moved.State, moved, Updated));
    }
}
