using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>What must neither trigger nor hide the event: a cell that is connected late, noise and blips of a thermocouple, coarse stamps.</summary>
public sealed class TriggerRobustTests
{
    [Theory]
    [InlineData(30, 80, 0)]
    [InlineData(60, 100, 0)]
    [InlineData(100, 105, 0)]
    [InlineData(100, 103, 0.02)]
    [InlineData(119, 120.5, 0.02)]
    [InlineData(0, 100, 0)]
    public void ACellConnectedLate_IsTriggeredByItsShort(double connectedS, double shortS, double zeroV)
    {
        // The contact passes 1.5 V as it closes; no heat.
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 200, at =>
            AbuseRun.Of(at, at < connectedS ? zeroV : at < connectedS + 0.1 ? 1.5 : at < shortS ? 4.15 : 0.02, 25)).End(200);
        Assert.Equal(shortS, figures.Trigger!.At, 1e-6);
        Assert.Equal(0.1, figures.Trigger.UncertaintyS, 1e-6);
        Assert.Equal(4.15, figures.InitialVoltageV!.Value, 1e-6);
        figures.AssertHolds("timeToDrop25S", 0);
        Assert.Equal(CriterionState.Met, figures.Criterion("voltage-drop").State);
        Assert.Equal(2, figures.Hazard.Level);
        Assert.DoesNotContain("before the record began", string.Join('\n', figures.Hazard.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Connecting_IsNoRiseThatTriggers_AndArmingLaterChangesNothing()
    {
        // Over-discharge counts rises too where a plan asks for it; the level is that of the cell, also after a minute without it.
        AbusePlan plan = AbusePlans.Find("crush-gb")! with { Trigger = AbusePlans.Find("crush-gb")!.Trigger with { VoltageRiseV = 0.1 } };
        static double Voltage(double at) => at is < 20 or (>= 60 and < 150) ? 0 : at < 170 ? 4.15 : 0.02;
        Assert.Null(new AbuseRun(plan).Every(0.1, 0, 60, at => AbuseRun.Of(at, Voltage(at), 25)).End(60).Trigger);
        AbuseFigures figures = new AbuseRun(plan, null, 140).Every(0.1, 0, 200, at => AbuseRun.Of(at, Voltage(at), 25)).End(200);
        Assert.Equal(170, figures.Trigger!.At, 1e-6);
        Assert.Equal(4.15, figures.InitialVoltageV!.Value, 1e-6);
    }

    [Fact]
    public void AVoltageThatIsNeverThere_IsStillSaidToBeLostBefore()
    {
        AbuseRun run = new("crush-gb");
        run.Watch.Trigger(TriggerSource.Command, 50, 0.5, "pressed");
        AbuseFigures figures = run.Every(0.1, 0, 100, at => AbuseRun.Of(at, 0.02, 25)).End(100);
        Assert.Contains("the voltage was lost before the record began", figures.Hazard.Reasons);
    }

    [Theory]
    [InlineData(1000, 0.3)]
    [InlineData(100, 0.3)]
    [InlineData(10, 0.4)]
    [InlineData(5, 0.4)]
    public void Noise_TriggersNothing_AndTheEventStillDoes(int rateHz, double noiseK)
    {
        Random random = new(7);
        double Noise() => noiseK * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        // 3 C/s from 60 s on, which is all that tells of the event.
        AbuseFigures figures = new AbuseRun("crush-gb").Every(1.0 / rateHz, 0, 80, at =>
            AbuseRun.Of(at, 4.15, 25 + (3 * Math.Clamp(at - 60, 0, 10)) + Noise(), secondC: 25 + Noise())).End(80);
        figures.AssertHolds("triggerS", 60);
        Assert.Equal(1 + (1.0 / rateHz), figures.Trigger!.UncertaintyS, 1e-3);
    }

    [Theory]
    [InlineData(0.25, 1.4, 0.9)] // gone within the second
    [InlineData(0.25, 1.4, 4)] // gone later
    [InlineData(0.1, 1.6, 0.4)]
    [InlineData(0.1, 1.1, 1000)] // the thermocouple sits otherwise from then on
    public void ABlip_TriggersNothing(double stepS, double heightK, double lastsS)
    {
        AbuseFigures figures = new AbuseRun("crush-gb").Every(stepS, 0, 60, at =>
            AbuseRun.Of(at, 3.3, 23 + (at >= 5 && at < 5 + lastsS ? heightK : 0))).End(60);
        Assert.Null(figures.Trigger);
    }

    [Theory]
    [InlineData(0.1, 1.1)]
    [InlineData(0.02, 1.02)]
    [InlineData(1, 2)]
    public void ARiseThatLasts_TriggersAtItsFirstReading(double stepS, double halfS)
    {
        AbuseRun run = new("crush-gb");
        run.Every(stepS, 0, 61, at => AbuseRun.Of(at, 4, 25 + (2 * Math.Clamp(at - 60, 0, 10))));
        Assert.False(run.Watch.IsTriggered);
        run.Every(stepS, 61, 62.6, at => AbuseRun.Of(at, 4, 25 + (2 * Math.Clamp(at - 60, 0, 10))));
        Assert.True(run.Watch.IsTriggered);
        AbuseFigures figures = run.Every(stepS, 63, 80, at => AbuseRun.Of(at, 4, 25 + (2 * Math.Clamp(at - 60, 0, 10)))).End(80);
        Assert.Equal(stepS < 1 ? 60.5 : 61, figures.Trigger!.At, 0.011);
        Assert.Equal(halfS, figures.Trigger.UncertaintyS, 1e-6);
    }

    [Fact]
    public void AFallAfterTheRiseHasBegun_IsKnownAtOnce_AndLeavesTheMomentToTheRise()
    {
        // 4 C/s from 60 s on reaches the limit at 60.3 s; the voltage collapses at 60.8 s.
        static Sample Of(double at) => AbuseRun.Of(at, at < 60.8 ? 4 : 0.1, 25 + (4 * Math.Clamp(at - 60, 0, 10)));
        AbuseRun run = new("crush-gb");
        run.Every(0.1, 0, 61, Of);
        Assert.True(run.Watch.IsTriggered);
        Assert.Equal(60.8, run.Watch.Figures().Trigger!.At, 1e-6);
        AbuseFigures figures = run.Every(0.1, 61, 100, Of).End(100);
        Assert.Equal(60.3, figures.Trigger!.At, 1e-6);
        Assert.Equal(0.5, figures.Of("timeToDrop25S").Value!.Value, 1e-6);
    }

    [Fact]
    public void ASensorThatOpensWhileItRises_Triggers()
    {
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 60.5, at => AbuseRun.Of(at, 4, 25 + (80 * Math.Clamp(at - 60, 0, 10))))
            .Every(0.1, 60.5, 70, at => AbuseRun.Of(at, 4, 0, surface: SensorState.Open)).End(70);
        Assert.Equal(60.1, figures.Trigger!.At, 1e-6);
    }

    [Fact]
    public void StampsOfWholeSeconds_BoundNoMomentBetterThanThat()
    {
        // 10 samples a second whose stamps leave out what lies below the second; the event is at 60.55 s.
        AbuseRun run = new("crush-gb");
        for (int i = 0; i < 1000; i++)
        {
            double truth = i / 10.0;
            run.Add(AbuseRun.Of(Math.Floor(truth), truth < 60.55 ? 4.15 : 0.02, 25 + (8 * Math.Clamp(truth - 60.55, 0, 10))));
        }

        AbuseFigures figures = run.End(100);
        figures.AssertHolds("triggerS", 60.55);
        Assert.Equal(1, figures.Trigger!.UncertaintyS, 1e-6);
        Assert.True(figures.Of("timeToDrop25S").Uncertainty >= 1);
        Assert.True(figures.Of("timeToMaximumSurfaceS").Uncertainty >= 1);
    }

    [Fact]
    public void AClockSetBack_IsAsWideAsItWasSetBack()
    {
        // Set back by 10 s at 59 s, shorted at 60 s, which is 50 s by then: seen when the clock is past 59 s again.
        AbuseRun run = new("crush-gb");
        for (int i = 0; i < 1000; i++)
        {
            double truth = i / 10.0;
            run.Add(AbuseRun.Of(truth < 59 ? truth : truth - 10, truth < 60 ? 4.15 : 0.02, 25));
        }

        AbuseFigures figures = run.End(90);
        figures.AssertHolds("triggerS", 60);
        figures.AssertHolds("triggerS", 50);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void TheRunawayOfASlowSensor_IsNoBetterThanItsReadings(double phaseS)
    {
        // Volts at 10 Hz, a thermocouple at 1 Hz, blanks in turn; 5 C/s from 60 s on: more than 3 s at 1 C/s or more are over at 63.2 s.
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 100, at => AbuseRun.Of(
            at, at < 60 ? 4.15 : 0.02, (long)Math.Round((at - phaseS) * 10) % 10 == 0 ? 25 + (5 * Math.Clamp(at - 60, 0, 10)) : double.NaN)).End(100);
        figures.AssertHolds("timeToRunawayS", 3.2);
        Assert.True(figures.Of("timeToRunawayS").Uncertainty >= 1);
    }
}
