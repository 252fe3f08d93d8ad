using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>What people do with alarms: shelve, bring back, reset; and what is never suppressed.</summary>
public sealed class AlarmDeskTests
{
    private readonly AlarmRig rig = new();

    [Theory]
    [InlineData(FindingSeverity.Warning, 59, false)]
    [InlineData(FindingSeverity.Warning, 60, true)]
    [InlineData(FindingSeverity.Warning, 604_800, true)]
    [InlineData(FindingSeverity.Warning, 604_801, false)]
    [InlineData(FindingSeverity.Emergency, 900, true)]
    [InlineData(FindingSeverity.Emergency, 901, false)]
    public void Shelving_HasItsBounds(FindingSeverity severity, int seconds, bool isAllowed)
    {
        rig.Raise("a", severity: severity);
        Assert.Equal(isAllowed, rig.Book.Shelve("a", "thermal-limit", "ada", "known", seconds, rig.Now, out string problem) is not null);
        Assert.Equal(!isAllowed, problem.Contains("is outside 60 to ", StringComparison.Ordinal));
    }

    [Fact]
    public void AShelvedAlarm_GoesOnBeingJudged_AndComesBackAtItsTime_AlsoAfterARestart()
    {
        rig.Raise("a", severity: FindingSeverity.Warning);
        rig.Book.Shelve("a", "thermal-limit", "ada", "known", 60, rig.Now, out _);
        Assert.False(rig.Alarm("a").Asks);
        rig.Clear("a");
        rig.Now += AlarmRig.Second;
        rig.Raise("a", severity: FindingSeverity.Warning);
        Assert.Equal((AlarmState.Unacknowledged, "known"), (rig.Alarm("a").State, rig.Alarm("a").Shelf?.Reason));
        rig.Pass(AlarmRig.Second);
        rig.Restart();
        rig.Book.ReturnFromShelf(rig.Now + (57 * AlarmRig.Second));
        Assert.NotNull(rig.Alarm("a").Shelf);
        rig.Book.ReturnFromShelf(rig.Now + (58 * AlarmRig.Second));
        Assert.True(rig.Alarm("a").Asks);
        Assert.Contains(rig.Transitions, transition => transition.Person == "ada" && transition.Action == "alarm.shelve" && transition.Note == "known");
    }

    [Fact]
    public void WhatGetsWorse_ComesBackAtOnce()
    {
        rig.Raise("a", severity: FindingSeverity.Warning, onset: 1);
        rig.Book.Shelve("a", "thermal-limit", "ada", "known", 3600, rig.Now, out _);
        rig.Raise("a", severity: FindingSeverity.Critical, onset: 1);
        Assert.True(rig.Alarm("a").Asks);
    }

    [Theory]
    [InlineData(205, false)]
    [InlineData(205.1, true)]
    public void AShelvedEmergency_ComesBack_WhenItGetsHotter(double temperatureC, bool comesBack)
    {
        Finding burning = AlarmRig.Finding("thermal-runaway", 1, FindingSeverity.Emergency) with { Latches = true, MaximumTemperatureC = 200 };
        rig.Book.Reconcile("a", "a@1", [burning], false, rig.Now);
        rig.Acknowledge("a", "thermal-runaway");
        rig.Book.Shelve("a", "thermal-runaway", "ada", "fire brigade is here", 900, rig.Now, out _);
        rig.Book.Reconcile("a", "a@1", [burning with { MaximumTemperatureC = temperatureC }], false, rig.Now);
        Assert.Equal(comesBack, rig.Alarm("a", "thermal-runaway").Asks);
    }

    [Fact]
    public void Unshelving_NeedsAShelf()
    {
        rig.Raise("a");
        Assert.Null(rig.Book.Unshelve("a", "thermal-limit", "ada", rig.Now, out string problem));
        Assert.Contains("is not shelved", problem, StringComparison.Ordinal);
        rig.Book.Shelve("a", "thermal-limit", "ada", "known", 60, rig.Now, out _);
        Assert.True(rig.Book.Unshelve("a", "thermal-limit", "bob", rig.Now, out _)!.Asks);
    }

    [Fact]
    public void WhatLatches_StaysActive_UntilAPersonResetsIt_AndThenDoesNotComeBackByItself()
    {
        Finding burnt = AlarmRig.Finding("thermal-runaway", 1, FindingSeverity.Emergency) with { Latches = true, MaximumTemperatureC = 200 };
        rig.Book.Reconcile("a", "a@1", [burnt], testEnded: true, rig.Now);
        Assert.True(rig.Alarm("a", "thermal-runaway").IsActive);
        Assert.Null(rig.Book.Reset("a", "thermal-runaway", "ada", null, rig.Now, out string early));
        Assert.Contains("acknowledged before", early, StringComparison.Ordinal);
        rig.Acknowledge("a", "thermal-runaway");
        Alarm reset = rig.Book.Reset("a", "thermal-runaway", "ada", "cold", rig.Now, out _)!;
        Assert.Equal((AlarmState.Normal, "ada"), (reset.State, reset.ResetBy));
        rig.Book.Reconcile("a", "a@1", [burnt], testEnded: true, rig.Now);
        Assert.Equal(AlarmState.Normal, rig.Alarm("a", "thermal-runaway").State);

        // It goes on burning: that is not what was reset.
        rig.Book.Reconcile("a", "a@1", [burnt with { MaximumTemperatureC = 300 }], testEnded: true, rig.Now);
        Assert.Equal((AlarmState.Unacknowledged, null), (rig.Alarm("a", "thermal-runaway").State, rig.Alarm("a", "thermal-runaway").ResetBy));
    }

