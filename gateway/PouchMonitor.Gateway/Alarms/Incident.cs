namespace PouchMonitor.Gateway.Alarms;

/// <summary>An open incident with its alarms. Changed under the lock of the alarm book only.</summary>
internal sealed class Incident
{
    private readonly Dictionary<(string Test, string Rule), Alarm> members = [];
    private readonly Dictionary<string, int> openOf = new(StringComparer.Ordinal);
    private readonly SortedSet<string> benches = new(StringComparer.Ordinal);
    private readonly List<string> people = [];
    private readonly List<IncidentNotice> notices = [];
    private readonly int[] askingOf = new int[(int)AlarmPriority.Emergency + 1];
    private Alarm? firstOut;

    public Incident(string id, long openedMicroseconds)
    {
        Id = id;
        OpenedMicroseconds = openedMicroseconds;
        LastJoinedMicroseconds = openedMicroseconds;
    }

    public Incident(IncidentRecord stored)
        : this(stored.Id, stored.OpenedMicroseconds)
    {
        Priority = stored.Priority;
        firstOut = stored.FirstOut;
        benches.UnionWith(stored.Benches);
        people.AddRange(stored.AcknowledgedBy);
        notices.AddRange(stored.Notices);
        Escalation = stored.Escalation;
        LastJoinedMicroseconds = stored.LastJoinedMicroseconds;
        IsLabWide = stored.IsLabWide;
        ToldEmergencies.UnionWith(stored.ToldEmergencies);
        News = stored.News;
        UnattendedSinceMicroseconds = stored.UnattendedSinceMicroseconds;
        UnattendedSteps = stored.UnattendedSteps;
        ClosedMicroseconds = stored.ClosedMicroseconds;
        MergedInto = stored.MergedInto;
    }

    public string Id { get; }

    public long OpenedMicroseconds { get; }

    public long? ClosedMicroseconds { get; set; }

    public string? MergedInto { get; set; }

    public AlarmPriority Priority { get; private set; }

    public long LastJoinedMicroseconds { get; set; }

    public bool IsLabWide { get; set; }

    public int Escalation { get; set; }

    public long? UnattendedSinceMicroseconds { get; set; }

    public int UnattendedSteps { get; set; }

    public IncidentNews? News { get; set; }

    /// <summary>Alarms that ask for somebody's attention.</summary>
    public int Asking { get; private set; }

    /// <summary>Alarms of which something is left.</summary>
    public int Open { get; private set; }

    public int AlarmCount => members.Count;

    public int CellCount => openOf.Count;

    /// <summary>Rises with each change, so that it is known what is on disk.</summary>
    public long Version { get; set; }

    public long RecordedVersion { get; set; }

    public IReadOnlyCollection<string> Benches => benches;

    public List<IncidentNotice> Notices => notices;

