using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

public class AlarmBookTests
{
    private readonly List<AlarmTransition> transitions = [];

    [Fact]
    public void AFinding_RaisesOnce_HoweverOftenItIsSaid()
    {
        AlarmBook book = Book();
        for (int i = 0; i < 3; i++)
        {
            book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], testEnded: false, 1000 + i);
        }

        Alarm alarm = Assert.Single(book.List());
        Assert.Equal(AlarmState.Unacknowledged, alarm.State);
        Assert.Equal(1000, alarm.RaisedMicroseconds);
        Assert.Single(transitions);
    }

    [Fact]
    public void Acknowledged_ThenCleared_IsNormal()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 1000);
        Alarm? acknowledged = book.Acknowledge("c", "thermal-limit", "ada", "seen", 2000, out _);
        Assert.Equal(AlarmState.Acknowledged, acknowledged!.State);
        Assert.Equal("ada", acknowledged.AcknowledgedBy);
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 }], false, 3000);
        Assert.Equal(AlarmState.Normal, book.List()[0].State);
    }

    [Fact]
    public void Cleared_BeforeAnyoneSawIt_StaysToBeAcknowledged()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 1000);
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 }], false, 2000);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, book.List()[0].State);
        Assert.Equal(AlarmState.Normal, book.Acknowledge("c", "thermal-limit", "ada", null, 3000, out _)!.State);
    }

    [Fact]
    public void ANewOnset_AfterTheOldOneCleared_IsRaisedAgain()
    {
        AlarmBook book = Book();
        Finding first = Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 };
        book.Reconcile("c", "c@1", [first with { ClearedMicroseconds = null }], false, 1000);
        book.Acknowledge("c", "thermal-limit", "ada", null, 1100, out _);
        book.Reconcile("c", "c@1", [first], false, 1200);
        book.Reconcile("c", "c@1", [first, Finding("thermal-limit", 300)], false, 1300);
        Assert.Equal(AlarmState.Unacknowledged, book.List()[0].State);
        Assert.Equal(300, book.List()[0].Finding.OnsetMicroseconds);
        Assert.Null(book.List()[0].AcknowledgedBy);
    }

    [Fact]
    public void ARevisedOnset_IsTheSameAlarm_AndKeepsItsAcknowledgement()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "c@1", [Finding("capacity-fade", 500)], false, 1000);
        book.Acknowledge("c", "capacity-fade", "ada", null, 1100, out _);
        book.Reconcile("c", "c@1", [Finding("capacity-fade", 400)], false, 1200);
        Alarm alarm = Assert.Single(book.List());
        Assert.Equal(AlarmState.Acknowledged, alarm.State);
        Assert.Equal(1, alarm.Revision);
    }

    [Fact]
    public void AWorseSeverity_AsksForAttentionAgain_ALesserOneDoesNot()
    {
        AlarmBook book = Book();
        Finding advisory = Finding("capacity-fade", 100) with { Severity = FindingSeverity.Advisory };
        book.Reconcile("c", "c@1", [advisory], false, 1000);
        book.Acknowledge("c", "capacity-fade", "ada", null, 1100, out _);
        book.Reconcile("c", "c@1", [advisory, Finding("capacity-fade", 200)], false, 1200);
        Assert.Equal(AlarmState.Unacknowledged, book.List()[0].State);
        book.Acknowledge("c", "capacity-fade", "ada", null, 1300, out _);
        book.Reconcile("c", "c@1", [advisory], false, 1400);
        Assert.Equal(AlarmState.Acknowledged, book.List()[0].State);
    }

    [Fact]
    public void AFindingThatIsWithdrawn_ReturnsToNormal()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "c@1", [Finding("soft-short", 100)], false, 1000);
        book.Reconcile("c", "c@1", [], false, 1100);
        Assert.False(book.List()[0].IsActive);
    }

    [Fact]
    public void ATestsEnd_EndsWhatDoesNotLatch()
    {
        AlarmBook book = Book();
        Finding[] findings = [Finding("capacity-fade", 100), Finding("thermal-runaway", 100) with { Latches = true }];
        book.Reconcile("c", "c@1", findings, false, 1000);
        book.Reconcile("c", "c@1", findings, testEnded: true, 1100);
        Assert.False(book.List().Single(alarm => alarm.Rule == "capacity-fade").IsActive);
        Assert.True(book.List().Single(alarm => alarm.Rule == "thermal-runaway").IsActive);
    }

    [Fact]
    public void AfterARestart_TheSameFindingsRaiseNothing()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 1000);
        IReadOnlyList<Alarm> stored = book.List();
        transitions.Clear();
        AlarmBook restarted = new(stored, transitions.Add);
        restarted.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 5000);
        Assert.Empty(transitions);
        Assert.Equal(stored, restarted.List());
    }

    [Fact]
    public void AcknowledgingWhatIsNotThere_SaysWhy()
    {
        AlarmBook book = Book();
        Assert.Null(book.Acknowledge("c", "thermal-limit", "ada", null, 1, out string unknown));
        Assert.Contains("no alarm 'thermal-limit' of cell 'c'", unknown, StringComparison.Ordinal);
        book.Reconcile("c", "c@1", [Finding("thermal-limit", 100)], false, 1000);
        book.Acknowledge("c", "thermal-limit", "ada", null, 1100, out _);
        Assert.Null(book.Acknowledge("c", "thermal-limit", "bob", null, 1200, out string already));
        Assert.Contains("already acknowledged by ada", already, StringComparison.Ordinal);
    }

    [Fact]
    public void OldAlarmsThatAreNormal_AreForgottenBeyondTheBound_OpenOnesNever()
    {
        AlarmBook book = Book();
        book.Reconcile("c", "open@1", [Finding("thermal-limit", 1)], false, 1);
        for (int i = 0; i <= AlarmBook.MostKept; i++)
        {
            string test = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"t@{i}");
            book.Reconcile("c" + test, test, [Finding("thermal-limit", 100)], false, 1000 + i);
            book.Acknowledge("c" + test, "thermal-limit", "ada", null, 1000 + i, out _);
            book.Reconcile("c" + test, test, [Finding("thermal-limit", 100) with { ClearedMicroseconds = 150 }], false, 1000 + i);
        }

        Assert.True(book.List().Count <= AlarmBook.MostKept);
        Assert.Single(book.Open("open@1"));
    }

    private AlarmBook Book() => new([], transitions.Add);

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
