using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>Each notice reaches each route at least once, and whatever may be a repeat says so.</summary>
public class OutboxTests
{
    private static readonly SendResult Later = new(SendOutcome.TryLater, "connection refused");

    [Fact]
    public async Task Notice_IsTakenOnce_AndSentByEachRoute()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"), DeliveryRig.Person("ben"));
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        Assert.Equal(["ada/hook", "ben/hook"], rig.Sender.Attempts.Select(attempt => attempt.Route).Order());
        Assert.All(rig.Log, line => Assert.Equal((DeliveryState.Sent, 1, false), (line.State, line.Attempts, line.MayBeRepeat)));
    }

    [Fact]
    public async Task SameNotice_AfterARestart_IsNotTakenAgain()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        rig.Reopen();
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        Assert.Single(rig.Sender.Attempts);
    }

    [Fact]
    public async Task CrashWhileSending_IsSentAgain_AndSaysThatItMayBeARepeat()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        TaskCompletionSource<SendResult> never = new();
        rig.Sender.Answer = (_, _) => never.Task;
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Outbox.Step();
        while (rig.Sender.Attempts.IsEmpty)
        {
            await Task.Yield();
        }

        Assert.Equal(DeliveryState.Sending, Assert.Single(rig.Log).State);
        rig.Reopen();
        rig.Sender.Answer = static (_, _) => Task.FromResult(SendResult.Sent);
        await rig.SettleAsync();
        Assert.Equal([false, true], rig.Sender.Attempts.Select(attempt => attempt.Message.MayBeRepeat));
        Assert.Contains(NoticeMessage.RepeatWords, rig.Sender.Attempts.Last().Message.Text, StringComparison.Ordinal);
        Assert.Equal((DeliveryState.Sent, 2, true), (rig.Log[0].State, rig.Log[0].Attempts, rig.Log[0].MayBeRepeat));
    }

    [Fact]
    public async Task CrashBeforeSending_SendsOnce_AndSaysNothingOfARepeat()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Reopen();
        await rig.SettleAsync();
        Assert.False(Assert.Single(rig.Sender.Attempts).Message.MayBeRepeat);
    }

    [Theory]
    [InlineData(SendOutcome.TryLater, false)]
    [InlineData(SendOutcome.Unknown, true)]
    public async Task FailedAttempt_IsTriedAgain_AndSaysSoOnlyWhereItMayHaveArrived(object outcome, bool says)
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Sender.Answer = (_, _) => Task.FromResult(rig.Sender.Attempts.Count < 2 ? new SendResult((SendOutcome)outcome, "cut") : SendResult.Sent);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        Assert.Equal((DeliveryState.Pending, "cut"), (rig.Log[0].State, rig.Log[0].LastError));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal([false, says], rig.Sender.Attempts.Select(attempt => attempt.Message.MayBeRepeat));
        Assert.Equal(DeliveryState.Sent, rig.Log[0].State);
    }

    [Fact]
    public async Task Refused_IsNotTriedAgain_AndTheNextGoesAtOnce()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Sender.Answer = static (_, message) => Task.FromResult(message.Key == "i-1/1" ? new SendResult(SendOutcome.Refused, "400") : SendResult.Sent);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Outbox.Take(rig.Notice("i-2/1"));
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-2/1"], rig.Sender.Keys);
        Assert.Equal([DeliveryState.Sent, DeliveryState.Failed], rig.Log.Select(line => line.State));
    }

    [Fact]
    public async Task DeadRoute_IsTriedEverMoreRarely_AndGivenUpAfterADay()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Sender.Answer = static (_, _) => Task.FromResult(Later);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        int firstHour = 0;
        for (int minute = 0; minute < (24 * 60) + 10; minute++)
        {
            await rig.AdvanceAsync(TimeSpan.FromMinutes(1));
            firstHour = minute == 59 ? rig.Sender.Attempts.Count : firstHour;
        }

        // From 3 s doubled to 5 min, each drawn between half and all of it: 12 to 30 in an hour of looking once a minute.
        Assert.InRange(firstHour, 12, 30);
        Assert.InRange(rig.Sender.Attempts.Count, 24 * 12, 24 * 24);
        Assert.Equal((DeliveryState.GaveUp, "not delivered within 24 h"), (rig.Log[0].State, rig.Log[0].Reason));
    }

    [Fact]
    public async Task DeadRoute_HoldsUpNoOther_AndANewEmergencyDoesNotWait()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"), DeliveryRig.Person("ben"));
        rig.Sender.Answer = static (route, _) => Task.FromResult(route == "ada/hook" ? Later : SendResult.Sent);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        rig.Outbox.Take(rig.Notice("i-2/1"));
        rig.Outbox.Take(rig.Notice("i-3/1", AlarmPriority.Emergency));
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-3/1"], rig.Sender.Attempts.Where(attempt => attempt.Route == "ada/hook").Select(attempt => attempt.Message.Key));
        Assert.Equal(["i-1/1", "i-3/1", "i-2/1"], rig.Sender.Attempts.Where(attempt => attempt.Route == "ben/hook").Select(attempt => attempt.Message.Key));
    }

    [Fact]
    public async Task Rush_GoesAsOneDigest_WhenThereIsRoomAgain_ButNotEmergencies()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Set(settings => settings with { MostPerTenMinutes = 3 });
        for (int number = 1; number <= 15; number++)
        {
            rig.Outbox.Take(rig.Notice($"i-{number}/1"));
        }

        await rig.SettleAsync();
        rig.Outbox.Take(rig.Notice("i-99/1", AlarmPriority.Emergency));
        await rig.SettleAsync();
        Assert.Equal(["i-1/1", "i-2/1", "i-3/1", "i-99/1"], rig.Sender.Keys);
        Assert.Equal(12, rig.Log.Count(line => line.State == DeliveryState.Held));

        await rig.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(4, rig.Sender.Attempts.Count);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(1));
        NoticeMessage digest = rig.Sender.Attempts.Last().Message;
        Assert.Equal(5, rig.Sender.Attempts.Count);
        Assert.Equal("12 messages that waited, the most urgent high", digest.Title);
        Assert.Contains("and 2 more messages of 2 more incidents", digest.Lines);
        Assert.All(rig.Log, line => Assert.Equal(DeliveryState.Sent, line.State));
        Assert.Equal(12, rig.Log.Count(line => line.Reason == "in a digest of 12"));
    }

    [Fact]
    public async Task Digest_KeepsItsKeyAndItsNotices_OverFailureAndRestart()
    {
        DeliveryPerson ada = DeliveryRig.Person("ada") with { QuietHours = new QuietHours { From = "00:00", To = "07:00", Zone = "UTC" } };
        await using DeliveryRig rig = new(ada);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Outbox.Take(rig.Notice("i-2/1"));
        await rig.SettleAsync();
        Assert.Empty(rig.Sender.Attempts);
        rig.Sender.Answer = static (_, _) => Task.FromResult(new SendResult(SendOutcome.Unknown, "cut"));
        await rig.AdvanceAsync(TimeSpan.FromHours(7));
        rig.Outbox.Take(rig.Notice("i-3/1"));
        rig.Reopen();
        rig.Sender.Answer = static (_, _) => Task.FromResult(SendResult.Sent);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(3, rig.Sender.Attempts.Count);
        (NoticeMessage first, NoticeMessage again, NoticeMessage alone) =
            (rig.Sender.Attempts.ElementAt(0).Message, rig.Sender.Attempts.ElementAt(1).Message, rig.Sender.Attempts.ElementAt(2).Message);
        Assert.StartsWith("digest-", first.Key, StringComparison.Ordinal);
        Assert.Equal((first.Key, first.Title, true), (again.Key, again.Title, again.MayBeRepeat));
        Assert.Equal(("i-3/1", false), (alone.Key, alone.MayBeRepeat));
    }

    [Fact]
    public async Task QuietHours_HoldTheRestAndLetEmergenciesThrough()
    {
        DeliveryPerson ada = DeliveryRig.Person("ada") with { QuietHours = new QuietHours { From = "00:00", To = "07:00", Zone = "UTC" } };
        await using DeliveryRig rig = new(ada);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        rig.Outbox.Take(rig.Notice("i-2/1", AlarmPriority.Emergency));
        await rig.SettleAsync();
        Assert.Equal(["i-2/1"], rig.Sender.Keys);
        Assert.Equal("quiet hours", rig.Log.Single(line => line.State == DeliveryState.Held).Reason);
        await rig.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(["i-2/1", "i-1/1"], rig.Sender.Keys);
    }

    [Fact]
    public async Task UnwritableDatabase_LetsAlarmsOut_SaysThatTheyMayComeAgain_AndIsCaughtUp()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Run("ALTER TABLE delivery RENAME TO delivery_away");
        rig.Outbox.Take(rig.Notice("i-1/1", AlarmPriority.Emergency));
        rig.Outbox.Take(rig.Notice("i-1/1", AlarmPriority.Emergency));
        rig.Outbox.Step();
        await rig.Outbox.IdleAsync();
        NoticeMessage sent = Assert.Single(rig.Sender.Attempts).Message;
        Assert.True(sent.IsUnrecorded);
        Assert.Contains(NoticeMessage.UnrecordedWords, sent.Text, StringComparison.Ordinal);
        Assert.NotNull(rig.Outbox.Counters.StoreProblem);
        rig.Run("ALTER TABLE delivery_away RENAME TO delivery");
        await rig.SettleAsync();
        Assert.Null(rig.Outbox.Counters.StoreProblem);
        Assert.Equal((DeliveryState.Sent, "i-1/1"), (Assert.Single(rig.Log).State, rig.Log[0].Notice));
        rig.Reopen();
        await rig.SettleAsync();
        Assert.Single(rig.Sender.Attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatCanNeverBeWritten_GoesOut_AndHoldsNothingUp(bool wasDatabaseUnwritable)
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        if (wasDatabaseUnwritable)
        {
            rig.Run("ALTER TABLE notice RENAME TO gone");
            rig.Outbox.Take(rig.Notice("i-0/raised"));
        }

        rig.Outbox.Take(rig.Notice("i-1/raised", observed: double.PositiveInfinity));
        rig.Outbox.Take(rig.Notice("i-2/raised"));
        if (wasDatabaseUnwritable)
        {
            rig.Run("ALTER TABLE gone RENAME TO notice");
        }

        await rig.SettleAsync();
        string[] others = wasDatabaseUnwritable ? ["i-0/raised", "i-2/raised"] : ["i-2/raised"];
        Assert.Equal(new HashSet<string>([.. others, "i-1/raised"], StringComparer.Ordinal), new HashSet<string>(rig.Sender.Keys, StringComparer.Ordinal));
        Assert.Null(rig.Outbox.Counters.StoreProblem);
        Assert.Contains("i-1/raised cannot be stored", rig.Outbox.Counters.Fault, StringComparison.Ordinal);
        Assert.All(others, key => Assert.NotNull(rig.Database.ReadNotice(key)));
        rig.Outbox.Take(rig.Notice("i-1/raised", observed: double.PositiveInfinity));
        await rig.SettleAsync();
        Assert.Equal(others.Length + 1, rig.Sender.Attempts.Count);
    }

    [Fact]
    public async Task TooManyWaiting_GiveUpTheOldestThatIsNoEmergency_AndAreCounted()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        rig.Outbox.Take(rig.Notice("i-0/1", AlarmPriority.Emergency));
        for (int number = 1; number <= RouteLine.MostOpen; number++)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(1));
            rig.Outbox.Take(rig.Notice($"i-{number}/1"));
        }

        Assert.Equal(1, rig.Outbox.Counters.GaveUpCount);
        DeliveryRecord given = Assert.Single(rig.Database.ReadDeliveries(long.MaxValue, 10, "gaveUp", null));
        Assert.Equal("i-1/1", given.Notice);
        Assert.Equal(RouteLine.MostOpen, rig.Outbox.Routes()[0].Waiting);
    }

    [Fact]
    public async Task RemovedRoute_GivesUpWhatWaited_AndSkippedOnesSayWhy()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"), DeliveryRig.Person("ben") with { LeastPriority = AlarmPriority.Emergency });
        rig.Sender.Answer = static (_, _) => Task.FromResult(Later);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        rig.Set(settings => settings with { People = [] });
        await rig.SettleAsync();
        Assert.Equal("the route is not there any more", rig.Log.Single(line => line.Route == "ada/hook").Reason);
        Assert.Equal((DeliveryState.Skipped, "below the least priority, emergency"),
            (rig.Log.Single(line => line.Route == "ben/hook").State, rig.Log.Single(line => line.Route == "ben/hook").Reason));
    }

    [Fact]
    public async Task DeadRoute_IsAnAlarm_AfterSoLong_UntilItWorksAgain()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"), DeliveryRig.Person("ben"));
        AlarmBook alarms = new([], static _ => { });
        rig.Sender.Answer = static (route, _) => Task.FromResult(route == "ada/hook" ? Later : SendResult.Sent);
        rig.Outbox.Take(rig.Notice("i-1/1"));
        await rig.SettleAsync();
        await rig.AdvanceAsync(TimeSpan.FromMinutes(15));
        DeliveryAlarms.Look(alarms, rig.Outbox, rig.Now);
        Assert.Empty(alarms.List());
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        DeliveryAlarms.Look(alarms, rig.Outbox, rig.Now);
        Alarm alarm = Assert.Single(alarms.List());
        Assert.Equal(("_gateway", "delivery", AlarmPriority.High, true), (alarm.Cell, alarm.Rule, alarm.Priority, alarm.IsActive));
        Assert.Equal("Alarms have not reached ada/hook for more than 15 min. Last error: connection refused.", alarm.Finding.Message);

        rig.Sender.Answer = static (_, _) => Task.FromResult(SendResult.Sent);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(5));
        DeliveryAlarms.Look(alarms, rig.Outbox, rig.Now);
        Assert.False(Assert.Single(alarms.List()).IsActive);
    }

    [Fact]
    public async Task Log_IsBounded_OldestDoneFirst()
    {
        await using DeliveryRig rig = new(DeliveryRig.Person("ada"));
        for (int number = 1; number <= 20; number++)
        {
            rig.Outbox.Take(rig.Notice($"i-{number}/1", AlarmPriority.Emergency));
        }

        await rig.SettleAsync();
        Assert.Equal(15, rig.Database.TrimDeliveries(5));
        Assert.Equal(["i-20/1", "i-19/1", "i-18/1", "i-17/1", "i-16/1"], rig.Log.Select(line => line.Notice));
        Assert.NotNull(rig.Database.ReadNotice("i-16/1"));
    }
}
