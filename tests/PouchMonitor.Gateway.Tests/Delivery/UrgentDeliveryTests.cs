using System.Net;
using System.Net.Sockets;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Delivery.Mail;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>No receiver that is slow with something else holds an emergency back.</summary>
public sealed class UrgentDeliveryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, TaskCompletionSource<SendResult>> held = new(StringComparer.Ordinal);

    [Fact]
    public async Task AnEmergency_GoesBesideAMessageThatHangs_AndNeitherIsSentTwice()
    {
        await using DeliveryRig rig = Rig("i-1/1");
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await SentAsync(rig, 1);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        rig.Outbox.Take(rig.Notice("i-2/1", AlarmPriority.Emergency));
        rig.Outbox.Take(rig.Notice("i-3/1"));
        await SentAsync(rig, 2);
        Assert.Equal(["i-1/1", "i-2/1"], rig.Sender.Keys);
        held["i-1/1"].SetResult(SendResult.Sent);
        await SentAsync(rig, 3);
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-2/1", "i-3/1"], rig.Sender.Keys);
        Assert.All(rig.Log, line => Assert.Equal((DeliveryState.Sent, 1, false), (line.State, line.Attempts, line.MayBeRepeat)));
    }

    [Fact]
    public async Task Emergencies_KeepTheirOrder()
    {
        await using DeliveryRig rig = Rig("i-1/1", "i-2/1");
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await SentAsync(rig, 1);
        rig.Outbox.Take(rig.Notice("i-2/1", AlarmPriority.Emergency));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Outbox.Take(rig.Notice("i-3/1", AlarmPriority.Emergency));
        await SentAsync(rig, 2);
        rig.Outbox.Step();
        Assert.Equal(["i-1/1", "i-2/1"], rig.Sender.Keys);
        held["i-2/1"].SetResult(SendResult.Sent);
        await SentAsync(rig, 3);
        Assert.Equal(["i-1/1", "i-2/1", "i-3/1"], rig.Sender.Keys);
        held["i-1/1"].SetResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.All(rig.Log, line => Assert.Equal((DeliveryState.Sent, 1), (line.State, line.Attempts)));
    }

    [Fact]
    public async Task AnEmergency_WaitsForOneThatHangs_NoLongerThanThreeSeconds_AndThreeGoAtMost()
    {
        await using DeliveryRig rig = Rig("i-1/1", "i-2/1", "i-3/1");
        foreach (int number in (int[])[1, 2, 3, 4])
        {
            rig.Outbox.Take(rig.Notice($"i-{number}/1", AlarmPriority.Emergency));
            rig.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await SentAsync(rig, 1);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        rig.Outbox.Step();
        Assert.Equal(["i-1/1"], rig.Sender.Keys);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await SentAsync(rig, 2);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        await SentAsync(rig, 3);
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        rig.Outbox.Step();
        Assert.Equal(["i-1/1", "i-2/1", "i-3/1"], rig.Sender.Keys);
        held["i-2/1"].SetResult(SendResult.Sent);
        await SentAsync(rig, 4);
        held["i-1/1"].SetResult(SendResult.Sent);
        held["i-3/1"].SetResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-2/1", "i-3/1", "i-4/1"], rig.Sender.Keys);
        Assert.All(rig.Log, line => Assert.Equal((DeliveryState.Sent, 1, false), (line.State, line.Attempts, line.MayBeRepeat)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public async Task AnEmergencyThatHangsAlone_IsSentOnce(int mostPerTenMinutes)
    {
        await using DeliveryRig rig = Rig("i-2/1");
        rig.Set(settings => settings with { MostPerTenMinutes = mostPerTenMinutes });
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        rig.Outbox.Take(rig.Notice("i-2/1", AlarmPriority.Emergency));
        await SentAsync(rig, 2);
        for (int second = 0; second < 30; second++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            rig.Outbox.Step();
        }

        DeliveryState state = rig.Log.Single(line => line.Notice == "i-2/1").State;
        held["i-2/1"].SetResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-2/1"], rig.Sender.Keys);
        Assert.Equal(DeliveryState.Sending, state);
    }

    [Fact]
    public async Task WhereTheClockIsSetBack_ARouteThatFailed_IsTriedAgainAsSoonAsBefore()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Sender.Answer = (_, _) => Task.FromResult(rig.Sender.Attempts.Count == 1 ? new SendResult(SendOutcome.TryLater, "down") : SendResult.Sent);
        rig.Outbox.Take(rig.Notice("i-1/1", AlarmPriority.Emergency));
        await rig.SettleAsync();
        rig.Time.Advance(TimeSpan.FromHours(-1));
        await rig.SettleAsync();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(["i-1/1", "i-1/1"], rig.Sender.Keys);
    }

    [Fact]
    public async Task ACrashWhileBothAreOnTheirWay_SendsBothAgain_AndBothSayThatTheyMayBeRepeats()
    {
        await using DeliveryRig rig = Rig("i-1/1", "i-2/1");
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await SentAsync(rig, 1);
        rig.Outbox.Take(rig.Notice("i-2/1", AlarmPriority.Emergency));
        await SentAsync(rig, 2);
        Assert.All(rig.Log, line => Assert.Equal(DeliveryState.Sending, line.State));
        rig.Reopen();
        rig.Sender.Answer = static (_, _) => Task.FromResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.Equal(["i-2/1", "i-1/1"], rig.Sender.Keys.Skip(2));
        Assert.All(rig.Log, line => Assert.Equal((DeliveryState.Sent, 2, true), (line.State, line.Attempts, line.MayBeRepeat)));
    }

    [Fact]
    public async Task ARouteThatIsTakenAwayWhileItSends_LeavesWhatIsOnItsWay()
    {
        await using DeliveryRig rig = Rig("i-1/1");
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await SentAsync(rig, 1);
        rig.Set(settings => settings with { People = [] });
        rig.Outbox.Step();
        Assert.Equal(DeliveryState.Sending, Assert.Single(rig.Log).State);
        held["i-1/1"].SetResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.Equal(DeliveryState.Sent, Assert.Single(rig.Log).State);
    }

    // All mail goes by one server, three connections at a time: three that hang must not keep an emergency from it.
    [Fact]
    public async Task AnEmergencyByMail_DoesNotWaitForAConnection()
    {
        await using DeliveryRig rig = new();
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        MailServer server = new() { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, Security = MailSecurity.None, From = "alarm@lab.example" };
        using MailSender sender = new(new DeliveryBook(rig.Database, rig.Folder, new DeliveryOptions()), new AuthorityCheck(null), new ManualTime());
        using CancellationTokenSource stop = new();
        Task Send(AlarmPriority priority) => sender.SendAsync(
            new DeliverySettings { Smtp = server }, DeliveryRig.Person("ben"),
            new DeliveryRoute { Name = "mail", Kind = RouteKind.Mail, Address = "ben@lab.example" }, TemplateTests.Message("x", priority), stop.Token);
        List<Task> attempts = [Send(AlarmPriority.High), Send(AlarmPriority.High), Send(AlarmPriority.High), Send(AlarmPriority.High)];
        List<TcpClient> taken = [];
        for (int connection = 0; connection < 3; connection++)
        {
            taken.Add(await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
        }

        attempts.Add(Send(AlarmPriority.Emergency));
        taken.Add(await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await Task.WhenAll(attempts.Select(attempt => attempt.ContinueWith(static _ => { }, TaskScheduler.Default)));
        taken.ForEach(client => client.Dispose());
    }

    private DeliveryRig Rig(params string[] hanging)
    {
        foreach (string key in hanging)
        {
            held.Add(key, new TaskCompletionSource<SendResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Sender.Answer = (_, message) => held.TryGetValue(message.Key, out TaskCompletionSource<SendResult>? answer) ? answer.Task : Task.FromResult(SendResult.Sent);
        return rig;
    }

    private static async Task SentAsync(DeliveryRig rig, int attempts)
    {
        using CancellationTokenSource limit = new(Limit);
        while (rig.Sender.Attempts.Count < attempts)
        {
            limit.Token.ThrowIfCancellationRequested();
            rig.Outbox.Step();
            await Task.Yield();
        }
    }
}