    public HashSet<string> ToldEmergencies { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Alarm> Members => members.Values;

    /// <summary>The highest that has been told; null where nothing has.</summary>
    public AlarmPriority? ToldPriority => notices.Count == 0 ? null : notices.Max(notice => notice.Priority);

    public bool Has(Alarm alarm) => members.ContainsKey((alarm.Test, alarm.Rule));

    /// <summary>Whether a cell has an alarm here of which something is left.</summary>
    public bool IsOpenFor(string cell) => openOf.GetValueOrDefault(cell) > 0;

    public bool Knows(string cell) => openOf.ContainsKey(cell);

    /// <summary>The highest priority that asks for somebody's attention; null where none does.</summary>
    public AlarmPriority? Unattended()
    {
        int highest = Array.FindLastIndex(askingOf, count => count > 0);
        return highest < 0 ? null : (AlarmPriority)highest;
    }

    /// <summary>The highest to be acknowledged when it was last counted how long nobody does; null where nothing high was.</summary>
    public AlarmPriority? UnattendedPriority { get; set; }

    /// <summary>Lets go of an alarm that has come into another incident.</summary>
    public void Drop(Alarm alarm)
    {
        if (members.Remove((alarm.Test, alarm.Rule), out Alarm? before))
        {
            Count(before, -1);
            if (members.Values.All(other => other.Cell != alarm.Cell))
            {
                openOf.Remove(alarm.Cell);
            }
        }
    }

    /// <summary>Adds an alarm, or takes its newest state.</summary>
    public void Take(Alarm alarm, string bench)
    {
        if (members.TryGetValue((alarm.Test, alarm.Rule), out Alarm? before))
        {
            Count(before, -1);
        }

        members[(alarm.Test, alarm.Rule)] = alarm;
        Count(alarm, +1);
        Priority = alarm.State != AlarmState.Normal && alarm.Priority > Priority ? alarm.Priority : Priority;
        if (benches.Count < IncidentRecord.MostBenches)
        {
            benches.Add(bench);
        }

        if (firstOut is null || IsEarlier(alarm, firstOut))
        {
            firstOut = alarm;
        }
        else if (firstOut.Test == alarm.Test && firstOut.Rule == alarm.Rule)
        {
            // Its onset may have moved behind another's.
            firstOut = alarm;
            if (alarm.Finding.OnsetMicroseconds > before?.Finding.OnsetMicroseconds)
            {
                firstOut = members.Values.Aggregate(firstOut, (first, other) => IsEarlier(other, first) ? other : first);
            }
        }
    }

    public void Acknowledged(string person)
    {
        if (!people.Contains(person, StringComparer.Ordinal) && people.Count < IncidentRecord.MostPeople)
        {
            people.Add(person);
        }
    }

    /// <summary>
    /// Remembers that something has been told; of very many the oldest are forgotten, but not the first nor how urgent the most
    /// urgent was.
    /// </summary>
    public void Told(IncidentNotice notice)
    {
        notices.Add(notice);
        if (notices.Count > IncidentRecord.MostNotices)
        {
            AlarmPriority? most = ToldPriority;
            notices.RemoveAt(Math.Max(1, notices.FindIndex(1, told => told.Priority < most)));
        }
    }

    /// <summary>The clock was set back by so much: what was to come then comes as soon as it would have.</summary>
    public void SetBack(long byMicroseconds)
    {
        LastJoinedMicroseconds -= byMicroseconds;
        UnattendedSinceMicroseconds -= byMicroseconds;
        News = News is { } news ? news with { DueMicroseconds = news.DueMicroseconds - byMicroseconds } : null;
    }

    public IncidentRecord Record() => new()
    {
        Id = Id,
        OpenedMicroseconds = OpenedMicroseconds,
        ClosedMicroseconds = ClosedMicroseconds,
        MergedInto = MergedInto,
        Priority = Priority,
        FirstOut = firstOut!,
        Benches = [.. benches],
        CellCount = openOf.Count,
        AlarmCount = members.Count,
        Unacknowledged = Asking,
        Alarms = Foremost(),
        Escalation = Escalation,
        AcknowledgedBy = [.. people],
        Notices = [.. notices],
        LastJoinedMicroseconds = LastJoinedMicroseconds,
        IsLabWide = IsLabWide,
        ToldEmergencies = [.. ToldEmergencies],
        News = News,
        UnattendedSinceMicroseconds = UnattendedSinceMicroseconds,
        UnattendedSteps = UnattendedSteps,
    };

    /// <summary>The first out, then what asks, the most severe and the newest first.</summary>
    public IReadOnlyList<Alarm> Foremost() =>
    [
        firstOut!,
        .. members.Values.Where(alarm => alarm.Test != firstOut!.Test || alarm.Rule != firstOut.Rule)
            .OrderByDescending(alarm => alarm.Asks).ThenByDescending(alarm => alarm.Priority)
            .ThenByDescending(alarm => alarm.RaisedMicroseconds).Take(AlarmNotice.MostShown - 1),
    ];

    // By the time of the readings; where that is the same, by arrival.
    private static bool IsEarlier(Alarm alarm, Alarm than) =>
        alarm.Finding.OnsetMicroseconds < than.Finding.OnsetMicroseconds
        || (alarm.Finding.OnsetMicroseconds == than.Finding.OnsetMicroseconds && alarm.RaisedMicroseconds < than.RaisedMicroseconds);

    private void Count(Alarm alarm, int by)
    {
        Asking += alarm.Asks ? by : 0;
        askingOf[(int)alarm.Priority] += alarm.Asks ? by : 0;
        int open = alarm.IsOpen ? by : 0;
        Open += open;
        openOf[alarm.Cell] = openOf.GetValueOrDefault(alarm.Cell) + open;
    }
}
