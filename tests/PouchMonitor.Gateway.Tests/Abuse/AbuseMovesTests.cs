using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>The states of a test, what leads from one to the next, and what is refused in which words.</summary>
public sealed class AbuseMovesTests
{
    private const double Now = 1_790_000_000;
    private static readonly AbuseTrigger Event = new(TriggerSource.Rule, Now + 5, 0.02, "voltage fell by 0.6 V");

    [Fact]
    public void ATest_GoesThroughItsStates_AndItsLogSaysSo()
    {
        AbuseRecord armed = AbuseMoves.Arm(Ready(), "ada", Now, "all set");
        Assert.Equal((AbuseState.Armed, Now, "ada"), (armed.State, armed.ArmedAt, armed.ArmedBy));
        AbuseRecord begun = AbuseMoves.Begin(armed, Event);
        Assert.Equal((AbuseState.Observing, Now + 5, Now + 5), (begun.State, begun.TriggeredAt, begun.ObservingAt));
        AbuseRecord ended = AbuseMoves.End(begun, "ada", Now + 60, null, null);
        AbuseRecord signed = AbuseSigning.Sign(ended, "ada", "tested", Now + 70);
        Assert.Equal(AbuseState.Signed, signed.State);
        Assert.Equal(["Armed: all set", "The event has begun (rule): voltage fell by 0.6 V", "The observation has begun", "Ended", "Signed"], signed.Log.Select(line => line.Text));
    }

