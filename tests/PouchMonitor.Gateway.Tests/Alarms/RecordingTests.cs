using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>What a person does counts when it is on disk, and not before.</summary>
public sealed class RecordingTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string directory = Directory.CreateTempSubdirectory("pouchmonitor-recording-").FullName;

    private string Database => Path.Combine(directory, "state.db");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task WhenItIsAnswered_ItIsOnDisk_WithTheAuditTrail()
    {
        using StateDatabase database = new(Database);
        using StateWriter writer = new(database, _ => { });
        AlarmBook book = Book(writer);
        book.Raise("a", "a@1", AlarmRig.Finding("thermal-limit", 1), 1000, "n");
        Recording recording = new();
        Assert.NotNull(book.Acknowledge("a", "thermal-limit", "ada", "seen", 2000, out _, recording));
        Assert.Null(await recording.Result.WaitAsync(Limit, TestContext.Current.CancellationToken));

        // Read by another connection: what is committed, not what this one remembers.
        using StateDatabase other = new(Database);
        Alarm stored = Assert.Single(other.ReadAlarms());
        Assert.Equal((AlarmState.Acknowledged, "ada", "seen"), (stored.State, stored.AcknowledgedBy, stored.Note));
        AuditEntry entry = Assert.Single(other.ReadAudit(long.MaxValue, 10));
        Assert.Equal(("ada", "alarm.acknowledge", "a/thermal-limit", "seen"), (entry.Person, entry.Action, entry.Target, entry.Detail));
        Assert.Equal(stored.Incident, Assert.Single(other.ReadIncidents(10)).Id);
    }

    [Fact]
    public async Task AnIncidentOfMany_IsAnsweredWhenAllOfItIsOnDisk()
    {
        using StateDatabase database = new(Database);
        using StateWriter writer = new(database, _ => { });
        AlarmBook book = Book(writer);
        for (int cell = 0; cell < 500; cell++)
        {
            book.Raise("c" + cell, $"c{cell}@1", AlarmRig.Finding("thermal-limit", 1), 1000, "n");
        }

        Recording recording = new();
        Assert.NotNull(book.AcknowledgeIncident(book.OpenIncidents()[0].Id, "ada", null, 2000, out _, recording));
        Assert.Null(await recording.Result.WaitAsync(Limit, TestContext.Current.CancellationToken));
        using StateDatabase other = new(Database);
        Assert.Equal(500, other.ReadAlarms().Count(alarm => alarm.State == AlarmState.Acknowledged));
    }

    [Fact]
    public async Task WhileNothingCanBeStored_WhatWaitsHasABound_AndTheNewestStateIsStoredInTheEnd()
    {
        const int Most = 40;
        using StateDatabase database = new(Database);
        string? problem = null;
        using StateWriter writer = new(database, told => Volatile.Write(ref problem, told), Most);
        AlarmBook book = Book(writer);
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON alarm_history BEGIN SELECT RAISE(ABORT, 'full'); END;");
        for (int turn = 0; turn < 300; turn++)
        {
            book.Raise("a", "a@1", AlarmRig.Finding("thermal-limit", 1 + (2 * turn)), 1000 + (10 * turn), "n");
            book.Clear("a@1", "thermal-limit", 1005 + (10 * turn), "cold again");
            if (turn % 100 == 50)
            {
                // Failing once between is where what waits was forgotten to be the last of its alarm.
                long turns = writer.Turns;
                await Soon.Until(() => writer.Turns > turns + 1);
            }
        }

        await Soon.Until(() => Volatile.Read(ref problem)?.Contains("no longer told one by one", StringComparison.Ordinal) == true);
        Assert.InRange(writer.UnsavedCount, 1, Most);
        Execute("DROP TRIGGER refuse;");
        await Soon.Until(() => Volatile.Read(ref problem) is null && writer.UnsavedCount == 0);
        using StateDatabase other = new(Database);
        Alarm stored = Assert.Single(other.ReadAlarms());
        Assert.Equal((AlarmState.ReturnedUnacknowledged, 599L), (stored.State, stored.Finding.OnsetMicroseconds));
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("shelve")]
    [InlineData("reset")]
    public async Task WhatCannotBeStored_IsTakenBack_ForGood(string what)
    {
        using StateDatabase database = new(Database);
        using (StateWriter writer = new(database, _ => { }))
        {
            AlarmBook book = Book(writer);
            book.Raise("a", "a@1", AlarmRig.Finding("thermal-limit", 1) with { Latches = true }, 1000, "n");
            if (what == "reset")
            {
                book.Acknowledge("a", "thermal-limit", "bob", null, 1500, out _);
            }

            await Soon.Until(() => database.ReadAlarms() is [{ State: var state }] && state == book.List()[0].State);
            Alarm before = book.List()[0];
            Execute("CREATE TRIGGER refuse BEFORE INSERT ON alarm_history WHEN NEW.person = 'ada' BEGIN SELECT RAISE(ABORT, 'full'); END;");
            Recording recording = new();
            Assert.NotNull(what switch
            {
                "acknowledge" => book.Acknowledge("a", "thermal-limit", "ada", null, 2000, out _, recording),
                "shelve" => book.Shelve("a", "thermal-limit", "ada", "known", 60, 2000, out _, recording),
                _ => book.Reset("a", "thermal-limit", "ada", null, 2000, out _, recording),
            });
            string? problem = await recording.Result.WaitAsync(Limit, TestContext.Current.CancellationToken);
            Assert.Contains("full", problem, StringComparison.Ordinal);
            Assert.Equal(before, book.List()[0]);
            Execute("DROP TRIGGER refuse;");
            await Soon.Until(() => database.ReadAlarmHistory(1) is [{ Reason: "taken back: it could not be recorded" }]);
        }

        Alarm stored = Assert.Single(database.ReadAlarms());
        Assert.Equal((what == "reset" ? AlarmState.Acknowledged : AlarmState.Unacknowledged, null, null), (stored.State, stored.Shelf, stored.ResetBy));
        Assert.DoesNotContain(database.ReadAlarmHistory(10), line => line.Person == "ada");
    }

    // A figure that is none once stopped every acknowledgement of the lab, over restarts too.
    [Fact]
    public async Task WhatCanNeverBeWritten_IsLeftOutAndTold_AndHoldsUpNothingElse()
    {
        using StateDatabase database = new(Database);
        System.Collections.Concurrent.ConcurrentQueue<string> leftOut = new();
        string? problem = null;
        using (StateWriter writer = new(database, told => problem ??= told) { LeftOut = leftOut.Enqueue })
        {
            AlarmBook book = Book(writer);
            book.Raise("bad", "bad@1", AlarmRig.Finding("thermal-limit", 1) with { Observed = double.PositiveInfinity }, 1000, "n1");
            book.Raise("good", "good@1", AlarmRig.Finding("thermal-limit", 1), 900_000_000, "n2");
            writer.Add(new Nodes.NodeInfo { Node = "n1", IsOnline = true });
            (Recording bad, Recording good) = (new(), new());
            Assert.NotNull(book.Acknowledge("bad", "thermal-limit", "ada", null, 901_000_000, out _, bad));
            Assert.NotNull(book.Acknowledge("good", "thermal-limit", "ada", null, 901_000_000, out _, good));
            Assert.Null(await good.Result.WaitAsync(Limit, TestContext.Current.CancellationToken));
            Assert.Contains("infinity", await bad.Result.WaitAsync(Limit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(AlarmState.Unacknowledged, book.Current("bad", "thermal-limit")!.State);

            // What comes later goes its way as well.
            Recording shelved = new();
            Assert.NotNull(book.Shelve("good", "thermal-limit", "ada", "known", 60, 902_000_000, out _, shelved));
            Assert.Null(await shelved.Result.WaitAsync(Limit, TestContext.Current.CancellationToken));
        }

        Assert.Null(problem);
        Assert.Contains(leftOut, told => told.StartsWith("Alarm 'thermal-limit' of cell 'bad' cannot be written", StringComparison.Ordinal));
        Assert.Contains(leftOut, told => told.StartsWith("Incident 'i-", StringComparison.Ordinal));
        Assert.Equal(("good", AlarmState.Acknowledged), Assert.Single(database.ReadAlarms()) is var alarm ? (alarm.Cell, alarm.State) : default);
        Assert.Equal("n1", Assert.Single(database.ReadNodes()).Node);
        Assert.Equal("good", Assert.Single(database.ReadIncidents(10)).FirstOut.Cell);
    }

    private static AlarmBook Book(StateWriter writer)
    {
        AlarmBook book = new([], writer.Add);
        book.GroupIntoIncidents(new AlarmOptions(), node => node, []);
        writer.WriteIncidentsOf(book);
        return book;
    }

    private void Execute(string sql)
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={Database};Pooling=False");
        connection.Open();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
