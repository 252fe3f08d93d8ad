using System.Collections.Concurrent;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>An outbox over a real database, a clock that is moved, and a sender that is told what to answer.</summary>
internal sealed class DeliveryRig : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-delivery-").FullName;

    public DeliveryRig(params DeliveryPerson[] people)
    {
        Sender = new FakeSender();
        Open();
        Set(settings => settings with { People = people });
    }

    public ManualTime Time { get; } = new();

    public FakeSender Sender { get; }

    public StateDatabase Database { get; private set; } = null!;

    public NoticeDispatcher Outbox { get; private set; } = null!;

    public DeliveryOptions Options { get; } = new();

    public string Folder => folder;

    public long Now => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public IReadOnlyList<DeliveryRecord> Log => Database.ReadDeliveries(long.MaxValue, 500, null, null);

    public static DeliveryPerson Person(string name, params DeliveryRoute[] routes) => new()
    {
        Name = name,
        LeastPriority = AlarmPriority.Low,
        Routes = routes.Length > 0 ? routes : [new DeliveryRoute { Name = "hook", Kind = RouteKind.Webhook }],
    };

    /// <summary>Stores settings whose webhooks have an address.</summary>
    public void Set(Func<DeliverySettings, DeliverySettings> change)
    {
        DeliverySettings next = change(Outbox.Book.Current);
        Dictionary<string, DeliverySecret> secrets = next.Routes.ToDictionary(
            way => DeliverySettings.KeyOf(way.Person, way.Route), _ => new DeliverySecret("http://127.0.0.1:9/hook"), StringComparer.Ordinal);
        Assert.True(Outbox.Book.TrySet(next, secrets, "ada", Now, out IReadOnlyList<string> problems), string.Join(' ', problems));
        Outbox.SettingsChanged();
    }

    public AlarmNotice Notice(
        string key, AlarmPriority priority = AlarmPriority.High, NoticeKind kind = NoticeKind.Raised, string bench = "bench-1", int escalation = 0,
        string message = "Voltage at 4.41 V; the limit is 4.35 V.", double observed = 4.41) => new()
        {
            Key = key,
            Incident = key.Split('/')[0],
            Kind = kind,
            Priority = priority,
            AtMicroseconds = Now,
            Bench = bench,
            Escalation = escalation,
            AlarmCount = 1,
            CellCount = 1,
            Alarms =
            [
                new Alarm
                {
                    Cell = "c1",
                    Test = "c1@1",
                    State = AlarmState.Unacknowledged,
                    RaisedMicroseconds = Now,
                    Finding = new Finding
                    {
                        Rule = RuleNames.VoltageLimit,
                        OnsetMicroseconds = Now - 2_000_000,
                        Severity = (FindingSeverity)(int)priority,
                        Measure = "voltage",
                        Observed = observed,
                        Limit = 4.35,
                        Unit = "V",
                        Message = message,
                    },
                },
            ],
        };

    /// <summary>Lets the outbox do what is due until nothing is.</summary>
    public async Task SettleAsync()
    {
        int before;
        do
        {
            before = Sender.Attempts.Count;
            Outbox.Step();
            await Outbox.IdleAsync();
        }
        while (Sender.Attempts.Count != before);
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await SettleAsync();
    }

    /// <summary>Does something to the database from outside.</summary>
    public void Run(string sql)
    {
        using Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={Path.Combine(folder, "state.db")};Pooling=False");
        other.Open();
        using Microsoft.Data.Sqlite.SqliteCommand command = other.CreateCommand();
#pragma warning disable CA2100 // The text comes from a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Goes on with what is on disk, as after a crash: the outbox before is left where it is.</summary>
    public void Reopen()
    {
        Database.Dispose();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        Sender.Answer = static (_, _) => Task.FromResult(SendResult.Sent);
        await Outbox.DisposeAsync();
        Database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Open()
    {
        Database = new StateDatabase(Path.Combine(folder, "state.db"));
        Outbox = new NoticeDispatcher(Database, new DeliveryBook(Database, folder, Options), Sender, Time, new Random(1));
    }
}

/// <summary>Keeps what it is given and answers as it is told to.</summary>
internal sealed class FakeSender : IRouteSender
{
    public ConcurrentQueue<(string Route, NoticeMessage Message)> Attempts { get; } = new();

    public Func<string, NoticeMessage, Task<SendResult>> Answer { get; set; } = static (_, _) => Task.FromResult(SendResult.Sent);

    public IReadOnlyList<string> Keys => [.. Attempts.Select(attempt => attempt.Message.Key)];

    public Task<SendResult> SendAsync(
        DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation)
    {
        string key = DeliverySettings.KeyOf(person, route);
        Attempts.Enqueue((key, message));
        return Answer(key, message);
    }
}
