using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>Alarms of later tests, later episodes, after a restart and while the database fails.</summary>
public sealed class AlarmRevisionTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("pouchmonitor-alarms-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void AShortEpisodeAfterAnEarlierOne_StillAsksForAcknowledgement()
    {
        AlarmBook book = new([], _ => { });
        Finding first = Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 };
        book.Reconcile("c", "c@1", [first], false, 1000);
        book.Acknowledge("c", "thermal-limit", "ada", null, 1100, out _);
        Assert.Equal(AlarmState.Normal, book.List()[0].State);

        Finding second = Finding("thermal-limit", 300) with { ClearedMicroseconds = 310 };
        book.Reconcile("c", "c@1", [first, second], false, 1200);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, book.List()[0].State);
        Assert.Equal(300, book.List()[0].Finding.OnsetMicroseconds);
    }

    [Fact]
    public void ARevisedOnsetOfAnEpisodeThatIsOver_AsksForNothing()
    {
        AlarmBook book = new([], _ => { });
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 }], false, 1000);
        book.Acknowledge("c", "thermal-limit", "ada", null, 1100, out _);
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 150) with { ClearedMicroseconds = 170 }], false, 1200);
        Assert.Equal(AlarmState.Normal, book.List()[0].State);
    }

    [Fact]
    public void OfSeveralTestsOfACell_TheActiveAlarmSpeaks()
    {
        AlarmBook book = new([], _ => { });
        book.Reconcile("c", "c@2", [Finding("thermal-limit", 500)], false, 1000);
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 }], true, 2000);
        Assert.Equal("c@2", book.Current("c", "thermal-limit")!.Test);
        Assert.Null(book.Current("c", "soft-short"));
    }

    [Fact]
    public void Silence_OutlivesARestart_AndEndsWithTheNextTest()
    {
        AlarmBook book = new([], _ => { });
        GatewayState state = new();
        state.Publish(View(receivedMicroseconds: 1_000_000, ["c@1"]));
        Rules(book, state, startedMicroseconds: 0).Look(null, 62_000_000);
        Assert.True(book.Current("c", RuleNames.Silence)!.IsActive);

        // A new gateway: the node has not come back, but gets its time.
        GatewayRules restarted = Rules(book, state, startedMicroseconds: 100_000_000);
        restarted.Look(null, 101_000_000);
        Assert.True(book.Current("c", RuleNames.Silence)!.IsActive);

        state.Publish(View(receivedMicroseconds: 102_000_000, ["c@1", "c@2"]));
        restarted.Look(null, 103_000_000);
        Assert.False(book.Current("c", RuleNames.Silence)!.IsActive);
    }

    [Theory]
    [InlineData(160_000_000, false)]
    [InlineData(160_000_001, true)]
    public void ANodeThatWentAwayDuringAStop_IsSilentAfterItsTime(long nowMicroseconds, bool expected)
    {
        AlarmBook book = new([], _ => { });
        GatewayState state = new();
        state.Publish(View(receivedMicroseconds: 1_000_000, ["c@1"]));
        Rules(book, state, startedMicroseconds: 100_000_000).Look(null, nowMicroseconds);
        Assert.Equal(expected, book.Current("c", RuleNames.Silence) is { IsActive: true });
    }

    [Fact]
    public void WhatArrivesWhileTheRulesLook_IsNoSilence()
    {
        AlarmBook book = new([], _ => { });
        GatewayState state = new();
        state.Publish(View(receivedMicroseconds: 500_005_000, ["c@1"]));
        Rules(book, state, startedMicroseconds: 0).Look(null, 500_000_000);
        Assert.Empty(book.List());
    }

    [Fact]
    public void AfterTheClockWasSetBack_ASilentCellIsToldAfterItsTime_AndALiveOneIsNot()
    {
        const long Hour = 3_600_000_000;
        AlarmBook book = new([], _ => { });
        GatewayState state = new();
        state.Publish(View(receivedMicroseconds: 2 * Hour, ["c@1"]));
        GatewayRules rules = Rules(book, state, startedMicroseconds: 0);
        rules.Look(null, 2 * Hour);
        rules.Look(null, Hour);
        rules.Look(null, Hour + 60_000_000);
        Assert.Empty(book.List());
        rules.Look(null, Hour + 60_000_001);
        Assert.True(book.Current("c", RuleNames.Silence)!.IsActive);
        state.Publish(View(receivedMicroseconds: Hour + 70_000_000, ["c@1"]));
        rules.Look(null, Hour + 71_000_000);
        Assert.False(book.Current("c", RuleNames.Silence)!.IsActive);
    }

    [Fact]
    public void ATestThatGoesOn_IsNotSuppressedAnyMore()
    {
        AlarmBook book = new([], _ => { });
        GatewayState state = new();
        state.Publish(View(receivedMicroseconds: 1_000_000, ["c@1"]));
        GatewayRules rules = Rules(book, state, startedMicroseconds: 0);
        rules.Look(null, 62_000_000);
        book.Suppress("c@1", RuleNames.Silence, "not in test", 62_000_000);
        rules.Look(null, 63_000_000);
        Assert.True(book.Current("c", RuleNames.Silence)!.Asks);
    }

    [Fact]
    public void AfterTheDatabaseFailed_TheNewestStateOfAnAlarmIsTheOneStored()
    {
        string path = Path.Combine(directory, "state.db");
        using StateDatabase database = new(path);
        using ManualResetEventSlim failed = new();
        using ManualResetEventSlim succeeded = new();
        using Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={path};Pooling=False");
        other.Open();
        Execute(other, "CREATE TRIGGER refuse BEFORE INSERT ON alarm BEGIN SELECT RAISE(ABORT, 'full'); END;");
        using (StateWriter writer = new(database, problem => (problem is null ? succeeded : failed).Set()))
        {
            AlarmBook book = new([], writer.Add);
            book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 1000);
            Assert.True(failed.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            book.Acknowledge("c", "thermal-limit", "ada", null, 1100, out _);
            Execute(other, "DROP TRIGGER refuse;");
            Assert.True(succeeded.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }

        Assert.Equal(AlarmState.Acknowledged, Assert.Single(database.ReadAlarms()).State);
        Assert.Equal(["Acknowledged", "Unacknowledged"], database.ReadAlarmHistory(10).Select(line => line.To));
    }

    private static void Execute(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static GatewayRules Rules(AlarmBook book, GatewayState state, long startedMicroseconds) =>
        new(book, state, new PipelineCounters(), silenceSeconds: 60, startedMicroseconds);

    private static ChannelView View(long receivedMicroseconds, string[] tests) => new()
    {
        Node = "n",
        Channel = "1",
        Version = 1,
        Tests = [.. tests.Select((test, at) => new TestView(
            new TestRecord { Test = test, Cell = "c", Node = "n", Channel = "1", Ordinal = at }, [], [], []))],
        HasSample = true,
        Latest = default,
        IsLive = true,
        ReceivedMicroseconds = receivedMicroseconds,
        DroppedSamples = 0,
        Trend = [],
        Live = null,
        Boots = [],
    };

    private static Finding Finding(string rule, long onset) => new()
    {
        Rule = rule,
        OnsetMicroseconds = onset,
        Severity = FindingSeverity.Warning,
        Measure = "m",
        Observed = 61,
        Limit = 60,
        Unit = "C",
        Message = "x",
    };
}
