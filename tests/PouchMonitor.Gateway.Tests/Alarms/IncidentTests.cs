using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>Which alarms are one incident, and what is told of it.</summary>
public sealed class IncidentTests
{
    private readonly AlarmRig rig = new(node => node.StartsWith("shared", StringComparison.Ordinal) ? "rack-1" : node);

    [Fact]
    public void AlarmsOfOneCell_AreOneIncident_WithTheFirstOnsetOnTop()
    {
        rig.Raise("a", "thermal-limit", onset: 200);
        rig.Raise("a", "voltage-limit", onset: 100);
        rig.Pass(2 * AlarmRig.Second);
        IncidentRecord incident = Assert.Single(rig.Book.OpenIncidents());
        Assert.Equal((2, 1, "voltage-limit"), (incident.AlarmCount, incident.CellCount, incident.FirstOut.Rule));
        Assert.All(rig.Book.List(), alarm => Assert.Equal(incident.Id, alarm.Incident));
        AlarmNotice notice = Assert.Single(rig.Notices);
        Assert.Equal((NoticeKind.Raised, AlarmPriority.High, 2), (notice.Kind, notice.Priority, notice.AlarmCount));
    }

    [Theory]
    [InlineData(60_000_000, 1)]
    [InlineData(60_000_001, 2)]
    public void AlarmsOfOneBench_AreOneIncident_WithinTheGroupingTime(long apartMicroseconds, int incidents)
    {
        rig.Raise("a", node: "shared-1");
        rig.Now += apartMicroseconds;
        rig.Raise("b", node: "shared-2");
        Assert.Equal(incidents, rig.Book.OpenIncidents().Count);
    }

    [Fact]
    public void TwoBenches_AreTwoIncidents_AThirdMakesItTheLabs()
    {
        rig.Raise("a");
        rig.Raise("b");
        Assert.Equal(2, rig.Book.OpenIncidents().Count);
        rig.Raise("c");
        IncidentRecord incident = Assert.Single(rig.Book.OpenIncidents());
        Assert.True(incident.IsLabWide);
        Assert.Equal(["n-a", "n-b", "n-c"], incident.Benches);
        Assert.Equal(3, incident.AlarmCount);
        Assert.All(rig.Book.List(), alarm => Assert.Equal(incident.Id, alarm.Incident));
        rig.Pass(3 * AlarmRig.Second);
        Assert.Equal(NoticeKind.Raised, Assert.Single(rig.Notices).Kind);
    }

    [Fact]
    public void FiveHundredAtOnce_AreOneIncidentAndOneNotice_AndEachIsRecorded()
    {
        for (int channel = 0; channel < 500; channel++)
        {
            rig.Raise("cell-" + channel.ToString(CultureInfo.InvariantCulture));
        }

        rig.Pass(5 * AlarmRig.Second);
        IncidentRecord incident = Assert.Single(rig.Book.OpenIncidents());
        Assert.Equal((500, 500, 500), (incident.AlarmCount, incident.CellCount, incident.Unacknowledged));
        AlarmNotice notice = Assert.Single(rig.Notices);
        Assert.Equal((500, AlarmNotice.MostShown, "cell-0"), (notice.CellCount, notice.Alarms.Count, notice.Alarms[0].Cell));
        Assert.Equal(500, rig.Transitions.Count(transition => transition.BeginsToAsk));
    }