    [Fact]
    public void WhatDoesNotLatch_CannotBeReset()
    {
        rig.Raise("a");
        rig.Acknowledge("a");
        Assert.Null(rig.Book.Reset("a", "thermal-limit", "ada", null, rig.Now, out string problem));
        Assert.Contains("does not latch", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RuleNames.ThermalRunaway)]
    [InlineData(RuleNames.ThermalLimit)]
    [InlineData(RuleNames.HeatingRate)]
    [InlineData(RuleNames.HeatResidual)]
    [InlineData(RuleNames.HardShort)]
    [InlineData(RuleNames.VoltageLimit)]
    [InlineData(RuleNames.Protection)]
    [InlineData(RuleNames.SensorFault)]
    public void WhatSpeaksOfDanger_IsNeverSuppressed(string rule)
    {
        rig.Raise("a", rule);
        Assert.Throws<ArgumentException>(() => rig.Book.Suppress("a@1", rule, "not in test", rig.Now));
        Assert.True(rig.Alarm("a", rule).Asks);
    }

    /// <summary>The same rule stands open in the test before and is active in the present one.</summary>
    [Fact]
    public void OfTwoTests_TheNamedOneIsTaken()
    {
        rig.Book.Raise("a", "a@1", AlarmRig.Finding("thermal-limit", 1), rig.Now);
        rig.Book.Clear("a@1", "thermal-limit", rig.Now, "over");
        rig.Book.Raise("a", "a@2", AlarmRig.Finding("thermal-limit", 2), rig.Now);
        Assert.Equal("a@1", rig.Book.Acknowledge("a", "thermal-limit", "ada", null, rig.Now, out _, test: "a@1")!.Test);
        Assert.Equal(AlarmState.Unacknowledged, rig.Book.Current("a", "thermal-limit", "a@2")!.State);
        Assert.Equal("a@1", rig.Book.Shelve("a", "thermal-limit", "ada", "known", 60, rig.Now, out _, test: "a@1")!.Test);
        Assert.Null(rig.Book.Unshelve("a", "thermal-limit", "ada", rig.Now, out _, test: "a@2"));
        Assert.Equal("a@1", rig.Book.Unshelve("a", "thermal-limit", "ada", rig.Now, out _, test: "a@1")!.Test);
        Assert.Null(rig.Book.Reset("a", "thermal-limit", "ada", null, rig.Now, out string unknown, test: "a@3"));
        Assert.Contains("in test 'a@3'", unknown, StringComparison.Ordinal);
        Assert.Null(rig.Book.Current("b", "thermal-limit", "a@1"));
        Assert.Equal("a@2", rig.Book.Acknowledge("a", "thermal-limit", "ada", null, rig.Now, out _)!.Test);
    }

    /// <summary>While the note was typed another cell ran away, one alarm became worse and one was raised anew: nobody has seen that.</summary>
    [Fact]
    public void OfAnIncident_OnlyWhatWasSeenIsAcknowledged()
    {
        foreach (string cell in (string[])["a", "b", "c"])
        {
            rig.Raise(cell, severity: FindingSeverity.Warning, node: "bench", onset: 1);
        }

        SeenAlarm[] seen = [.. rig.Book.List().Select(alarm => new SeenAlarm(alarm.Test, alarm.Rule, alarm.Finding.Severity, alarm.RaisedMicroseconds))];
        string id = rig.Alarm("a").Incident!;
        rig.Now += AlarmRig.Second;
        rig.Raise("d", "thermal-runaway", FindingSeverity.Emergency, node: "bench");
        rig.Raise("b", severity: FindingSeverity.Critical, node: "bench", onset: 1);
        rig.Clear("c");
        rig.Raise("c", severity: FindingSeverity.Warning, node: "bench", onset: rig.Now);
        IncidentRecord left = rig.Book.AcknowledgeIncident(id, "ada", "fans", rig.Now, out _, seen: seen)!;
        Assert.Equal(3, left.Unacknowledged);
        Assert.Equal(AlarmState.Acknowledged, rig.Alarm("a").State);
        Assert.All([rig.Alarm("b"), rig.Alarm("c"), rig.Alarm("d", "thermal-runaway")], alarm => Assert.Equal(AlarmState.Unacknowledged, alarm.State));
        Assert.Null(rig.Book.AcknowledgeIncident(id, "ada", null, rig.Now, out string nothing, seen: seen));
        Assert.Contains("3 to be acknowledged came or became worse since", nothing, StringComparison.Ordinal);
        Assert.Equal(0, rig.Book.AcknowledgeIncident(id, "ada", null, rig.Now, out _)!.Unacknowledged);
    }

    [Fact]
    public void EveryRule_HasItsLineOfWhatToDo() => Assert.Equal(
        typeof(RuleNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        AlarmGuidance.Rules.Order(StringComparer.Ordinal));
}
