using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>A moment that is told late, or falsely: what was before the event is still that, and a lost contact is named.</summary>
public sealed class LateTriggerTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void AnInputThatClosesAfterTheCollapse_LeavesWhatWasBefore(bool isRuleOff, int order)
    {
        // 4 V and 25 C, shorted at 100 s; the press closes its contact 3 s later, at 103 s; with the rule off only the contact tells of it.
        static Sample Shorted(double at) => AbuseRun.Of(at, at < 100 ? 4 : 0.02, at < 100 ? 25 : 25 + (5 * Math.Min(at - 100, 20)));
        AbuseRun run = new(AbusePlans.Find("nail-gb")!, null, isRuleOff ? double.PositiveInfinity : null);
        run.Every(0.1, 0, order == 0 ? 0 : 150, Shorted);
        Assert.True(run.Watch.Trigger(TriggerSource.Input, 103, 0.02, "contact closed"));
        run.Every(0.1, order == 0 ? 0 : 150, 301, Shorted);
        AbuseFigures figures = run.End(301);
        Assert.Equal((TriggerSource.Input, 103.0), (figures.Trigger!.Source, figures.Trigger.At));
        Assert.Equal(4, figures.InitialVoltageV);
        foreach (string id in (string[])["timeToDrop25S", "timeToDrop50S", "timeToDrop100S"])
        {
            Assert.Equal(-3, figures.Of(id).Value!.Value, 1e-6);
            Assert.EndsWith("(before the trigger)", figures.Of(id).Title, StringComparison.Ordinal);
        }

        Assert.Equal((CriterionState.Met, 100.0), (figures.Criterion("voltage-drop").State, figures.Criterion("voltage-drop").MetAt!.Value));
        Assert.InRange(figures.Hazard.Level, 3, 5);
        Assert.Contains("fell from 4 V", string.Join('\n', figures.Hazard.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void TheRiseOfTheIecShort_CountsFromTheTemperatureBeforeTheShort()
    {
        // 20 C, shorted at 100 s, 70 C at 110 s, told by the input at 110 s; a fifth of those 50 K is gone at 160 s.
        static double Temperature(double at) => at < 100 ? 20 : at < 110 ? 20 + (5 * (at - 100)) : 70 - (0.2 * (at - 110));
        AbuseRun run = new("short-iec62133");
        run.Every(0.5, 0, 109.9, at => AbuseRun.Of(at, at < 100 ? 4 : 0.5, Temperature(at)));
        run.Watch.Trigger(TriggerSource.Input, 110, 0.02, "contact closed");
        AbuseFigures figures = run.Every(0.5, 110, 400, at => AbuseRun.Of(at, 0.5, Temperature(at))).End(400);
        Assert.Equal(160, figures.Observation.CompleteAt!.Value, 1.01);
    }

    [Fact]
    public void ALaterMomentThatLiesBeforeTheKnownOne_MovesWhatWasBefore_InAnyOrder()
    {
        // The voltage sags by 3 mV/s from 80 s on and collapses at 100 s; a person pressed at 78 s, before the sag, and is known late.
        static Sample Sagging(double at) => AbuseRun.Of(at, at < 80 ? 4 : at < 100 ? 4 - (0.003 * (at - 80)) : 0.1, 25);
        double? first = null;
        foreach (double told in (double[])[0, 79, 150])
        {
            AbuseRun run = new("nail-gb");
            run.Every(0.1, 0, told, Sagging);
            Assert.True(run.Watch.Trigger(TriggerSource.Command, 78, 0.5, "pressed"));
            AbuseFigures figures = run.Every(0.1, told, 200, Sagging).End(200);
            Assert.Equal((TriggerSource.Rule, 4.0), (figures.Trigger!.Source, figures.InitialVoltageV));
            first ??= figures.Of("timeToDrop25S").Value;
            Assert.Equal(first, figures.Of("timeToDrop25S").Value);
        }
    }

    [Fact]
    public void AContactThatBounces_TriggersAtOnce_AndIsNamed()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.05, 0, 30.15, at => Bounce(at));
        Assert.Equal(30, run.Watch.Figures().Trigger!.At);
        Assert.Null(run.Watch.LostContact);
        int before = run.Watch.Revision;
        run.Every(0.05, 30.15, 45, at => Bounce(at));
        Assert.Equal(new AbuseLostContact(30, 30.1, HasTemperature: true), run.Watch.LostContact);
        Assert.Equal(before + 1, run.Watch.Revision);
        AbuseFigures figures = run.End(45);
        Assert.Equal(30, figures.Trigger!.At);
        Assert.Contains(figures.Deviations, said => said.Contains("a lost contact looks the same", StringComparison.Ordinal) && said.Contains("--trigger-at", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(32.5, 0, SensorState.Good, 0.0)]
    [InlineData(30.1, 1.1, SensorState.Good, 0.0)]
    [InlineData(30.1, 0, SensorState.Open, 0.0)]
    [InlineData(30.1, 0, SensorState.Good, 0.2)]
    public void WhatIsBackLater_OrLower_OrLeavesHeat_OrTakesASensor_IsNoLostContact(double backS, double riseK, SensorState state, double lostV)
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.05, 0, 60, at => AbuseRun.Of(at, at < 30 ? 4 : at < backS - 1e-9 ? 0 : 4 - lostV, at < 35 ? 25 : 25 + riseK, surface: at < 33 ? SensorState.Good : state));
        Assert.Equal(30, run.Watch.Figures().Trigger!.At);
        Assert.Null(run.Watch.LostContact);
        Assert.DoesNotContain(run.End(60).Deviations, said => said.Contains("lost contact", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutATemperature_ALostContactIsNamed_ButNotKnownForOne()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.05, 0, 60, at => AbuseRun.Of(at, at is >= 30 and < 30.09 ? 0 : 4, double.NaN));
        Assert.False(run.Watch.LostContact!.HasTemperature);
    }

    [Fact]
    public void AtAKilohertz_SecondsBeforeAndAfterTheTriggerAreKept()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.001, 0, 100, at => AbuseRun.Of(at, at < 80 ? 4 : 0.1, 25));
        AbuseTrace voltage = run.Watch.Traces.Since(double.NegativeInfinity, 200_000).Single(trace => trace.Id == "voltage");
        Assert.Equal(20_000, voltage.TimeS.Count(at => at >= 80));
        Assert.InRange(voltage.TimeS.Count(at => at is >= 50 and < 80), 30_000, 30_000);
        Assert.True(run.Watch.Trigger(TriggerSource.Input, 80.5, 0.001, "contact closed"), "the moment can still be moved");
        Assert.Equal(4, run.Watch.Figures().InitialVoltageV);
    }

    private static Sample Bounce(double at) => AbuseRun.Of(at, at is > 29.99 and < 30.09 ? 0 : 4, 25);
}
