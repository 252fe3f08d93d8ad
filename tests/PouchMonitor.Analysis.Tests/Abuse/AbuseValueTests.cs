using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Hand-worked series: each value against its truth, within the half width that stands beside it.</summary>
public sealed class AbuseValueTests
{
    [Fact]
    public void AStepBetweenTwoSamples_IsTimedWithinThatInterval()
    {
        // 4.0 V until 100.03 s, then 0.005 V; 10 Hz, so the first low reading is that of 100.1 s.
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 130, at => AbuseRun.Of(at, at < 100.03 ? 4.0 : 0.005, 25)).End(129.9);
        Assert.Equal((TriggerSource.Rule, 100.1), (figures.Trigger!.Source, figures.Trigger.At));
        Assert.Equal(0.1, figures.Trigger.UncertaintyS, 9);
        Assert.InRange(100.03, figures.Trigger.At - figures.Trigger.UncertaintyS, figures.Trigger.At);
        Assert.Equal(4.0, figures.InitialVoltageV);
        foreach (string id in (string[])["timeToDrop25S", "timeToDrop50S", "timeToDrop100S"])
        {
            figures.AssertHolds(id, 0);
            Assert.Equal(100.1, figures.Of(id).At);
        }

        Assert.Equal(0.005, figures.Of("lowestVoltageV").Value);
    }

    [Fact]
    public void ALinearFall_CrossesAQuarterHalfAndAllWhereItDoes()
    {
        // 4 V falling by 0.1 V/s from 50 s on: trigger at 0.1 V below at 51 s, 3 V at 60 s, 2 V at 70 s, 0.08 V (2 %) at 89.2 s.
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.05, 0, 100, at => AbuseRun.Of(at, Math.Max(0, 4 - (0.1 * Math.Max(0, at - 50))), 25)).End(100);
        Assert.Equal(51, figures.Trigger!.At, 6);
        double initial = figures.Of("initialVoltageV").Value!.Value;
        Assert.InRange(initial, 3.9, 4.0);
        Assert.Equal(50 + ((4 - (0.75 * initial)) / 0.1), figures.Of("timeToDrop25S").At!.Value, 0.051);
        Assert.Equal(50 + ((4 - (0.5 * initial)) / 0.1), figures.Of("timeToDrop50S").At!.Value, 0.051);
        Assert.Equal(50 + ((4 - (0.02 * initial)) / 0.1), figures.Of("timeToDrop100S").At!.Value, 0.051);
    }

    [Theory]
    [InlineData(3.15, true)]
    [InlineData(3.1501, false)]
    public void ExactlyAQuarterLost_CountsAsAQuarter(double voltageV, bool isReached)
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 40, at => AbuseRun.Of(at, at < 30 ? 4.2 : voltageV, 25)).End(40);
        Assert.Equal(isReached, figures.Of("timeToDrop25S").Value is not null);
        Assert.Equal(isReached ? CriterionState.Met : CriterionState.Near, figures.Criterion("voltage-drop").State);
        Assert.Equal(isReached ? null : "not reached", figures.Of("timeToDrop25S").Absence);
    }

    [Fact]
    public void OneWrongReading_TriggersNothing_AndIsNoDrop()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 60, at => AbuseRun.Of(at, at is > 29.95 and < 30.05 ? 0 : 4, at is > 39.95 and < 40.05 ? 850 : 25)).End(60);
        Assert.Null(figures.Trigger);
        Assert.Equal(25, figures.Of("maximumSurfaceC").Value);
        Assert.Equal(0, figures.Hazard.Level);
        Assert.All(figures.Criteria.Where(criterion => criterion.Id != "fire-explosion"), criterion => Assert.NotEqual(CriterionState.Met, criterion.State));
    }

    [Fact]
    public void ALinearRamp_GivesItsRateOverEverySpan_ItsOnset_AndItsMaximum()
    {
        // 25 C, from 40 s on 2 C/s for 30 s to 85 C, then cooling; the voltage is lost at 40 s.
        static double Temperature(double at) => at < 40 ? 25 : at < 70 ? 25 + (2 * (at - 40)) : 25 + (60 * Math.Exp(-(at - 70) / 100));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 600, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at))).End(600);
        figures.AssertHolds("largestRate1sCPerS", 2);
        figures.AssertHolds("largestRate3sCPerS", 2);
        figures.AssertHolds("largestRate10sCPerS", 2);
        Assert.Equal("surface temperature", figures.Of("largestRate1sCPerS").Sensor);
        figures.AssertHolds("maximumSurfaceC", 85);
        Assert.Equal(85, figures.Of("maximumSurfaceC").Value!.Value, 1e-6);
        figures.AssertHolds("timeToMaximumSurfaceS", 30);
        figures.AssertHolds("selfHeatingOnsetS", 0);

        // T(t) - T(t - 1 s) reaches 1 C at 40.5 s and must hold for more than 3 s.
        Assert.Equal(43.6, figures.Criterion("thermal-runaway").MetAt!.Value, 0.11);
        figures.AssertHolds("timeToRunawayS", 3.55);
        Assert.Equal(3, figures.Hazard.Level);
        Assert.Equal(2, figures.Criterion("thermal-runaway").Observed!.Value, 1e-6);
    }

    [Fact]
    public void ExponentialCooling_IsBackAtTheEndTemperatureWhenItIs()
    {
        // 140 C at 50 s, time constant 600 s towards 20 C: 60 C at 50 + 600 ln 3 = 709.17 s.
        static double Temperature(double at) => at < 40 ? 20 : at < 50 ? 20 + (12 * (at - 40)) : 20 + (120 * Math.Exp(-(at - 50) / 600));
        AbuseRun run = new("propagation-gb38031");
        AbuseFigures figures = run.Every(0.5, 0, 7300, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at))).End(7300);
        figures.AssertHolds("fallBackS", 50 + (600 * Math.Log(3)) - figures.Trigger!.At);
        Assert.Equal(709.5, figures.Of("fallBackS").At!.Value, 1e-6);
        Assert.Equal(figures.Trigger.At + 7200, figures.Observation.CompleteAt);
        Assert.Empty(figures.Observation.Waiting);
        Assert.Equal(4, figures.Hazard.Level);
    }

    [Fact]
    public void ConstantPower_GivesItsEnergy()
    {
        // 4 V and 3 A in for an hour from 60 s on: 12 Wh; then 2 V and -1 A for half an hour: 1 Wh out.
        AbuseRun run = new("overcharge-gb");
        run.Every(1, 0, 60, at => AbuseRun.Of(at, 4, 25, 0)).Every(1, 60, 3661, at => AbuseRun.Of(at, 4, 25, 3))
            .Every(1, 3661, 5462, at => AbuseRun.Of(at, 2, 25, -1));
        AbuseFigures figures = run.End(5461);
        Assert.Equal(60, figures.Trigger!.At);
        figures.AssertHolds("energyInWh", 12.002);
        figures.AssertHolds("energyOutWh", 1);
        Assert.Equal(12, figures.Of("energyInWh").Value!.Value, 0.01);
        Assert.Equal(1, figures.Of("energyOutWh").Value!.Value, 0.01);
    }

    [Fact]
    public void WithoutACurrent_EnergyIsAbsentWithItsReason()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 60, at => AbuseRun.Of(at, at < 30 ? 4 : 0.1, 25)).End(60);
        Assert.Null(figures.Of("energyInWh").Value);
        Assert.Contains("both voltage and current", figures.Of("energyInWh").Absence, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSpreadOfTwoSensors_AndOverTheImage_IsTheLargest()
    {
        AbuseRun run = new("nail-gb");
        run.Watch.AddImage(new AbuseImage(5, 2, 2, [20, 25, 30, double.NaN]));
        run.Watch.AddImage(new AbuseImage(6, 1, 3, [20, 25, 60]));
        AbuseFigures figures = run.Every(0.1, 0, 60, at => AbuseRun.Of(at, 4, 25 + (at / 10), secondC: 25)).End(60);
        Assert.Equal(5.99, figures.Of("spreadSensorsK").Value!.Value, 1e-6);
        Assert.Contains("surface temperature above extra surface temperature 1", figures.Of("spreadSensorsK").Sensor, StringComparison.Ordinal);
        Assert.Equal((40.0, 6.0), (figures.Of("spreadInfraredK").Value!.Value, figures.Of("spreadInfraredK").At!.Value));
    }

    [Fact]
    public void ForceAndDisplacement_AreThoseAtTheTrigger()
    {
        AbuseRun run = new("crush-gb");
        for (int i = 0; i < 600; i++)
        {
            double at = i / 10.0;
            run.Watch.AddForce(at, -10.0 * i, 0.01 * i);
            run.Add(AbuseRun.Of(at, at < 30 ? 4 : 0.1, 25));
        }

        AbuseFigures figures = run.End(59.9);
        Assert.Equal(-3000, figures.Of("forceAtTriggerN").Value);
        Assert.Equal(3, figures.Of("displacementAtTriggerMm").Value!.Value, 1e-9);
        Assert.Equal(-5990, figures.Of("largestForceN").Value);
    }

    [Fact]
    public void WarningToRunaway_CountsFromTheFirstCriterionNearOrLimit()
    {
        static double Temperature(double at) => at < 40 ? 25 : 25 + (0.9 * Math.Min(at - 40, 20)) + (3 * Math.Max(0, at - 60));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 80, at => AbuseRun.Of(at, at < 40 ? 4 : 0.2, Temperature(at))).End(80);

        // Near from 0.8 C/s on: 0.9 C/s after 40.9 s; the drop of the voltage comes first, at 40 s; 1 C/s at 60.05 s, for more than 3 s at 63.1 s.
        Assert.Equal(63.1, figures.Criterion("thermal-runaway").MetAt!.Value, 0.11);
        figures.AssertHolds("warningToRunawayS", 63.1 - 40);
    }
}
