using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>Counts that an operator can check by hand.</summary>
public sealed class AlarmStatisticsTests
{
    private const long Now = 1_790_000_000_000_000;
    private const long Second = 1_000_000;
    private const long Week = 7L * 86_400 * Second;

    [Fact]
    public void AlarmsAreCountedByWeekAndPriority()
    {
        AlarmStatistics statistics = Of([Line(Now - Week - 1, AlarmPriority.High), Line(Now - Week, AlarmPriority.Low), Line(Now, AlarmPriority.Low)], weeks: 2);
        Assert.Equal([0, 0, 1, 0], statistics.Weeks[0].Counts);
        Assert.Equal([2, 0, 0, 0], statistics.Weeks[1].Counts);
        Assert.Equal((Now - (2 * Week), Now), (statistics.Weeks[0].From, statistics.Weeks[1].To));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(11, 1)]
    public void MoreThanTenInTenMinutes_AreAFlood(int alarms, int floods)
    {
        AlarmStatistics statistics = Of([.. Enumerable.Range(0, alarms).Select(n => Line(Now - (600 * Second) + 1 + (n * Second), AlarmPriority.Low, cell: "c" + n))]);
        Assert.Equal((alarms, floods), (statistics.PeakPerTenMinutes, statistics.Floods));
    }

    [Fact]
    public void TwoFloods_AreCountedOnce_Each()
    {
        AlarmEventLine[] Flood(long at) => [.. Enumerable.Range(0, 20).Select(n => Line(at + n, AlarmPriority.Low, cell: "c" + n))];
        Assert.Equal(2, Of([.. Flood(Now - (7200 * Second)), .. Flood(Now - (3600 * Second))]).Floods);
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 0)]
    public void ThreeChangesWithinAMinute_Chatter(int secondsApart, int chattering)
    {
        long first = Now - (3600 * Second);
        AlarmStatistics statistics = Of([Line(first), Line(first + (Second / 2), asks: false), Line(first + (secondsApart * Second))]);
        Assert.Equal(chattering, statistics.Chattering.Count);
    }

    [Fact]
    public void TimeToAcknowledge_IsFromTheAskingToTheFirstAnswer()
    {
        long first = Now - (3600 * Second);
        AlarmStatistics statistics = Of(
        [
            Line(first), Line(first + (100 * Second), asks: false, isAcknowledgement: true),
            Line(first + (200 * Second)), Line(first + (500 * Second), asks: false, isAcknowledgement: true),
        ]);
        Assert.Equal((100.0 + 300) / 2, statistics.MeanSecondsToAcknowledge);
        Assert.Null(Of([]).MeanSecondsToAcknowledge);
    }

    [Fact]
    public void StandingForMoreThanADay_IsNamed()
    {
        AlarmRig rig = new() { Now = Now - (25 * 3600 * Second) };
        rig.Raise("old");
        rig.Now = Now;
        rig.Raise("new");
        AlarmStatistics statistics = new([], rig.Book.List(), 1, Now);
        Assert.Equal(new AlarmFigure("old", "thermal-limit", 25), Assert.Single(statistics.Standing));
    }

    [Fact]
    public void TheDatabase_GivesTheLinesByItsIndex_OldestFirst()
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-statistics-").FullName;
        try
        {
            using StateDatabase database = new(Path.Combine(folder, "state.db"));
            AlarmRig rig = new();
            rig.Raise("a");
            rig.Now += Second;
            rig.Acknowledge("a");
            database.Save([], rig.Transitions);
            IReadOnlyList<AlarmEventLine> lines = database.ReadAlarmEvents(0, 10);
            Assert.Equal([(true, false, AlarmPriority.High), (false, true, AlarmPriority.High)], lines.Select(line => (line.Asks, line.IsAcknowledgement, line.Priority!.Value)));
            Assert.Single(database.ReadAlarmEvents(rig.Now, 10));
            AlarmHistoryLine acknowledged = Assert.Single(database.ReadAlarmHistory(new AlarmHistoryFilter { Cell = "a", Rule = "thermal-limit", FromMicroseconds = rig.Now, Most = 10 }));
            Assert.Equal(2, acknowledged.Id);
            Assert.Equal(1, Assert.Single(database.ReadAlarmHistory(new AlarmHistoryFilter { BeforeId = acknowledged.Id, Most = 10 })).Id);
            Assert.Empty(database.ReadAlarmHistory(new AlarmHistoryFilter { Cell = "b", Most = 10 }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static AlarmStatistics Of(AlarmEventLine[] lines, int weeks = 1) => new(lines, [], weeks, Now);

    private static AlarmEventLine Line(
        long at, AlarmPriority priority = AlarmPriority.Low, string cell = "a", bool asks = true, bool isAcknowledgement = false) =>
        new(at, cell, "thermal-limit", priority, asks, isAcknowledgement);
}
