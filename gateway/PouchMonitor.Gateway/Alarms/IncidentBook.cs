using System.Globalization;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// Puts alarms that belong together into one incident: those of one cell, of one bench within a short time, or of the whole lab
/// where many benches fail at once. Used under the lock of the alarm book only.
/// </summary>
/// <param name="options">Times.</param>
/// <param name="benchOf">The bench of a node.</param>
internal sealed class IncidentBook(AlarmOptions options, Func<string, string> benchOf)
{
    /// <summary>So many benches within the grouping time make it the lab's incident.</summary>
    public const int BenchesOfALab = 3;

    /// <summary>More alarms than this in ten minutes are a flood (ISA-18.2): two benches then make it the lab's incident.</summary>
    public const int FloodAbove = 10;

    private const long FloodMicroseconds = 600_000_000;

    private readonly Dictionary<string, Incident> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Incident> byCell = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Incident Incident, long AtMicroseconds)> byBench = new(StringComparer.Ordinal);
    private readonly Queue<long> lately = new();
    private readonly HashSet<Incident> changed = [];
    private readonly HashSet<Incident> unshown = [];
    private Incident? lab;
    private long lastId;

    public IReadOnlyCollection<Incident> Open => open.Values;

    public IncidentNotices Notices { get; } = new(options);

    public Incident? Find(string id) => open.GetValueOrDefault(id);

    /// <summary>Takes up what was stored, with the alarms that belong to it.</summary>
    public void Restore(IEnumerable<IncidentRecord> records, IEnumerable<Alarm> alarms)
    {
        foreach (IncidentRecord record in records)
        {
            open[record.Id] = new Incident(record);
            lab = record.IsLabWide && record.LastJoinedMicroseconds > (lab?.LastJoinedMicroseconds ?? 0) ? open[record.Id] : lab;
        }

        foreach (Alarm alarm in alarms)
        {
            if (alarm.Incident is { } id && open.TryGetValue(id, out Incident? incident))
            {
                incident.Take(alarm, BenchOf(alarm));
                Remember(incident, alarm, incident.LastJoinedMicroseconds);
            }
        }

        foreach (Incident incident in open.Values)
        {
            incident.UnattendedPriority = incident.Unattended();
        }
    }

    /// <summary>Brings an alarm's incident in line with a transition of it.</summary>
    /// <param name="before">The alarm before; null where there was none.</param>
    /// <param name="alarm">The alarm after.</param>
    /// <param name="beginsToAsk">True where somebody is to be told of it.</param>
    /// <param name="person">Who did it; null where a rule or the clock did.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    /// <param name="reassign">Told of each other alarm that has come into another incident.</param>
    /// <returns>The alarm with its incident.</returns>
    public Alarm Take(
        Alarm? before, Alarm alarm, bool beginsToAsk, string? person, long nowMicroseconds, Action<Alarm, string> reassign)
    {
        string? id = before?.Incident ?? alarm.Incident;
        Incident? incident = id is null ? null : (open.GetValueOrDefault(id) ?? (beginsToAsk ? Reopened(id) : null)) is { } known && known.Has(alarm) ? known : null;
        if (incident is null && !beginsToAsk)
        {
            return alarm.Incident == id ? alarm : alarm with { Incident = id };
        }

        if (beginsToAsk && (incident is null || !IsLive(incident, nowMicroseconds)))
        {
            incident = Move(alarm, incident, nowMicroseconds);
        }

        bool isNew = !incident!.Knows(alarm.Cell);
        int asked = incident.Asking;
        incident.Take(alarm with { Incident = incident.Id }, BenchOf(alarm));
        Change(incident);
        if (beginsToAsk)
        {
            Remember(incident, alarm, nowMicroseconds);
            Incident joined = Join(incident, nowMicroseconds, reassign);
            Notices.Heard(joined, alarm, isNew, wasQuiet: joined == incident && asked == 0, nowMicroseconds);
            incident = joined;
        }

        if (person is not null && before is { Asks: true })
        {
            incident.Acknowledged(person);
        }

        Notices.Attended(incident, asked, person, nowMicroseconds);
        if (incident.Open == 0)
        {
            Close(incident, nowMicroseconds);
        }

        return alarm with { Incident = incident.Id };
    }

    /// <summary>The clock was set back by so much.</summary>
    public void SetBack(long byMicroseconds)
    {
        foreach (Incident incident in open.Values)
        {
            incident.SetBack(byMicroseconds);
            Change(incident);
        }

        foreach ((string bench, (Incident incident, long at)) in byBench.ToList())
        {
            byBench[bench] = (incident, at - byMicroseconds);
        }

        lately.Clear();
        Notices.SetBack(byMicroseconds);
    }

    /// <summary>Notes that an incident is to be stored.</summary>
    public void Change(Incident incident)
    {
        incident.Version++;
        changed.Add(incident);
        unshown.Add(incident);
    }

    /// <summary>What has changed since this was last asked, to be shown.</summary>
    public List<IncidentRecord> TakeUnshown()
    {
        List<IncidentRecord> taken = [.. unshown.Select(incident => incident.Record())];
        unshown.Clear();
        return taken;
    }

    /// <summary>What is to be stored since this was last asked.</summary>
    public List<(Incident Incident, long Version)> TakeChanged()
    {
        List<(Incident, long)> taken = [.. changed.Select(incident => (incident, incident.Version))];
        changed.Clear();
        return taken;
    }

    /// <summary>Could not be stored: to be tried again.</summary>
    public void GiveBack(IEnumerable<Incident> incidents) => changed.UnionWith(incidents);

    private string BenchOf(Alarm alarm) => alarm.Node is { } node ? benchOf(node) : alarm.Cell;

    // An old incident of which everybody knows does not take in what is new.
    private static bool IsLive(Incident incident, long now) =>
        incident.Asking > 0 || now - incident.LastJoinedMicroseconds <= FloodMicroseconds;

    private Incident Place(Alarm alarm, long now)
    {
        if (lab is { ClosedMicroseconds: null } && now - lab.LastJoinedMicroseconds <= options.GroupMicroseconds)
        {
            return lab;
        }

        if (byCell.TryGetValue(alarm.Cell, out Incident? ofCell) && ofCell.ClosedMicroseconds is null && ofCell.IsOpenFor(alarm.Cell) && IsLive(ofCell, now))
        {
            return ofCell;
        }

        if (byBench.TryGetValue(BenchOf(alarm), out (Incident Incident, long AtMicroseconds) ofBench)
            && ofBench.Incident.ClosedMicroseconds is null && now - ofBench.AtMicroseconds <= options.GroupMicroseconds)
        {
            return ofBench.Incident;
        }

        // Milliseconds in the name; a second one within the same gets the next.
        lastId = Math.Max(lastId + 1, now / 1000);
        string name = DateTimeOffset.FromUnixTimeMilliseconds(lastId).ToString("'i-'yyyyMMdd'-'HHmmssfff", CultureInfo.InvariantCulture);
        Incident made = new(name, now);
        open.Add(name, made);
        return made;
    }

    // Into the incident where it belongs now, out of the old one that everybody knows of.
    private Incident Move(Alarm alarm, Incident? from, long now)
    {
        Incident to = Place(alarm, now);
        if (from is not null && from != to)
        {
            from.Drop(alarm);
            Change(from);
            if (from.Open == 0)
            {
                Close(from, now);
            }
        }

        return to;
    }

    // What was closed a moment ago and has not been told of goes on.
    private Incident? Reopened(string id)
    {
        Incident? incident = Notices.TakeBackReturned(id);
        if (incident is not null)
        {
            incident.ClosedMicroseconds = null;
            open[id] = incident;
        }

        return incident;
    }

    private void Remember(Incident incident, Alarm alarm, long now)
    {
        incident.LastJoinedMicroseconds = Math.Max(incident.LastJoinedMicroseconds, now);
        byCell[alarm.Cell] = incident;
        string bench = BenchOf(alarm);
        byBench[bench] = (incident, now);
    }

    // Counts the flood, and makes one of the incidents that belong to it.
    private Incident Join(Incident incident, long now, Action<Alarm, string> reassign)
    {
        lately.Enqueue(now);
        while (lately.Count > FloodAbove + 1 || now - lately.Peek() > FloodMicroseconds)
        {
            lately.Dequeue();
        }

        if (incident == lab)
        {
            return incident;
        }

        foreach ((string bench, (Incident Incident, long AtMicroseconds) last) in byBench)
        {
            if (now - last.AtMicroseconds > options.GroupMicroseconds || last.Incident.ClosedMicroseconds is not null)
            {
                byBench.Remove(bench);
            }
        }

        return byBench.Count >= (lately.Count > FloodAbove ? 2 : BenchesOfALab)
            ? Merge([.. byBench.Values.Select(last => last.Incident).Distinct()], now, reassign)
            : incident;
    }

    private Incident Merge(List<Incident> several, long now, Action<Alarm, string> reassign)
    {
        Incident into = several.MinBy(incident => incident.OpenedMicroseconds)!;
        lab = into;
        into.IsLabWide = true;
        foreach (Incident other in several.Where(other => other != into))
        {
            foreach (Alarm alarm in other.Members)
            {
                reassign(alarm, into.Id);
                into.Take(alarm with { Incident = into.Id }, BenchOf(alarm));
                byCell[alarm.Cell] = into;
                byBench[BenchOf(alarm)] = (into, Math.Max(other.LastJoinedMicroseconds, byBench.GetValueOrDefault(BenchOf(alarm)).AtMicroseconds));
            }

            into.LastJoinedMicroseconds = Math.Max(into.LastJoinedMicroseconds, other.LastJoinedMicroseconds);
            other.MergedInto = into.Id;
            other.ClosedMicroseconds = now;
            open.Remove(other.Id);
            Notices.Merged(into, other, now);
            Change(other);
        }

        Change(into);
        return into;
    }

    private void Close(Incident incident, long now)
    {
        incident.ClosedMicroseconds = now;
        incident.News = null;
        open.Remove(incident.Id);
        foreach (Alarm alarm in incident.Members)
        {
            if (byCell.GetValueOrDefault(alarm.Cell) == incident)
            {
                byCell.Remove(alarm.Cell);
            }
        }

        Notices.Closed(incident, now);
    }
}