    [Fact]
    public void AnEmergencyInAnotherCellDuringAFlood_IsToldAtOnce()
    {
        for (int channel = 0; channel < 50; channel++)
        {
            rig.Raise("cell-" + channel.ToString(CultureInfo.InvariantCulture));
        }

        rig.Pass(2 * AlarmRig.Second);
        rig.Raise("burning", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(AlarmRig.Second / 5);
        Assert.Equal([(NoticeKind.Raised, AlarmPriority.High), (NoticeKind.Worse, AlarmPriority.Emergency)], rig.Notices.Select(notice => (notice.Kind, notice.Priority)));

        // The next one in another cell too, though not within five seconds of the last word.
        rig.Raise("next", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(6 * AlarmRig.Second);
        Assert.Equal(3, rig.Notices.Count);
        Assert.Single(rig.Book.OpenIncidents());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASecondEmergencyOfACell_AfterTheFirstWasAcknowledged_IsToldAtOnce(bool isAnotherCellAsking)
    {
        if (isAnotherCellAsking)
        {
            rig.Raise("warm", node: "shared-1");
        }

        rig.Raise("burning", "thermal-runaway", FindingSeverity.Emergency, node: "shared-2");
        rig.Pass(2 * AlarmRig.Second);
        rig.Acknowledge("burning", "thermal-runaway");
        rig.Pass(AlarmRig.Second);
        int told = rig.Notices.Count;
        rig.Raise("burning", "hard-short", FindingSeverity.Emergency, node: "shared-2");
        rig.Pass(AlarmRig.Second / 5);
        AlarmNotice notice = Assert.Single(rig.Notices.Skip(told));
        Assert.Equal((NoticeKind.Worse, AlarmPriority.Emergency), (notice.Kind, notice.Priority));
        Assert.Contains(notice.Alarms, alarm => alarm.Rule == "hard-short");
    }

    [Fact]
    public void ANoticeThatAMergerTookBack_IsNotMadeAfterARestart()
    {
        rig.Raise("a", node: "n1");
        rig.Raise("b", node: "n2");
        rig.Pass(950_000);
        rig.Now += 60_000;
        Assert.Empty(rig.Book.Look(rig.Now).Notices);
        rig.Raise("c", node: "n3");
        rig.Pass(20 * AlarmRig.Second);
        HashSet<string> told = [.. rig.Notices.Select(notice => notice.Key)];
        Assert.NotEmpty(told);
        Assert.Equal(told, [.. rig.Restart().Select(notice => notice.Key)]);
    }

    [Theory]
    [InlineData(FindingSeverity.Warning, AlarmPriority.Medium)]
    [InlineData(FindingSeverity.Emergency, AlarmPriority.Emergency)]
    public void AfterAnEmergencyWasAcknowledged_WhatComesIsAsUrgentAsItIs(FindingSeverity severity, AlarmPriority expected)
    {
        rig.Raise("burning", "thermal-runaway", FindingSeverity.Emergency, node: "shared-1");
        rig.Pass(2 * AlarmRig.Second);
        rig.Acknowledge("burning", "thermal-runaway");
        rig.Pass(AlarmRig.Second);
        int told = rig.Notices.Count;
        rig.Raise("warm", severity: severity, node: "shared-1");
        rig.Pass(2 * AlarmRig.Minute);
        AlarmNotice notice = rig.Notices[told];
        Assert.Equal(expected, notice.Priority);
        Assert.Contains("thermal-limit of warm", NoticeMessage.TitleOf(notice), StringComparison.Ordinal);
        Assert.StartsWith(AlarmPriorities.NameOf(expected).ToUpperInvariant(), NoticeMessage.TitleOf(notice), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSuppressedByDesign_KeepsNoIncidentOpen_AndLeavesNothing()
    {
        rig.Raise("gone", "silence", FindingSeverity.Warning);
        rig.Pass(2 * AlarmRig.Second);
        rig.Book.Suppress("gone@1", "silence", "not in test", rig.Now);
        rig.Pass(2 * AlarmRig.Second);
        Assert.Empty(rig.Book.OpenIncidents());
        Assert.Equal(NoticeKind.Returned, rig.Notices[^1].Kind);
        rig.Clear("gone", "silence");
        Assert.Equal(AlarmState.Normal, rig.Alarm("gone", "silence").State);
    }

    [Fact]
    public void WhatIsNoLongerSuppressed_AsksAgain()
    {
        rig.Raise("gone", "silence", FindingSeverity.Warning);
        rig.Book.Suppress("gone@1", "silence", "not in test", rig.Now);
        rig.Pass(2 * AlarmRig.Second);
        int told = rig.Notices.Count;
        rig.Book.Suppress("gone@1", "silence", null, rig.Now);
        rig.Pass(2 * AlarmRig.Second);
        Assert.Single(rig.Book.OpenIncidents());
        Assert.Equal(NoticeKind.Raised, rig.Notices[told].Kind);
    }

    [Fact]
    public void SecondEmergenciesOfManyCells_AfterAllWasAcknowledged_AreFewNotices()
    {
        for (int cell = 0; cell < 100; cell++)
        {
            rig.Raise($"c{cell}", "thermal-runaway", FindingSeverity.Emergency, node: "shared-1");
        }

        rig.Pass(20 * AlarmRig.Second);
        rig.Book.AcknowledgeIncident(Assert.Single(rig.Book.OpenIncidents()).Id, "ada", null, rig.Now, out _);
        rig.Pass(AlarmRig.Second);
        int told = rig.Notices.Count;
        for (int cell = 0; cell < 100; cell++)
        {
            rig.Raise($"c{cell}", "hard-short", FindingSeverity.Emergency, node: "shared-1");
            rig.Pass(AlarmRig.Second / 5);
        }

        rig.Pass(30 * AlarmRig.Second);
        Assert.InRange(rig.Notices.Count - told, 2, 5);
        Assert.Equal(100, rig.Book.List().Count(alarm => alarm.Asks));
    }

    [Fact]
    public void ASecondEmergencyOfACell_WhileTheFirstAsks_IsNoFurtherNotice()
    {
        rig.Raise("burning", "thermal-runaway", FindingSeverity.Emergency);
        rig.Pass(AlarmRig.Second);
        rig.Raise("burning", "hard-short", FindingSeverity.Emergency);
        rig.Pass(60 * AlarmRig.Second);
        Assert.Single(rig.Notices);
    }

    [Theory]
    [InlineData(FindingSeverity.Emergency, 200_000, 1)]
    [InlineData(FindingSeverity.Critical, 900_000, 0)]
    [InlineData(FindingSeverity.Critical, 1_200_000, 1)]
    public void ANotice_WaitsForItsBurst_AnEmergencyDoesNot(FindingSeverity severity, long microseconds, int notices)
    {
        rig.Raise("a", severity: severity);
        rig.Pass(microseconds);
        Assert.Equal(notices, rig.Notices.Count);
    }

    [Theory]
    [InlineData(FindingSeverity.Emergency)]
    [InlineData(FindingSeverity.Critical)]
    public void WhereTheDiskFails_PeopleAreToldAllTheSame(FindingSeverity severity)
    {
        rig.DiskFails = true;
        rig.Raise("a", severity: severity);
        rig.Pass(severity == FindingSeverity.Emergency ? AlarmRig.Second / 5 : 4 * AlarmRig.Second);
        Assert.Single(rig.Notices);
    }

    [Fact]
    public void WhatNobodyAcknowledges_IsPassedOn_LessAndLessOften_AndAfterARestart()
    {
        rig.Raise("a");
        rig.Pass(2 * AlarmRig.Second);
        rig.Skip(9 * AlarmRig.Minute);
        Assert.Single(rig.Notices);
        rig.Skip(AlarmRig.Minute);
        Assert.Equal((NoticeKind.Escalated, 1), (rig.Notices[^1].Kind, rig.Notices[^1].Escalation));
        Assert.Equal(1, rig.Alarm("a").Escalation);

        Assert.Equal(rig.Notices.Select(notice => notice.Key), rig.Restart().Select(notice => notice.Key));
        rig.Skip(19 * AlarmRig.Minute);
        Assert.Equal(2, rig.Notices.Count);
        rig.Skip(AlarmRig.Minute);
        Assert.Equal(2, rig.Notices[^1].Escalation);
        rig.Acknowledge("a");
        rig.Skip(100 * AlarmRig.Minute);
        Assert.Equal((NoticeKind.Acknowledged, "ada"), (rig.Notices[^1].Kind, rig.Notices[^1].Person));
        Assert.Equal(4, rig.Notices.Count);
    }

    [Fact]
    public void AcknowledgedAndReturned_IsToldOnce_AndCloses()
    {
        rig.Raise("a");
        rig.Raise("a", "voltage-limit");
        rig.Pass(2 * AlarmRig.Second);
        string id = rig.Book.OpenIncidents()[0].Id;
        Assert.NotNull(rig.Book.AcknowledgeIncident(id, "ada", "seen", rig.Now, out _));
        Assert.All(rig.Book.List(), alarm => Assert.Equal((AlarmState.Acknowledged, "seen"), (alarm.State, alarm.Note)));
        rig.Pass(AlarmRig.Second);
        rig.Clear("a");
        rig.Clear("a", "voltage-limit");
        rig.Pass(AlarmRig.Second);
        Assert.Empty(rig.Book.OpenIncidents());
        Assert.Equal([NoticeKind.Raised, NoticeKind.Acknowledged, NoticeKind.Returned], rig.Notices.Select(notice => notice.Kind));
        Assert.Equal(rig.Notices.Count, rig.Notices.Select(notice => notice.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Null(rig.Book.AcknowledgeIncident(id, "ada", null, rig.Now, out string problem));
        Assert.Contains("no open incident", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAcknowledgementThatIsNotStored_IsNeverTold()
    {
        rig.Raise("a");
        rig.Pass(2 * AlarmRig.Second);
        rig.DiskFails = true;
        Recording recording = new();
        Assert.NotNull(rig.Book.Acknowledge("a", "thermal-limit", "ada", null, rig.Now, out _, recording));
        rig.Pass(5 * AlarmRig.Second);
        recording.Failed("full");
        Assert.Equal((AlarmState.Unacknowledged, null), (rig.Alarm("a").State, rig.Alarm("a").AcknowledgedBy));
        rig.DiskFails = false;
        rig.Pass(5 * AlarmRig.Second);
        Assert.Equal(NoticeKind.Raised, Assert.Single(rig.Notices).Kind);
        Assert.Equal(1, rig.Book.OpenIncidents()[0].Unacknowledged);
    }

    [Fact]
    public void ARevisedOnset_MakesNoSecondIncident_AndTheFirstOutFollowsIt()
    {
        rig.Book.Reconcile("a", "a@1", [AlarmRig.Finding("thermal-limit", 100), AlarmRig.Finding("voltage-limit", 200)], false, rig.Now, "n");
        rig.Pass(2 * AlarmRig.Second);
        Assert.Equal("thermal-limit", rig.Book.OpenIncidents()[0].FirstOut.Rule);
        rig.Book.Reconcile("a", "a@1", [AlarmRig.Finding("thermal-limit", 300), AlarmRig.Finding("voltage-limit", 200)], false, rig.Now, "n");
        rig.Pass(2 * AlarmRig.Second);
        Assert.Equal("voltage-limit", Assert.Single(rig.Book.OpenIncidents()).FirstOut.Rule);
        Assert.Equal(1, rig.Alarm("a").Revision);
        Assert.Single(rig.Notices);
    }

    [Fact]
    public void AnOldIncidentThatEverybodyKnows_DoesNotSwallowWhatIsNew()
    {
        rig.Raise("a", "capacity-fade");
        rig.Pass(2 * AlarmRig.Second);
        rig.Acknowledge("a", "capacity-fade");
        rig.Skip(3600 * AlarmRig.Second);
        rig.Raise("a");
        rig.Pass(2 * AlarmRig.Second);
        Assert.Equal(2, rig.Book.OpenIncidents().Count);
        Assert.Equal([NoticeKind.Raised, NoticeKind.Acknowledged, NoticeKind.Raised], rig.Notices.Select(notice => notice.Kind));
    }

    [Fact]
    public void ShelvedAndSuppressedAlarms_OpenNoIncident_AndCountForNothing()
    {
        rig.Raise("a", "silence", FindingSeverity.Warning);
        rig.Pass(2 * AlarmRig.Second);
        Assert.NotNull(rig.Book.Shelve("a", "silence", "ada", "moved", 3600, rig.Now, out _));
        Assert.Equal(0, rig.Book.OpenIncidents()[0].Unacknowledged);
        rig.Clear("a", "silence");
        rig.Now += AlarmRig.Second;
        rig.Raise("a", "silence", FindingSeverity.Warning);
        rig.Pass(2 * AlarmRig.Second);
        Assert.Single(rig.Notices);
        rig.Skip(3600 * AlarmRig.Second);
        Assert.True(rig.Alarm("a", "silence").Asks);
        Assert.Equal(2, rig.Notices.Count);
    }

    [Fact]
    public void ARestartAtAnyMoment_RestoresTheIncidents_AndMakesTheSameKeysAgain()
    {
        rig.Raise("a");
        rig.Raise("b");
        rig.Raise("c", severity: FindingSeverity.Emergency);
        rig.Pass(2 * AlarmRig.Second);
        IncidentRecord before = Assert.Single(rig.Book.OpenIncidents());
        IReadOnlyList<AlarmNotice> again = rig.Restart();
        IncidentRecord after = Assert.Single(rig.Book.OpenIncidents());
        Assert.Equivalent(before, after, strict: true);
        Assert.Equal(rig.Notices.Select(notice => notice.Key), again.Select(notice => notice.Key));
        rig.Raise("d");
        Assert.Single(rig.Book.OpenIncidents());
    }
}
