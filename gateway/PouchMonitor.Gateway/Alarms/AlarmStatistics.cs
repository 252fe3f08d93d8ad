namespace PouchMonitor.Gateway.Alarms;

/// <summary>One line of the alarm history, as the statistics need it.</summary>
/// <param name="AtMicroseconds">Gateway time.</param>
/// <param name="Cell">Cell.</param>
/// <param name="Rule">Rule.</param>
/// <param name="Priority">Null for lines of versions that did not write it.</param>
/// <param name="Asks">True where the alarm began to ask for attention.</param>
/// <param name="IsAcknowledgement">True where a person acknowledged it.</param>
public readonly record struct AlarmEventLine(
    long AtMicroseconds, string Cell, string Rule, AlarmPriority? Priority, bool Asks, bool IsAcknowledgement);

/// <summary>An alarm with how often, or for how long.</summary>
public sealed record AlarmFigure(string Cell, string Rule, double Value);

/// <summary>
/// How the alarms have been, against what a person can serve. Figures and where they come from: gateway/ALARMS.md.
/// </summary>
public sealed class AlarmStatistics
{
    /// <summary>Most weeks that may be asked for.</summary>
    public const int MostWeeks = 52;

    /// <summary>Most lines that are looked at; of more the newest.</summary>
    public const int MostLines = 500_000;

    /// <summary>More in ten minutes than this are a flood (ISA-18.2).</summary>
    public const int FloodAbove = 10;

    private const int MostListed = 20;
    private const long Week = 7L * 86_400_000_000;
    private const long TenMinutes = 600_000_000;
    private const long Minute = 60_000_000;
    private const int ChattersFrom = 3;

    /// <summary>
    /// Alarms a week that one person can serve. One an hour, 168 a week, is this project's figure: a sixth of the one in ten minutes
    /// that ISA-18.2 and EEMUA 191 call acceptable at a control desk, since whoever is on call sleeps. Shared out 80 % low, 15 %
    /// medium and 5 % high as ISA-18.2 does; an emergency is one too many, and one a week is what may be a false one.
    /// </summary>
    public static IReadOnlyDictionary<AlarmPriority, int> WeeklyTargets { get; } = new Dictionary<AlarmPriority, int>
    {
        [AlarmPriority.Low] = 134,
        [AlarmPriority.Medium] = 25,
        [AlarmPriority.High] = 8,
        [AlarmPriority.Emergency] = 1,
    };

    /// <param name="lines">History of the weeks, oldest first.</param>
    /// <param name="standing">Alarms that are active.</param>
    /// <param name="weeks">How many weeks, 1 to <see cref="MostWeeks"/>.</param>
    /// <param name="nowMicroseconds">Their end.</param>
    public AlarmStatistics(IReadOnlyList<AlarmEventLine> lines, IEnumerable<Alarm> standing, int weeks, long nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(standing);
        long start = nowMicroseconds - (weeks * Week);
        int[][] counts = [.. Enumerable.Range(0, weeks).Select(_ => new int[WeeklyTargets.Count])];
        Dictionary<(string, string), int> asked = [];
        Dictionary<(string, string), Queue<long>> recent = [];
        Dictionary<(string, string), int> chatter = [];
        Dictionary<(string, string), long> open = [];
        Queue<long> tenMinutes = new();
        bool isFlood = false;
        double waited = 0;
        int answered = 0;
        foreach (AlarmEventLine line in lines.Where(line => line.AtMicroseconds >= start && line.AtMicroseconds <= nowMicroseconds))
        {
            (string, string) key = (line.Cell, line.Rule);
            Queue<long> minute = recent.TryGetValue(key, out Queue<long>? known) ? known : recent[key] = new Queue<long>();
            if (CountWithin(minute, line.AtMicroseconds, Minute) >= ChattersFrom)
            {
                chatter[key] = chatter.GetValueOrDefault(key) + 1;
                minute.Clear();
            }

            if (line.Asks)
            {
                int week = (int)Math.Min(weeks - 1, (line.AtMicroseconds - start) / Week);
                counts[week][(int)(line.Priority ?? AlarmPriority.Low)]++;
                asked[key] = asked.GetValueOrDefault(key) + 1;
                open.TryAdd(key, line.AtMicroseconds);
                int within = CountWithin(tenMinutes, line.AtMicroseconds, TenMinutes);
                PeakPerTenMinutes = Math.Max(PeakPerTenMinutes, within);

                // A flood begins where the eleventh comes, and is over when ten minutes hold fewer than five (ISA-18.2).
                Floods += within > FloodAbove && !isFlood ? 1 : 0;
                isFlood = within > FloodAbove || (isFlood && within >= 5);
            }

            if (line.IsAcknowledgement && open.Remove(key, out long since))
            {
                waited += (line.AtMicroseconds - since) / 1e6;
                answered++;
            }
        }

        Weeks = [.. counts.Select((count, week) => (start + (week * Week), start + ((week + 1) * Week), (IReadOnlyList<int>)count))];
        MostFrequent = Highest(asked);
        Chattering = Highest(chatter);
        MeanSecondsToAcknowledge = answered == 0 ? null : waited / answered;
        Standing = [.. standing.Where(alarm => alarm.IsActive && nowMicroseconds - alarm.RaisedMicroseconds > 24 * 3_600_000_000L)
            .OrderBy(alarm => alarm.RaisedMicroseconds).Take(MostListed)
            .Select(alarm => new AlarmFigure(alarm.Cell, alarm.Rule, (nowMicroseconds - alarm.RaisedMicroseconds) / 3.6e9))];
    }

    /// <summary>From, until and alarms by priority, oldest first; Unix microseconds.</summary>
    public IReadOnlyList<(long From, long To, IReadOnlyList<int> Counts)> Weeks { get; }

    public IReadOnlyList<AlarmFigure> MostFrequent { get; }

    /// <summary>Active for more than 24 hours, with their hours.</summary>
    public IReadOnlyList<AlarmFigure> Standing { get; }

    /// <summary>Alarms that changed three times or more within a minute, with how often that was so.</summary>
    public IReadOnlyList<AlarmFigure> Chattering { get; }

    public int PeakPerTenMinutes { get; }

    public int Floods { get; }

    public double? MeanSecondsToAcknowledge { get; }

    private static int CountWithin(Queue<long> times, long now, long span)
    {
        times.Enqueue(now);
        while (now - times.Peek() >= span)
        {
            times.Dequeue();
        }

        return times.Count;
    }

    private static List<AlarmFigure> Highest(Dictionary<(string Cell, string Rule), int> counts) =>
    [
        .. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key.Cell, StringComparer.Ordinal).Take(MostListed)
            .Select(count => new AlarmFigure(count.Key.Cell, count.Key.Rule, count.Value)),
    ];
}
