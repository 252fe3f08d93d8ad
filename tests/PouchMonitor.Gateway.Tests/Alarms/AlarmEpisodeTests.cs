using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>What later data make of an alarm that somebody has acknowledged, that has ended, or that a person has reset.</summary>
public sealed class AlarmEpisodeTests
{
    private const string Cell = "c";
    private readonly AlarmRig rig = new();
    private readonly long onset;

    public AlarmEpisodeTests() => onset = rig.Now;

    private Alarm Alarm => rig.Book.List().Single();

    [Fact]
    public void WhatWasAcknowledgedAndEnded_AsksWhereItComesBackWorse()
    {
        Say(FindingSeverity.Warning);
        rig.Acknowledge(Cell);
        Say(FindingSeverity.Warning, endsAfterSeconds: 3);
        Assert.Equal(AlarmState.Normal, Alarm.State);
        rig.Notices.Clear();
        Say(FindingSeverity.Emergency);
        Assert.Equal(AlarmState.Unacknowledged, Alarm.State);
        Assert.Contains(rig.Notices, notice => notice.Priority == AlarmPriority.Emergency);
    }

    [Fact]
    public void WhatGotWorseSinceItWasAcknowledged_StillAsks_WhenItEndsAndComesBack()
    {
        Say(FindingSeverity.Warning);
        rig.Acknowledge(Cell);
        Say(FindingSeverity.Critical);
        Say(FindingSeverity.Critical, endsAfterSeconds: 9);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, Alarm.State);
        Say(FindingSeverity.Critical);
        Assert.True(Alarm.Asks);
    }

    [Fact]
    public void WhatWasAcknowledged_IsStillSo_WhenTheSameComesBack()
    {
        Say(FindingSeverity.Warning);
        rig.Acknowledge(Cell);
        Say(FindingSeverity.Warning, endsAfterSeconds: 3);
        Say(FindingSeverity.Warning);
        Assert.Equal(AlarmState.Acknowledged, Alarm.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatGetsWorseAndEndsInOneGo_IsTold_AndAsks(bool isAcknowledged)
    {
        Say(FindingSeverity.Warning);
        if (isAcknowledged)
        {
            rig.Acknowledge(Cell);
        }

        rig.Pass(2 * AlarmRig.Second);
        rig.Notices.Clear();
        Say(FindingSeverity.Emergency, endsAfterSeconds: 9);
        Assert.Equal((AlarmState.ReturnedUnacknowledged, FindingSeverity.Emergency), (Alarm.State, Alarm.Finding.Severity));
        Assert.Equal((NoticeKind.Worse, AlarmPriority.Emergency), rig.Notices.Select(notice => (notice.Kind, notice.Priority)).First());
    }

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(1, null, false)]
    [InlineData(0, 5, true)]
    public void WhatLatchesAndWasReset_StaysSo_UnlessItGetsWorse(int laterSeconds, int? level, bool asks)
    {
        Finding runaway = Finding(FindingSeverity.Emergency) with { ProposedHazardLevel = 4, MaximumTemperatureC = 150, Latches = true };
        Reconcile(runaway);
        rig.Acknowledge(Cell);
        Assert.NotNull(rig.Book.Reset(Cell, "thermal-limit", "ada", "looked", rig.Now, out _));
        rig.Pass(AlarmRig.Second);
        rig.Notices.Clear();
        Reconcile(runaway with { OnsetMicroseconds = onset + (laterSeconds * AlarmRig.Second), ProposedHazardLevel = level ?? 4 });
        rig.Pass(2 * AlarmRig.Second);
        Assert.Equal(asks, Alarm.Asks);
        Assert.Equal(asks, rig.Notices.Count > 0);
        Assert.Equal(onset + (laterSeconds * AlarmRig.Second), Alarm.Finding.OnsetMicroseconds);
    }

    [Fact]
    public void WhatIsOver_IsCorrectedByLaterData_AndAsksOnlyWhereItWasWorse()
    {
        Say(FindingSeverity.Warning);
        rig.Acknowledge(Cell);
        Say(FindingSeverity.Warning, endsAfterSeconds: 9);
        Reconcile(Finding(FindingSeverity.Warning) with { OnsetMicroseconds = onset - (2 * AlarmRig.Second), ClearedMicroseconds = onset + (9 * AlarmRig.Second), Observed = 63 });
        Assert.Equal((AlarmState.Normal, onset - (2 * AlarmRig.Second), 63.0, 1), (Alarm.State, Alarm.Finding.OnsetMicroseconds, Alarm.Finding.Observed, Alarm.Revision));
        Say(FindingSeverity.Critical, endsAfterSeconds: 9);
        Assert.Equal((AlarmState.ReturnedUnacknowledged, FindingSeverity.Critical), (Alarm.State, Alarm.Finding.Severity));
    }

    [Fact]
    public void AnEarlierEpisode_IsNoCorrectionOfALaterOne()
    {
        Finding early = Finding(FindingSeverity.Critical) with { ClearedMicroseconds = onset + AlarmRig.Second };
        Finding late = Finding(FindingSeverity.Warning) with { OnsetMicroseconds = onset + (10 * AlarmRig.Second), ClearedMicroseconds = onset + (12 * AlarmRig.Second) };
        Reconcile(early, late);
        rig.Acknowledge(Cell);
        Reconcile(early);
        Assert.Equal(AlarmState.Normal, Alarm.State);
    }

    private void Say(FindingSeverity severity, int? endsAfterSeconds = null)
    {
        Reconcile(Finding(severity) with { ClearedMicroseconds = endsAfterSeconds is { } seconds ? onset + (seconds * AlarmRig.Second) : null });
        rig.Pass(2 * AlarmRig.Second);
    }

    private void Reconcile(params Finding[] findings)
    {
        rig.Now += AlarmRig.Second;
        rig.Book.Reconcile(Cell, Cell + "@1", findings, testEnded: false, rig.Now, "n1");
    }

    private Finding Finding(FindingSeverity severity) => AlarmRig.Finding("thermal-limit", onset, severity);
}
