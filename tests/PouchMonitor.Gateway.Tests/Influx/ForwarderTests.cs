using Microsoft.AspNetCore.Http;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>The forwarder between a journal, a state database and a strict stand-in of a server.</summary>
public sealed class ForwarderTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-forwarder-").FullName;
    private FrameJournal journal = null!;
    private StateDatabase database = null!;
    private StrictServer server = null!;
    private InfluxForwarder? forwarder;

    public async ValueTask InitializeAsync()
    {
        journal = FrameJournal.Open(JournalRig.Options(new MemoryFiles()));
        database = new StateDatabase(Path.Combine(folder, "state.db"));
        server = await StrictServer.StartAsync(InfluxKind.InfluxDb1);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await server.DisposeAsync();
        await journal.DisposeAsync();
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ARevisedCycle_OverwritesItsPoint_AndAWithdrawnOne_IsMarked()
    {
        Start();
        Save([Cycle(1, 1000, 2.5), Cycle(2, 2000, 2.4)], [Finding("soft-short", 1500)]);
        await Soon.Until(() => Point("cell_cycle", 2000)?["discharge_capacity_ah"] == "2.4" && Point("cell_finding", 1500) is not null);
        Save([Cycle(1, 1000, 2.5), Cycle(2, 2000, 2.3) with { Revision = 1 }], [Finding("soft-short", 1500) with { ClearedMicroseconds = 1600 }]);
        await Soon.Until(() => Point("cell_cycle", 2000)?["discharge_capacity_ah"] == "2.3" && Point("cell_finding", 1500)!.ContainsKey("cleared_time_us"));
        Assert.Equal("1i", Point("cell_cycle", 2000)!["revision"]);
        Save([Cycle(1, 1000, 2.5)], []);
        await Soon.Until(() => Point("cell_cycle", 2000)?["valid"] == "false" && Point("cell_finding", 1500)?["valid"] == "false");
        Assert.Equal("true", Point("cell_cycle", 1000)!["valid"]);
        Assert.Empty(server.Complaints);
    }

    [Fact]
    public async Task ACycleThatMoves_OrNoLongerKnowsAValue_LeavesNothingBehindAsIfTrue()
    {
        Start();
        Save([Cycle(1, 1000, 2.5)], []);
        await Soon.Until(() => Point("cell_cycle", 1000) is not null);
        Save([Cycle(1, 900, 2.5)], []);
        await Soon.Until(() => Point("cell_cycle", 1000)?["valid"] == "false" && Point("cell_cycle", 900, variant: 1)?["valid"] == "true");
        Save([Cycle(1, 900, null)], []);
        await Soon.Until(() => Point("cell_cycle", 900, variant: 2) is not null);
        Assert.Equal("false", Point("cell_cycle", 900, variant: 1)!["valid"]);
        Assert.False(Point("cell_cycle", 900, variant: 2)!.ContainsKey("discharge_capacity_ah"));
    }

    [Fact]
    public async Task AlarmEvents_OfOneInstant_AreEachAPoint()
    {
        Start();
        Alarm alarm = new() { Cell = "a", Test = "a@1", Finding = Finding("silence", 5), State = AlarmState.Unacknowledged, RaisedMicroseconds = 7 };
        database.Save([], [new AlarmTransition(7, AlarmState.Normal, alarm, "raised"),
            new AlarmTransition(7, AlarmState.Unacknowledged, alarm with { State = AlarmState.Acknowledged, AcknowledgedBy = "Ada" }, "acknowledged by Ada") { Person = "Ada" }]);
        await Soon.Until(() => server.Points.ContainsKey(("cell_alarm,cell=a,rule=silence,test=a@1", 7)) && server.Points.ContainsKey(("cell_alarm,cell=a,rule=silence,test=a@1", 8)));
        Assert.Equal("\"Ada\"", server.Points[("cell_alarm,cell=a,rule=silence,test=a@1", 8)]["person"]);
    }

    [Fact]
    public async Task AfterARestart_NothingIsSentAgain_AndAnotherDatabaseGetsEverything()
    {
        Start();
        Save([Cycle(1, 1000, 2.5)], []);
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000));
        await Soon.Until(() => Samples().Count == 10 && Point("cell_cycle", 1000) is not null && forwarder!.Figures.LagBytes == 0);
        await StopAsync();
        int requests = server.Requests.Count;
        Start();
        await journal.Append(InfluxFrames.Entry(10, 10, anchor: 5_000_000));
        await Soon.Until(() => Samples().Count == 20);
        await StopAsync();
        Assert.DoesNotContain(server.Requests.Skip(requests).SelectMany(request => request.Lines), line => line.Contains("sample_number=3i", StringComparison.Ordinal));
        server.Points.Clear();
        Start(options => options with { UnanchoredDays = 29, UserName = "ada", Url = new Uri(options.Url, "/"), Database = "cells/1", Organization = "other" });
        await Soon.Until(() => Samples().Count == 20 && Point("cell_cycle", 1000) is not null);
    }

    [Fact]
    public async Task NoPointEverMoves_EvenIfTheBootStatesAnotherTimeLater()
    {
        Start();
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000));
        await Soon.Until(() => Samples().Count == 10);
        await StopAsync();
        await journal.Append(InfluxFrames.Entry(10, 10, anchor: 9_000_000));
        Start();
        await Soon.Until(() => Samples().Count == 20);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => 5_000_000L + (number * 1000)), Samples().Select(sample => sample.Time).Order());
    }

    [Fact]
    public async Task FramesWithoutATime_HoldTheDeliveredPosition_UntilTheirTimeComes()
    {
        Start();
        await journal.Append(InfluxFrames.Entry(0, 10, boot: 3));
        await journal.Append(InfluxFrames.Entry(0, 10, boot: 4, anchor: 5_000_000));
        await Soon.Until(() => Samples().Count == 10 && forwarder!.Figures.DeferredBoots == 1);
        Assert.True(forwarder!.DeliveredPosition < journal.CommittedPosition);
        await journal.Append(InfluxFrames.Entry(10, 10, boot: 3, anchor: 7_000_000_000));
        await Soon.Until(() => Samples().Count == 30 && forwarder.DeliveredPosition == journal.CommittedPosition && forwarder.Figures.DeferredBoots == 0);
    }

    [Fact]
    public async Task CapturesAndImages_AreNotSent()
    {
        Start();
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000, kind: Wire.FrameKind.Capture));
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000));
        await Soon.Until(() => forwarder!.Figures.LagBytes == 0 && Samples().Count > 0);
        Assert.Equal(10, Samples().Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(500)]
    public async Task WhileTheServerFails_TheLagShows_AndThenEverythingIsThere(int status)
    {
        int failures = 5;
        server.Instead = (context, _) =>
        {
            if (Interlocked.Decrement(ref failures) < 0)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "0";
            return Task.FromResult(true);
        };
        Start();
        for (int frame = 0; frame < 20; frame++)
        {
            await journal.Append(InfluxFrames.Entry(frame * 10, 10, anchor: 5_000_000));
        }

        await Soon.Until(() => Samples().Count == 200 && forwarder!.Figures is { LagBytes: 0, LastError: null });
        Assert.True(forwarder!.Figures.FailedAttempts >= 5);
    }

    [Fact]
    public async Task AServerThatMayHaveForgotten_IsSentTheNewestAgain_AndCountsAsDeliveredOnlyLater()
    {
        await server.DisposeAsync();
        server = await StrictServer.StartAsync(InfluxKind.VictoriaMetrics);
        ManualTime clock = new();
        Start(time: clock);
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000));
        Save([Cycle(1, 1000, 2.5)], []);
        await Until(clock, () => Samples().Count == 10 && Point("cell_cycle", 1000) is not null && forwarder!.Figures.LagBytes == 0);
        Assert.Equal(0, forwarder!.DeliveredPosition);
        clock.Advance(TimeSpan.FromSeconds(70));
        await Until(clock, () => forwarder.DeliveredPosition == journal.CommittedPosition);

        await journal.Append(InfluxFrames.Entry(10, 10, anchor: 5_000_000));
        Save([Cycle(1, 1000, 2.5), Cycle(2, 2000, 2.4)], []);
        await Until(clock, () => Samples().Count == 20 && Point("cell_cycle", 2000) is not null);
        server.Points.Clear();
        await StopAsync();
        Start(time: clock);
        await journal.Append(InfluxFrames.Entry(20, 10, anchor: 5_000_000));
        await Until(clock, () => Samples().Count == 20 && server.Points.Keys.Any(point => point.Time == 2000));
        Assert.DoesNotContain(Samples(), sample => sample.Time < 5_010_000);
        Assert.Empty(server.Complaints);
    }

    [Fact]
    public async Task ADatabaseOfTheVersionBefore_IsForwardedFromItsBeginning()
    {
        database.Dispose();
        string path = Path.Combine(folder, "state.db");
        File.Delete(path);
        using (Microsoft.Data.Sqlite.SqliteConnection old = new($"Data Source={path};Pooling=False"))
        {
            old.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = old.CreateCommand();
            command.CommandText = string.Join("\n", StateSchema.Migrations.Take(2)) + """
                PRAGMA user_version = 2;
                INSERT INTO test VALUES ('a@1', 'a', 'n1', '1', NULL, 1, 500, 900, 1, 0, 3, '[]', x'00', 0, 0);
                INSERT INTO cycle VALUES ('a@1', 0, '{"Index":1,"StartMicroseconds":600,"EndMicroseconds":800,"DischargeCapacityAh":2.5}');
                """;
            command.ExecuteNonQuery();
        }

        database = new StateDatabase(path);
        Start();
        await Soon.Until(() => Point("cell_test", 500)?["sample_count"] == "3i" && Point("cell_cycle", 600)?["discharge_capacity_ah"] == "2.5");
    }

    [Fact]
    public async Task RefusedLines_AreKeptAndCounted_OverARestart()
    {
        server.Refuses = line => line.Contains("sample_number=4i", StringComparison.Ordinal);
        Start();
        await journal.Append(InfluxFrames.Entry(0, 10, anchor: 5_000_000));
        await Soon.Until(() => Samples().Count == 9 && forwarder!.Figures.RejectedLines == 1);
        await StopAsync();
        Start();
        RejectedLine line = Assert.Single(forwarder!.Rejected(10)).Line;
        Assert.Contains("sample_number=4i", line.Line, StringComparison.Ordinal);
        Assert.Contains("field type conflict", line.Reason, StringComparison.Ordinal);
        Assert.Equal(1, forwarder.Figures.RejectedLines);
    }

    private void Start(Func<InfluxOptions, InfluxOptions>? change = null, TimeProvider? time = null)
    {
        InfluxOptions options = change?.Invoke(server.Options()) ?? server.Options();
        forwarder = new InfluxForwarder(
            journal, folder, options, new HttpInfluxWriter(options, TimeProvider.System), (node, channel) => $"{node}.{channel}", time ?? TimeProvider.System, new Random(1));
        forwarder.Start();
    }

    private async Task StopAsync()
    {
        if (forwarder is not null)
        {
            await forwarder.DisposeAsync();
            forwarder = null;
        }
    }

    private void Save(IReadOnlyList<CycleSummary> cycles, IReadOnlyList<Finding> findings) => database.Save(
    [
        new TestCheckpoint
        {
            Record = new TestRecord { Test = "a@1", Cell = "a", Node = "n1", Channel = "1", Ordinal = 1, StartMicroseconds = 500, LastMicroseconds = 3000, SampleCount = 9 },
            Snapshot = [], NextSegment = 0, NextNumber = 0, Cycles = cycles, FirstCycleAt = 0, Pulses = [], FirstPulseAt = 0, Findings = findings,
        },
    ], []);

    private static CycleSummary Cycle(int index, long start, double? capacity) =>
        new() { Index = index, StartMicroseconds = start, EndMicroseconds = start + 500, DischargeCapacityAh = capacity };

    private static Finding Finding(string rule, long onset) => new()
    {
        Rule = rule, OnsetMicroseconds = onset, Severity = FindingSeverity.Warning, Measure = "m", Unit = "V", Message = "It is so.",
    };

    private SortedDictionary<string, string>? Point(string measurement, long time, int variant = 0) => server.Points
        .Where(point => point.Key.Time == time && point.Key.Series.StartsWith(measurement + ",", StringComparison.Ordinal)
            && (variant == 0 ? !point.Key.Series.Contains("variant", StringComparison.Ordinal) : point.Key.Series.EndsWith($",variant={variant}", StringComparison.Ordinal)))
        .Select(point => point.Value).SingleOrDefault();

    private List<(string Series, long Time)> Samples() =>
        [.. server.Points.Keys.Where(point => point.Series.StartsWith("cell_sample,", StringComparison.Ordinal))];

    // A manual clock moves a little with every look, so that batches go out.
    private static Task Until(ManualTime clock, Func<bool> isSo) => Soon.Until(() =>
    {
        clock.Advance(TimeSpan.FromMilliseconds(20));
        return isSo();
    });
}
