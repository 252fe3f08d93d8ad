using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Tests.Abuse.Report;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>What a person saw counts like what a sensor read, and what all criteria say together.</summary>
public sealed class AbuseSightsTests
{
    private static readonly CriterionRule Fire = new("fire", "Fire or explosion", CriterionMeasure.Observed, null, "", IsBelow: false, 0, IsFailure: true, IsRequired: false, FigureSource.Quoted)
    {
        Seen = [AbuseSign.Flame, AbuseSign.Explosion],
    };

    [Theory]
    [InlineData(null, null, "open", CriterionState.NotJudged)]
    [InlineData(false, null, "open", CriterionState.NotJudged)]
    [InlineData(true, null, "failed", CriterionState.Met)]
    [InlineData(false, true, "failed", CriterionState.Met)]
    [InlineData(false, false, "passed", CriterionState.NotMet)]
    public void FlameAndExplosion_AreJudgedByWhatWasSeen(bool? flame, bool? explosion, string verdict, CriterionState state)
    {
        AbuseRecord judged = AbuseSights.Judge(Ended([Fire], Criterion(Fire, CriterionState.NotJudged)) with
        {
            Observations = new AbuseObservations { Flame = flame, Explosion = explosion, Person = "ada" },
        });
        Assert.Equal((verdict, state), (judged.Verdict!.Kind, judged.Figures!.Criteria[0].State));
        Assert.Equal(judged.Figures.Criteria, AbuseSights.Judge(judged).Figures!.Criteria);
    }

    [Fact]
    public void WhatWasTakenBack_CountsNoMore()
    {
        AbuseRecord seen = AbuseSights.Judge(Ended([Fire], Criterion(Fire, CriterionState.NotJudged)) with { Observations = new AbuseObservations { Flame = true, Person = "ada" } });
        AbuseRecord back = AbuseSights.Judge(seen with { Observations = new AbuseObservations { Flame = false, Explosion = false, Person = "ada" } });
        Assert.Equal(("passed", "flame, explosion looked for by ada and not seen"), (back.Verdict!.Kind, back.Figures!.Criteria[0].Reason));
    }

    [Fact]
    public void AVerdict_IsOpenWhileAnythingCouldStillFail_AndNoneWhileItRuns()
    {
        CriterionRule hot = new("hot", "Hot", CriterionMeasure.Temperature, 60, "C", IsBelow: false, 0, IsFailure: true, IsRequired: false, FigureSource.Lab);
        CriterionRule kept = new("kept", "Voltage kept", CriterionMeasure.RetainedVoltage, 0.9, "of initial", IsBelow: false, 0, IsFailure: false, IsRequired: true, FigureSource.Lab);
        AbuseRecord fine = Ended([hot, kept], Criterion(hot, CriterionState.NotMet), Criterion(kept, CriterionState.Met));
        Assert.Equal("passed", AbuseVerdict.Of(fine).Kind);
        Assert.Equal("failed", AbuseVerdict.Of(Ended([hot], Criterion(hot, CriterionState.Met))).Kind);
        AbuseVerdict missing = AbuseVerdict.Of(Ended([kept], Criterion(kept, CriterionState.NotMet)));
        Assert.Equal(("failed", "A criterion that must be met was not: Voltage kept."), (missing.Kind, missing.Reason));
        AbuseVerdict lost = AbuseVerdict.Of(Ended([hot], Criterion(hot, CriterionState.NotJudged) with { Reason = "the surface sensor is lost" }));
        Assert.Equal(("open", "Not judged: Hot (the surface sensor is lost)."), (lost.Kind, lost.Reason));
        Assert.Equal("none", AbuseVerdict.Of(fine with { State = AbuseState.Observing }).Kind);
        Assert.Equal("none", AbuseVerdict.Of(fine with { State = AbuseState.Cancelled }).Kind);
        Assert.Equal("No verdict: no readings", AbuseVerdict.Of(fine with { Figures = null }).Title);
        Assert.Equal("No verdict: no trigger", AbuseVerdict.Of(fine with { TriggeredAt = null, Figures = fine.Figures! with { Trigger = null } }).Title);
        Assert.Equal("open", AbuseVerdict.Of(Ended([], [])).Kind);
    }

    [Fact]
    public void EveryPlan_SaysWhatAPersonHasToLookFor() =>
        Assert.All(AbusePlans.BuiltIn.SelectMany(plan => plan.Criteria), rule => Assert.Equal(rule.Measure == CriterionMeasure.Observed, rule.Seen is { Count: > 0 }));

    private static AbuseCriterion Criterion(CriterionRule rule, CriterionState state) =>
        AbuseExample.Record().Figures!.Criteria[0] with { Id = rule.Id, Title = rule.Title, IsFailure = rule.IsFailure, IsRequired = rule.IsRequired, State = state };

    private static AbuseRecord Ended(IReadOnlyList<CriterionRule> rules, params AbuseCriterion[] criteria)
    {
        AbuseRecord example = AbuseExample.Record();
        return example with { State = AbuseState.Ended, Plan = example.Plan with { Criteria = rules }, Figures = example.Figures! with { Criteria = criteria } };
    }
}
