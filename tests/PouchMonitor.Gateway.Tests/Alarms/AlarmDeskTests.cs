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

    [Fact]
    public void EveryRule_HasItsLineOfWhatToDo() => Assert.Equal(
        typeof(RuleNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        AlarmGuidance.Rules.Order(StringComparer.Ordinal));
}
