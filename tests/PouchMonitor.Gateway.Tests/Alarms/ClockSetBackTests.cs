using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>A clock that is set back by an hour makes nobody wait an hour longer.</summary>
public sealed class ClockSetBackTests
{
    private const long Hour = 60 * AlarmRig.Minute;
    private readonly AlarmRig rig = new();

    [Fact]
    public void WhatNobodyAcknowledges_IsPassedOnAsBefore()
    {
        rig.Raise("c", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(AlarmRig.Minute);
        rig.Now -= Hour;
        rig.Pass(AlarmRig.Minute + AlarmRig.Second);
        Assert.Equal([NoticeKind.Raised, NoticeKind.Escalated], rig.Notices.Select(notice => notice.Kind));
    }

    [Fact]
    public void WhatIsShelved_ComesBackAsBefore_AlsoOnDisk()
    {
        rig.Raise("c", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(AlarmRig.Second);
        Assert.NotNull(rig.Book.Shelve("c", "thermal-runaway", "ada", "known", 900, rig.Now, out _));
        rig.Pass(5 * AlarmRig.Minute);
        rig.Now -= Hour;
        rig.Pass(AlarmRig.Second);
        rig.Restart();
        rig.Skip((10 * AlarmRig.Minute) - (2 * AlarmRig.Second));
        Assert.NotNull(rig.Alarm("c", "thermal-runaway").Shelf);
        rig.Skip(2 * AlarmRig.Second);
        Assert.Null(rig.Alarm("c", "thermal-runaway").Shelf);
    }

    [Fact]
    public void ANewAlarmThatWasAboutToBeTold_IsTold()
    {
        rig.Raise("c");
        rig.Pass(AlarmRig.Second / 2);
        rig.Now -= Hour;
        rig.Pass(AlarmRig.Second);
        Assert.Single(rig.Notices);
    }

    [Fact]
    public void AnEmergencyThatCannotBeWritten_IsToldAllTheSame()
    {
        rig.DiskFails = true;
        rig.Raise("c", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(AlarmRig.Second / 20);
        rig.Now -= Hour;
        rig.Pass(AlarmRig.Second / 4);
        Assert.Single(rig.Notices);
    }
}
