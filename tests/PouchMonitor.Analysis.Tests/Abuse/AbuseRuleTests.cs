using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Rules of the evaluation, each by a series that another rule would judge otherwise.</summary>
public sealed class AbuseRuleTests
{
    [Fact]
    public void AFallOfHalfAMinute_IsCountedFromBeforeIt()
    {
        // 5 mV/s from 100 s on is 0.1 V below what was there at 120 s; held against the last seconds it would be no fall at all.
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 140, at => AbuseRun.Of(at, 4 - (0.005 * Math.Max(0, at - 100)), 25)).End(140);
        Assert.Equal(120, figures.Trigger!.At, 0.15);
    }

    [Fact]
    public void AnHoursRelaxation_TriggersNothing()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(1, 0, 3600, at => AbuseRun.Of(at, 4.2 - (0.2 * at / 3600), 25)).End(3600);
        Assert.Null(figures.Trigger);
    }

    [Fact]
    public void TheOnset_IsTheBeginningOfARiseThatLasts()
    {
        // 1 K for 2 s is 12 C/min over 5 s, but not for 3 s; 2 C/s from 60 s on is 10 C/min over 5 s after 0.42 s.
        static double Temperature(double at) => 25 + (at is >= 40 and < 42 ? 1 : 0) + (2 * Math.Clamp(at - 60, 0, 20));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 90, at => AbuseRun.Of(at, at < 60 ? 4 : 0.2, Temperature(at))).End(90);
        Assert.Equal(60.45, figures.Of("selfHeatingOnsetS").At!.Value, 0.11);
        figures = new AbuseRun("nail-gb").Every(0.1, 0, 50, at => AbuseRun.Of(at, 4, Temperature(at))).End(50);
        Assert.Null(figures.Of("selfHeatingOnsetS").Value);
    }

    [Fact]
    public void AMaximumThatLasts_IsTimedNoBetterThanItLasted()
    {
        // 85 C from 70 s to 80 s.
        static double Temperature(double at) => 25 + (2 * Math.Clamp(at - 40, 0, 30)) - (0.5 * Math.Max(0, at - 80));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 120, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at))).End(120);
        AbuseValue value = figures.Of("timeToMaximumSurfaceS");
        Assert.Equal(70, value.At!.Value, 0.11);
        Assert.InRange(value.Uncertainty!.Value, 9.8, 12);
    }

    [Fact]
    public void AReadingAtTheEndOfTheScale_IsABound_AndMeetsWhatItReaches()
    {
        AbuseRun run = new("oven-ul1642");
        AbuseFigures figures = run.Every(0.1, 0, 100, at => AbuseRun.Of(at, 4, Math.Min(145, 25 + (2 * at))))
            .Every(0.1, 100, 110, at => AbuseRun.Of(at, 4, 160, surface: SensorState.Saturated)).End(110);
        Assert.Equal((160.0, null), (figures.Of("maximumSurfaceC").Value!.Value, figures.Of("maximumSurfaceC").Uncertainty));
        Assert.Contains("at or above it", figures.Of("maximumSurfaceC").Definition, StringComparison.Ordinal);
        Assert.Equal(CriterionState.Met, figures.Criterion("cell-150").State);
    }

    [Fact]
    public void EachSpan_HasItsOwnRate()
    {
        // 20 K within one second: 20, 20/3 and 2 C/s.
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 80, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, 25 + (20 * Math.Clamp(at - 40, 0, 1)))).End(80);
        Assert.Equal(20, figures.Of("largestRate1sCPerS").Value!.Value, 1e-6);
        Assert.Equal(20.0 / 3, figures.Of("largestRate3sCPerS").Value!.Value, 1e-6);
        Assert.Equal(2, figures.Of("largestRate10sCPerS").Value!.Value, 1e-6);
    }

    [Fact]
    public void WhereNoReadingIsASpanOld_TwoAreInterpolated()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.3, 0, 80, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, 25 + (2 * Math.Clamp(at - 40, 0, 20)))).End(80);
        Assert.Equal(2, figures.Of("largestRate1sCPerS").Value!.Value, 1e-6);
    }

    [Fact]
    public void ASensorThatIsLostWhileCool_DoesNotCountAsCool()
    {
        // 80 C, then down to 55 C at 105 s; there the only sensor opens.
        static double Temperature(double at) => 25 + (5.5 * Math.Clamp(at - 40, 0, 10)) - (0.5 * Math.Max(0, at - 55));
        AbuseRun run = new("propagation-gb38031");
        AbuseFigures figures = run.Every(0.1, 0, 105, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at)))
            .Every(0.1, 105, 7400, at => AbuseRun.Of(at, 0.2, -40, surface: SensorState.Open)).End(7400);
        Assert.Null(figures.Of("fallBackS").Value);
        Assert.Null(figures.Observation.CompleteAt);
    }

    [Fact]
    public void TheEndTemperature_IsTimedNoBetterThanTheSensorOverItsFall()
    {
        // 0.05 C/s at 60 C.
        AbuseFigures figures = new AbuseRun("propagation-gb38031")
            .Every(0.5, 0, 1200, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, 25 + (6 * Math.Clamp(at - 40, 0, 10)) - (0.05 * Math.Max(0, at - 60)))).End(1200);
        double sensorK = figures.Of("maximumSurfaceC").Uncertainty!.Value;
        Assert.InRange(figures.Of("fallBackS").Uncertainty!.Value, 0.5 * sensorK / 0.05, 1.5 * sensorK / 0.05);
    }

    [Fact]
    public void ASensorRecordedEveryTwoSeconds_IsLostWhenItStaysAway_AndNotBetween()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.1, 0, 60, at => AbuseRun.Of(at, 4, 25, secondC: (long)Math.Round(at * 10) % 20 == 0 ? 25 : double.NaN));
        Assert.Empty(run.Watch.Figures().SensorLosses);
        AbuseFigures figures = run.Every(0.1, 60, 100, at => AbuseRun.Of(at, 4, 25)).End(100);
        Assert.Equal("extra surface temperature 1", Assert.Single(figures.SensorLosses).Sensor);
    }

    [Fact]
    public void NoEnergy_IsCountedAcrossAGap()
    {
        // 4 V and 3 A for half an hour, ten minutes of nothing, and half an hour more: 12 Wh and not 14.
        AbuseRun run = new("overcharge-gb");
        AbuseFigures figures = run.Every(1, 0, 60, at => AbuseRun.Of(at, 4, 25, 0)).Every(1, 60, 1861, at => AbuseRun.Of(at, 4, 25, 3))
            .Every(1, 2460, 4261, at => AbuseRun.Of(at, 4, 25, 3)).End(4260);
        AbuseValue energy = figures.Of("energyInWh");
        Assert.Equal(12, energy.Value!.Value, 0.01);
        Assert.Null(energy.Uncertainty);
        Assert.Contains("Gaps of 600 s", energy.Definition, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, 0, false)] // one reading
    [InlineData(0.2, 0, true)] // two readings
    [InlineData(4.5, 5, false)]
    [InlineData(5.6, 5, true)]
    public void ACriterion_IsMetByTwoReadings_ForItsHold(double lengthS, double holdS, bool isMet)
    {
        AbusePlan plan = AbusePlans.Find("nail-gb")!;
        CriterionRule hot = new("hot", "Hot", CriterionMeasure.Temperature, 30, "C", IsBelow: false, holdS, IsFailure: false, IsRequired: false, FigureSource.Lab);
        AbuseFigures figures = new AbuseRun(plan with { Criteria = [hot] })
            .Every(0.1, 0, 60, at => AbuseRun.Of(at, 4, at >= 40 - 1e-6 && at < 40 + lengthS - 1e-6 ? 31 : 25)).End(60);
        Assert.Equal(isMet, figures.Criterion("hot").State == CriterionState.Met);
        Assert.Equal(isMet ? 40 + holdS : null, figures.Criterion("hot").MetAt);
    }

    [Fact]
    public void ALostSensor_KeepsAShortFromHavingFallenByAFifth()
    {
        // Surface up by 50 K and back by 30; the second sensor opens at 25 C, and so may be anything.
        static double Temperature(double at) => 25 + (5 * Math.Clamp(at - 40, 0, 10)) - (0.5 * Math.Clamp(at - 60, 0, 60));
        AbuseRun run = new("short-iec62133");
        AbuseFigures figures = run.Every(0.1, 0, 45, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at), secondC: 25))
            .Every(0.1, 45, 200, at => AbuseRun.Of(at, 0.2, Temperature(at))).End(200);
        Assert.NotEmpty(figures.SensorLosses);
        Assert.Null(figures.Observation.CompleteAt);
    }

    [Fact]
    public void ANoisySensorThatRepeatsItself_IsFrozen()
    {
        Random random = new(7);
        AbuseFigures figures = new AbuseRun("nail-gb")
            .Every(0.1, 0, 60, at => AbuseRun.Of(at, 4, 25 + (Math.Round(random.NextDouble() * 20) / 100)))
            .Every(0.1, 60, 80, at => AbuseRun.Of(at, 4, 25.07)).End(80);
        SensorLoss loss = Assert.Single(figures.SensorLosses);
        Assert.Contains("frozen", loss.Fault, StringComparison.Ordinal);
        Assert.Equal(60, loss.At, 0.15);
    }
}
