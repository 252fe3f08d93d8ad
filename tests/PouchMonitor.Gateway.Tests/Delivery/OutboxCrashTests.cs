using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>
/// Crashes at random moments, with a receiver that answers, fails, hangs, or takes something and does not say so: each notice arrives at
/// least once, and each arrival after the first says that it may be a repeat.
/// </summary>
public class OutboxCrashTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task EachNoticeArrives_AndWhatComesAgainSaysSo(int seed)
    {
        using World world = new(seed);
        await world.RunAsync();
        await world.EndAsync();
        Assert.All(world.Taken, key => Assert.True(world.Arrivals.ContainsKey(key), $"Seed {seed}: {key} never arrived."));
        foreach ((string key, List<bool> marks) in world.Arrivals)
        {
            Assert.True(marks.Skip(1).All(mark => mark), $"Seed {seed}: {key} came {marks.Count} times, marked {string.Join(", ", marks)}.");
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 12)];

    private sealed class World : IDisposable
    {
        private const int Turns = 60;
        private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-outbox-").FullName;
        private readonly Random random;
        private readonly ManualTime time = new();
        private readonly Lock gate = new();
        private readonly List<StateDatabase> databases = [];
        private int life;
        private bool isKind;
        private NoticeDispatcher outbox = null!;

        public World(int seed)
        {
            random = new Random(seed);
            Open(Path.Combine(folder, "state.0.db"));
            DeliverySettings settings = outbox.Book.Current with { People = [DeliveryRig.Person("ada")], MostPerTenMinutes = 100 };
            Dictionary<string, DeliverySecret> secrets = new(StringComparer.Ordinal) { ["ada/hook"] = new DeliverySecret("http://127.0.0.1:9/") };
            Assert.True(outbox.Book.TrySet(settings, secrets, "ada", 1, out _));
        }

        public List<string> Taken { get; } = [];

        /// <summary>Whether each arrival of a key said that it may be a repeat.</summary>
        public Dictionary<string, List<bool>> Arrivals { get; } = new(StringComparer.Ordinal);

        public async Task RunAsync()
        {
            for (int turn = 0; turn < Turns; turn++)
            {
                int draw = random.Next(100);
                if (draw < 45)
                {
                    string key = $"i-{Taken.Count + 1}/1";
                    outbox.Take(Notice(key));
                    Taken.Add(key);
                }
                else if (draw < 65)
                {
                    time.Advance(TimeSpan.FromSeconds(random.Next(10)));
                }
                else if (draw < 80)
                {
                    Crash();
                }

                outbox.Step();
                if (random.Next(3) == 0)
                {
                    await Task.Yield();
                }
            }
        }

        /// <summary>From now on everything goes well.</summary>
        public async Task EndAsync()
        {
            lock (gate)
            {
                isKind = true;
            }

            Crash();
            for (int turn = 0; turn < 200 && outbox.Routes().Any(route => route.Waiting + route.Held > 0); turn++)
            {
                outbox.Step();
                await outbox.IdleAsync();
                time.Advance(TimeSpan.FromMinutes(5));
            }
        }

        public void Dispose()
        {
            databases.ForEach(database => database.Dispose());
            Directory.Delete(folder, recursive: true);
        }

        // What the life before still does cannot be seen: it sends nothing more, and its database is not the one that goes on.
        private void Crash()
        {
            lock (gate)
            {
                life++;
            }

            string next = Path.Combine(folder, $"state.{life}.db");
            StateCopy.Make(Path.Combine(folder, $"state.{life - 1}.db"), next);
            Open(next);
        }

        private void Open(string path)
        {
            StateDatabase database = new(path);
            databases.Add(database);
            outbox = new NoticeDispatcher(database, new DeliveryBook(database, folder, new DeliveryOptions()), new Receiver(this, life), time, new Random(1));
        }

        private Task<SendResult> Take(int sender, NoticeMessage message)
        {
            lock (gate)
            {
                if (sender != life)
                {
                    return Never();
                }

                int draw = isKind ? 0 : random.Next(100);
                if (draw is < 65 or >= 92)
                {
                    if (!Arrivals.TryGetValue(message.Key, out List<bool>? marks))
                    {
                        Arrivals.Add(message.Key, marks = []);
                    }

                    marks.Add(message.MayBeRepeat);
                }

                return draw switch
                {
                    < 50 => Task.FromResult(SendResult.Sent),
                    < 75 => Task.FromResult(new SendResult(SendOutcome.Unknown, "cut")),
                    < 85 => Task.FromResult(new SendResult(SendOutcome.TryLater, "refused")),
                    _ => Never(),
                };
            }
        }

        private static Task<SendResult> Never() => new TaskCompletionSource<SendResult>().Task;

        private static AlarmNotice Notice(string key) => new()
        {
            Key = key,
            Incident = key,
            Kind = NoticeKind.Raised,
            Priority = AlarmPriority.Emergency,
            AtMicroseconds = 1,
            Bench = "bench-1",
            Alarms = [],
            AlarmCount = 1,
            CellCount = 1,
        };

        private sealed class Receiver(World world, int life) : IRouteSender
        {
            public Task<SendResult> SendAsync(
                DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation) =>
                world.Take(life, message);
        }
    }
}
