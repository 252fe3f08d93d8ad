using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// Looks at the alarms twenty times a second for what only the clock brings about, hands over notices and shows incidents as they
/// change. After a start it hands over again what was told of late: whoever delivers takes each once.
/// </summary>
internal sealed class AlarmWatch
{
    /// <summary>How far back notices are handed over again after a start, microseconds: a day.</summary>
    public const long ToldAgainMicroseconds = 86_400_000_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly GatewayServices services;
    private IReadOnlyList<IncidentRecord> stored;

    public AlarmWatch(GatewayServices services, IReadOnlyList<IncidentRecord> stored)
    {
        this.services = services;
        this.stored = stored;
        services.Alarms.GroupIntoIncidents(
            services.Options.Alarms, node => services.BenchOf(node), stored.Where(incident => incident.ClosedMicroseconds is null));
    }

    public async Task Run(Func<long> nowMicroseconds, CancellationToken stop)
    {
        foreach (IncidentRecord incident in stored)
        {
            foreach (IncidentNotice notice in incident.Notices)
            {
                Hand(IncidentNotices.Of(incident, notice));
            }
        }

        stored = [];
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                services.Counters.Guard(() => Look(nowMicroseconds()), "A look at the alarms");
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends; what is not handed over yet is after the next start.
        }
    }

    private void Look(long now)
    {
        (IReadOnlyList<AlarmNotice> notices, IReadOnlyList<IncidentRecord> changed) = services.Alarms.Look(now);
        foreach (AlarmNotice notice in notices)
        {
            Hand(notice);
        }

        foreach (IncidentRecord incident in changed)
        {
            services.Counters.Guard(
                () => services.Stream.Send("incident", JsonBytes.Write(writer => IncidentJson.Write(writer, incident))),
                $"Showing incident '{incident.Id}'");
        }
    }

    private void Hand(AlarmNotice notice)
    {
        try
        {
            services.Notices(notice);
        }
#pragma warning disable CA1031 // Whatever goes wrong with one message, the next must be told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            services.Counters.AddFault($"Notice {notice.Key} could not be handed over: {error.Message}");
        }
    }
}
