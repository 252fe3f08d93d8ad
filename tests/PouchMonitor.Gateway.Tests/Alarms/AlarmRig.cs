using System.Text.Json;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>An alarm book with incidents, a disk that the test writes, and a clock that it moves.</summary>
internal sealed class AlarmRig
{
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    private readonly Func<string, string> benchOf;
    private readonly Dictionary<string, string> alarmsOnDisk = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> incidentsOnDisk = new(StringComparer.Ordinal);
    private readonly List<AlarmTransition> unwritten = [];

    public AlarmRig(Func<string, string>? benchOf = null)
    {
        this.benchOf = benchOf ?? (node => node);
        Book = Made();
    }

    public AlarmBook Book { get; private set; }

    public long Now { get; set; } = 1_790_000_000_000_000;

    public List<AlarmTransition> Transitions { get; } = [];

    public List<AlarmNotice> Notices { get; } = [];

    /// <summary>True where nothing can be written.</summary>
    public bool DiskFails { get; set; }

    public static Finding Finding(string rule, long onset, FindingSeverity severity = FindingSeverity.Critical) => new()
    {
        Rule = rule,
        OnsetMicroseconds = onset,
        Severity = severity,
        Measure = "m",
        Observed = 61,
        Limit = 60,
        Unit = "C",
        Message = "x",
    };

    public void Raise(string cell, string rule = "thermal-limit", FindingSeverity severity = FindingSeverity.Critical, string? node = null, long? onset = null) =>
        Book.Raise(cell, cell + "@1", Finding(rule, onset ?? Now, severity), Now, node ?? "n-" + cell);

    public void Clear(string cell, string rule = "thermal-limit") => Book.Clear(cell + "@1", rule, Now, "over");

    public Alarm Alarm(string cell, string rule = "thermal-limit") => Book.Current(cell, rule)!;

    public void Acknowledge(string cell, string rule = "thermal-limit", string by = "ada") => Assert.NotNull(Book.Acknowledge(cell, rule, by, null, Now, out _));

    /// <summary>Time passes in steps of 50 ms, as the gateway looks; what changed is written at each.</summary>
    public void Pass(long microseconds)
    {
        for (long until = Now + microseconds; Now < until;)
        {
            Now = Math.Min(until, Now + 50_000);
            Write();
            Notices.AddRange(Book.Look(Now).Notices);
        }

        Write();
    }

    /// <summary>Lets a long time pass and looks once.</summary>
    public void Skip(long microseconds)
    {
        Now += microseconds;
        Notices.AddRange(Book.Look(Now).Notices);
        Pass(100_000);
    }

    /// <summary>What the state writer does.</summary>
    public void Write()
    {
        (IReadOnlyList<(Incident, long)> taken, IReadOnlyList<IncidentRecord> records) = Book.TakeChangedIncidents(() => { });
        if (!DiskFails)
        {
            unwritten.ForEach(transition => alarmsOnDisk[transition.To.Test + "/" + transition.To.Rule] = JsonSerializer.Serialize(transition.To));
            unwritten.Clear();
            foreach (IncidentRecord record in records)
            {
                incidentsOnDisk[record.Id] = JsonSerializer.Serialize(record);
            }
        }

        Book.StoredIncidents(taken, !DiskFails);
    }

    /// <summary>The gateway dies without a word and starts from what is on disk.</summary>
    /// <returns>The notices that it hands over again.</returns>
    public IReadOnlyList<AlarmNotice> Restart()
    {
        unwritten.Clear();
        Book = Made();
        return [.. Stored().SelectMany(record => record.Notices.Select(notice => IncidentNotices.Of(record, notice)))];
    }

    private IEnumerable<IncidentRecord> Stored() => incidentsOnDisk.Values.Select(body => JsonSerializer.Deserialize<IncidentRecord>(body)!);

    private AlarmBook Made()
    {
        AlarmBook book = new(alarmsOnDisk.Values.Select(body => JsonSerializer.Deserialize<Alarm>(body)!), transition =>
        {
            Transitions.Add(transition);
            unwritten.Add(transition);
        });
        book.GroupIntoIncidents(new AlarmOptions(), benchOf, Stored().Where(record => record.ClosedMicroseconds is null));
        return book;
    }
}