    [Fact]
    public void APlanWithAnExposure_IsObservedFromItsEnd()
    {
        AbusePlan plan = AbuseBench.Plan with { Observation = AbuseBench.Plan.Observation with { Start = ObservationStart.EndOfExposure, ExposureS = 3600 } };
        AbuseRecord begun = AbuseMoves.Begin(AbuseMoves.Arm(Ready(plan), "ada", Now, null), Event);
        Assert.Equal((AbuseState.Triggered, null), (begun.State, begun.ObservingAt));
        AbuseRecord watched = AbuseMoves.EndExposure(begun, "ada", Now + 100, null);
        Assert.Equal((AbuseState.Observing, Now + 100, Now + 100), (watched.State, watched.ObservingAt, watched.ExposureEndedAt));
        Assert.Contains("has ended 20 s ago already", Refused(() => AbuseMoves.EndExposure(watched, "ada", Now + 120, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsOpenOrBad_IsNamed_BeforeArming()
    {
        AbuseRecord record = Ready();
        AbuseRecord open = record with { Checks = AbuseNotes.Replace(record.Checks, record.Checks.Single(check => check.Id == AbuseChecks.PeopleClear) with { State = CheckState.Open }) };
        Assert.Contains("'People are clear of the cell' is open", Refused(() => AbuseMoves.Arm(open, "ada", Now, null)), StringComparison.Ordinal);
        AbuseRecord bad = record with { Checks = AbuseNotes.Replace(record.Checks, record.Checks.Single(check => check.Id == AbuseChecks.Clock) with { State = CheckState.Bad, Detail = "3.0 s ahead" }) };
        Assert.Contains("is bad (3.0 s ahead)", Refused(() => AbuseMoves.Arm(bad, "ada", Now, null)), StringComparison.Ordinal);
        Assert.Contains("16 minutes ago", Refused(() => AbuseMoves.Arm(record, "ada", Now + 960, null)), StringComparison.Ordinal);
        Assert.Equal(AbuseState.Armed, AbuseMoves.Arm(record, "ada", Now + AbuseMoves.ClearForS, null).State);
    }

    [Fact]
    public void WhyATestIsEndedTooEarly_IsADeviation_ButNotWhatIsSaidAtItsDueEnd()
    {
        AbuseRecord begun = AbuseMoves.Begin(AbuseMoves.Arm(Ready(), "ada", Now, null), Event);
        AbuseFigures figures = new AbuseWatch(begun.Plan, CellProfiles.Default).Figures();
        Assert.Equal(["Ended before the observation was over: burnt out"], AbuseMoves.End(begun, "ada", Now + 60, figures, "burnt out").Deviations);
        AbuseFigures due = figures with { Observation = figures.Observation with { CompleteAt = Now + 50 } };
        Assert.Empty(AbuseMoves.End(begun, "ada", Now + 60, due, "burnt out").Deviations);
        AbuseRecord full = begun with { Deviations = [.. Enumerable.Repeat("x", AbuseNotes.MostDeviations)] };
        Assert.Equal(AbuseState.Ended, AbuseMoves.End(full, "ada", Now + 60, figures, "burnt out").State);
    }

    [Fact]
    public void AFalseTrigger_IsTakenBack_WithAReason_ButNeverARunaway()
    {
        AbuseRecord begun = AbuseMoves.Begin(AbuseMoves.Arm(Ready(), "ada", Now, null), Event);
        AbuseFigures figures = new AbuseWatch(begun.Plan, CellProfiles.Default).Figures() with { Trigger = Event };
        AbuseRecord told = begun with { Moments = [new AbuseMoment(TriggerSource.Input, Now + 4.9, 0.001, "edge")] };
        Assert.Contains("must say why", Refused(() => AbuseMoves.Withdraw(told, "ada", Now + 30, figures, " ")), StringComparison.Ordinal);
        AbuseRecord armed = AbuseMoves.Withdraw(told, "ada", Now + 30, figures, "a lead fell off").WithOnce(Now + 31, AbuseLog.State, "The observation has begun");
        Assert.Equal((AbuseState.Armed, Now, null, null), (armed.State, armed.ArmedAt, armed.TriggeredAt, armed.ObservingAt));
        Assert.Equal(Now + 30, armed.CountsFrom());
        Assert.Empty(armed.Moments);
        AbuseWithdrawal taken = Assert.Single(armed.Withdrawals);
        Assert.Equal((Now + 30, "ada", "a lead fell off", Event, 1), (taken.At, taken.Person, taken.Note, taken.Trigger, taken.Moments.Count));
        Assert.Equal("The event (rule: voltage fell by 0.6 V) was taken back 25 s later: a lead fell off (ada)", Assert.Single(armed.Deviations));
        Assert.Equal(2, armed.Log.Count(line => line.Text == "The observation has begun"));
        Assert.Contains("is armed and cannot be taken back now", Refused(() => AbuseMoves.Withdraw(armed, "ada", Now, figures, "x")), StringComparison.Ordinal);
        AbuseValue runaway = figures.Values[0] with { Id = "timeToRunawayS", Value = 3.2 };
        Assert.Contains("met thermal runaway; that is not taken back",
            Refused(() => AbuseMoves.Withdraw(told, "ada", Now + 30, figures with { Values = [runaway] }, "x")), StringComparison.Ordinal);
        AbuseRecord often = told with { Withdrawals = [.. Enumerable.Repeat(taken, 16)] };
        Assert.Contains("16 are the most", Refused(() => AbuseMoves.Withdraw(often, "ada", Now, figures, "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void EachState_RefusesWhatDoesNotBelongThere()
    {
        AbuseRecord preparing = Ready();
        AbuseRecord armed = AbuseMoves.Arm(preparing, "ada", Now, null);
        AbuseRecord observing = AbuseMoves.Begin(armed, Event);
        AbuseRecord ended = AbuseMoves.End(observing, "ada", Now + 60, null, null);
        AbuseRecord signed = AbuseSigning.Sign(ended, "ada", "tested", Now + 70);
        AbuseMoment moment = new(TriggerSource.Command, Now, 1, "now");
        Assert.Contains("is preparing and cannot be triggered now; it would have to be armed", Refused(() => AbuseMoves.Tell(preparing, moment, Now, "ada")), StringComparison.Ordinal);
        Assert.Contains("was never triggered; cancel it instead", Refused(() => AbuseMoves.End(armed, "ada", Now, null, null)), StringComparison.Ordinal);
        Assert.Contains("is armed and cannot be armed", Refused(() => AbuseMoves.Arm(armed, "ada", Now, null)), StringComparison.Ordinal);
        Assert.Contains("the event has begun and stays on record", Refused(() => AbuseMoves.Cancel(observing, "ada", Now, null)), StringComparison.Ordinal);
        Assert.Contains("knows no end of an exposure", Refused(() => AbuseMoves.EndExposure(observing, "ada", Now, null)), StringComparison.Ordinal);
        Assert.Contains("is observing and cannot be signed", Refused(() => AbuseSigning.Sign(observing, "ada", "x", Now)), StringComparison.Ordinal);
        Assert.Contains("is ended and cannot be ended", Refused(() => AbuseMoves.End(ended, "ada", Now, null, null)), StringComparison.Ordinal);
        Assert.Contains("is signed; nothing of it can be changed", Refused(() => AbuseNotes.Note(signed, "late", false, "ada", Now)), StringComparison.Ordinal);
        Assert.Contains("is signed; nothing of it can be changed", Refused(() => AbuseNotes.Observe(signed, new AbuseObservations(), "ada", Now)), StringComparison.Ordinal);
        Assert.Equal(AbuseState.Cancelled, AbuseMoves.Cancel(preparing, "ada", Now, null).State);
    }

    [Fact]
    public void AnAcknowledgement_HasAName_AndTakingItBackAfterArmingIsADeviation()
    {
        AbuseRecord record = AbuseNotes.Acknowledge(Ready(), AbuseChecks.PeopleClear, true, "door locked", "ada", Now);
        AbuseCheck clear = record.Checks.Single(check => check.Id == AbuseChecks.PeopleClear);
        Assert.Equal((CheckState.Good, "ada", "door locked", Now), (clear.State, clear.Person, clear.Detail, clear.At));
        AbuseRecord back = AbuseNotes.Acknowledge(AbuseMoves.Arm(record, "ada", Now, null), AbuseChecks.PeopleClear, false, "somebody at the door", "bob", Now);
        Assert.Contains("taken back by bob: somebody at the door", Assert.Single(back.Deviations), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheMonitorFindsBad_IsAcceptedOnlyWhereItDoesNotBlind_AndWithAReason()
    {
        AbuseRecord record = Ready();
        record = record with { Checks = [.. record.Checks.Select(check => check.IsByPerson ? check : check with { State = CheckState.Bad, Detail = "no sample has arrived" })] };
        Assert.Contains("cannot be answered by a person", Refused(() => AbuseNotes.Acknowledge(record, AbuseChecks.FastRate, true, "trust me", "ada", Now)), StringComparison.Ordinal);
        Assert.Contains("'detail' is missing", Refused(() => AbuseNotes.Acknowledge(record, AbuseChecks.Sensors, true, null, "ada", Now)), StringComparison.Ordinal);
        AbuseRecord accepted = AbuseNotes.Acknowledge(record, AbuseChecks.Sensors, true, "this rig has none", "ada", Now);
        Assert.Contains("accepted by ada: this rig has none", Assert.Single(accepted.Deviations), StringComparison.Ordinal);
        AbuseCheck still = AbuseChecks.Look(accepted, Nothing, Now + 1).Single(check => check.Id == AbuseChecks.Sensors);
        Assert.Equal((CheckState.Good, "ada"), (still.State, still.Person));
    }

    [Fact]
    public void TheLog_IsBounded_KeepsItsBeginning_AndCountsWhatItDropped()
    {
        AbuseRecord record = Ready();
        for (int i = 0; i < AbuseLog.MostLines + 50; i++)
        {
            record = record.With(Now + i, i % 2 == 0 ? AbuseLog.Check : AbuseLog.Note, $"line {i}");
        }

        Assert.Equal((AbuseLog.MostLines, 50), (record.Log.Count, record.LogDropped));
        Assert.Equal("line 0", record.Log[0].Text);
        Assert.Equal($"line {AbuseLog.MostLines + 49}", record.Log[^1].Text);
        Assert.Equal((AbuseLog.MostLines + 50) / 2, record.Log.Count(line => line.Kind == AbuseLog.Note));
    }

    [Fact]
    public void AnotherSignature_IsTaken_TheSameTwiceIsNot_AndAChangedRecordTakesNone()
    {
        AbuseRecord ended = AbuseMoves.End(AbuseMoves.Begin(AbuseMoves.Arm(Ready(), "ada", Now, null), Event), "ada", Now + 60, null, null);
        AbuseRecord signed = AbuseSigning.Sign(AbuseSigning.Sign(ended, "ada", "tested", Now + 70), "bob", "reviewed", Now + 80);
        Assert.Equal(signed.Signatures[0].ContentSha256, signed.Signatures[1].ContentSha256);
        Assert.Contains("has signed", Refused(() => AbuseSigning.Sign(signed, "bob", "reviewed", Now)), StringComparison.Ordinal);
        Assert.Contains("no longer what was signed", Refused(() => AbuseSigning.Sign(signed with { Cell = "another" }, "eve", "x", Now)), StringComparison.Ordinal);
    }

    /// <summary>A screen turns red for what fails the test and for a runaway; what is told or has to be met to pass is nothing to shout about.</summary>
    [Theory]
    [InlineData(CriterionMeasure.Temperature, true, false, "met")]
    [InlineData(CriterionMeasure.ThermalRunaway, false, false, "met")]
    [InlineData(CriterionMeasure.VoltageDrop, false, false, "not-judged")]
    [InlineData(CriterionMeasure.RetainedVoltage, false, true, "not-judged")]
    public void TheWorst_IsOfWhatCountsAgainstTheCell(CriterionMeasure measure, bool isFailure, bool isRequired, string expected)
    {
        CriterionRule rule = AbuseBench.Plan.Criteria[0] with { Id = "one", Measure = measure, IsFailure = isFailure, IsRequired = isRequired };
        AbuseWatch watch = new(AbuseBench.Plan, PouchMonitor.Analysis.Profiles.CellProfiles.Default);
        AbuseCriterion met = watch.Figures().Criteria[0] with { Id = "one", State = CriterionState.Met, IsFailure = isFailure };
        AbuseRecord record = Ready(AbuseBench.Plan with { Criteria = [rule] }) with { Figures = watch.Figures() with { Criteria = [met] } };
        Assert.Equal(expected, AbuseJudgement.Worst(record));
        Assert.Equal("not-judged", AbuseJudgement.Worst(record with { Figures = null }));
    }

    internal static AbuseSight Nothing { get; } = new(null, null, 0, null, false, null, null, null);

    internal static AbuseRecord Ready(AbusePlan? plan = null) => new()
    {
        Id = "t1",
        Cell = "c1",
        Node = "n1",
        Channel = "1",
        Plan = plan ?? AbuseBench.Plan,
        State = AbuseState.Preparing,
        CreatedAt = Now - 60,
        CreatedBy = "ada",
        Checks = [.. AbuseChecks.Of(plan ?? AbuseBench.Plan).Select(check => check with { State = CheckState.Good, At = Now })],
    };

    private static string Refused(Func<AbuseRecord> move) => Assert.Throws<SetupRefusal>(() => move()).Message;
}
