using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>The watchdog hears from a gateway that is well, and from no other.</summary>
public class HeartbeatTests
{
    private readonly ManualTime time = new();
    private string? problem;

    [Fact]
    public async Task Beats_EverySoOften_AndFallsSilentWhileSomethingIsWrong()
    {
        await using WebhookReceiver watchdog = await WebhookReceiver.StartAsync();
        await using DeliveryRig rig = new();
        await using Heartbeat heartbeat = Start(rig, watchdog.Url + "/ping/1", new HeartbeatSettings { EverySeconds = 60 });
        await TurnAsync(heartbeat, seconds: 0);
        await TurnAsync(heartbeat, seconds: 59);
        Assert.Equal(("GET", "/ping/1"), await RequestAsync(watchdog));
        Assert.Equal(0, watchdog.Waiting);
        await TurnAsync(heartbeat, seconds: 1);
        Assert.Equal(("GET", "/ping/1"), await RequestAsync(watchdog));

        problem = "frames cannot be stored: disk full";
        for (int minute = 0; minute < 10; minute++)
        {
            await TurnAsync(heartbeat, seconds: 60);
        }

        Assert.Equal(0, watchdog.Waiting);
        Assert.Equal(problem, heartbeat.Figures.Problem);
        problem = null;
        await TurnAsync(heartbeat, seconds: 1);
        Assert.Equal(("GET", "/ping/1"), await RequestAsync(watchdog));
        Assert.Equal((3, 0), (heartbeat.Figures.Beats, heartbeat.Figures.Failures));
    }

    [Fact]
    public async Task Failure_IsToldOnce_WhereThatIsSet()
    {
        await using WebhookReceiver watchdog = await WebhookReceiver.StartAsync();
        await using DeliveryRig rig = new();
        await using Heartbeat heartbeat = Start(rig, watchdog.Url + "/ping/1", new HeartbeatSettings { TellFailure = true });
        problem = "the outbox has stood still for 40 s";
        await TurnAsync(heartbeat, seconds: 0);
        await TurnAsync(heartbeat, seconds: 60);
        Received told = await watchdog.NextAsync();
        Assert.Equal(("POST", "/ping/1/fail", problem), (told.Method, told.Path, told.Text));
        Assert.Equal(0, watchdog.Waiting);
    }

    [Fact]
    public async Task BeatThatIsNotTaken_IsTriedAgainSooner_AndSaysNoSecret()
    {
        await using WebhookReceiver watchdog = await WebhookReceiver.StartAsync();
        watchdog.Answer = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        await using DeliveryRig rig = new();
        await using Heartbeat heartbeat = Start(rig, watchdog.Url + "/ping/very-secret", new HeartbeatSettings { EverySeconds = 60 });
        await TurnAsync(heartbeat, seconds: 0);
        await TurnAsync(heartbeat, seconds: 15);
        Assert.Equal(2, watchdog.Waiting);
        Assert.Equal(("the watchdog answered 503", null), (heartbeat.Figures.LastError, heartbeat.Figures.LastSuccessMicroseconds));
    }

    [Fact]
    public async Task JournalThatFails_StopsTheBeat_UntilItIsWellAgain()
    {
        MemoryFiles files = new();
        await using FrameJournal journal = FrameJournal.Open(JournalRig.Options(files) with { Time = time });
        await using WebhookReceiver watchdog = await WebhookReceiver.StartAsync();
        await using DeliveryRig rig = new();
        GatewayHealth health = Healthy() with { Journal = () => journal.FailureReason };
        await using Heartbeat heartbeat = Start(rig, watchdog.Url + "/ping/1", new HeartbeatSettings { EverySeconds = 5 }, health.Problem);
        await TurnAsync(heartbeat, seconds: 5);
        Assert.Equal(("GET", "/ping/1"), await RequestAsync(watchdog));

        files.Before = static (call, _) =>
        {
            if (call == "sync")
            {
                throw new IOException("input/output error");
            }
        };
        await journal.AppendOne(TestEntry.Frame(0, 10));
        await TurnAsync(heartbeat, seconds: 5);
        Assert.Equal(0, watchdog.Waiting);
        Assert.StartsWith("frames cannot be stored: ", heartbeat.Figures.Problem, StringComparison.Ordinal);

        files.Before = null;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AppendOutcome.Stored, await journal.AppendOne(TestEntry.Frame(0, 10)));
        await TurnAsync(heartbeat, seconds: 5);
        Assert.Equal(("GET", "/ping/1"), await RequestAsync(watchdog));
    }

    [Fact]
    public void PartThatStandsStill_IsNotWell()
    {
        long turns = 0;
        long moved = 0;
        GatewayHealth health = Healthy() with { WriterTurns = () => turns };
        Assert.Null(health.Problem());
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(health.Problem());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the state writer has stood still for 31 s", health.Problem());
        turns++;
        Assert.Null(health.Problem());
        moved = Now() - 40_000_000;
        Assert.Equal("the outbox has stood still for 40 s", (Healthy() with { OutboxTurn = () => moved }).Problem());
        Assert.Equal("the housekeeper has stood still for 40 s", (Healthy() with { HousekeeperTurn = () => moved }).Problem());
        Assert.Equal("the outbox cannot be stored: locked", (Healthy() with { Outbox = static () => "locked" }).Problem());
        Assert.Equal("the state database cannot be written: full", (Healthy() with { Database = static () => "full" }).Problem());
    }

    private GatewayHealth Healthy()
    {
        long turns = 0;
        return new GatewayHealth
        {
            NowMicroseconds = Now,
            Journal = static () => null,
            Database = static () => null,
            Outbox = static () => null,
            OutboxTurn = Now,
            HousekeeperTurn = Now,
            WriterTurns = () => turns++,
        };
    }

    private long Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static async Task<(string, string)> RequestAsync(WebhookReceiver watchdog)
    {
        Received request = await watchdog.NextAsync();
        return (request.Method, request.Path);
    }

    private Heartbeat Start(DeliveryRig rig, string url, HeartbeatSettings settings, Func<string?>? problemOf = null)
    {
        DeliveryBook book = rig.Outbox.Book;
        Dictionary<string, DeliverySecret> secrets = new(StringComparer.Ordinal) { [DeliverySecrets.Heartbeat] = new DeliverySecret(url) };
        Assert.True(book.TrySet(book.Current with { Heartbeat = settings }, secrets, "ada", 1, out _));
        return new Heartbeat(book, GuardedHttp.Create(TimeSpan.FromSeconds(60), new AuthorityCheck(null)), problemOf ?? (() => problem), time);
    }

    private async Task TurnAsync(Heartbeat heartbeat, int seconds)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        await heartbeat.TurnAsync(CancellationToken.None);
    }
}
