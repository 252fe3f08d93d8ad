using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>What a record may lack or hold: the figures say so, and never take absence for safety.</summary>
public sealed class AbuseBoundaryTests
{
    // 4 V and 25 C, an event at 40 s, 143 C at the most, back to 25 C within minutes.
    private static double Hot(double at) => at < 40 ? 25 : at < 60 ? 25 + (6 * (at - 40)) : 25 + (120 * Math.Exp(-(at - 60) / 60));

    private static double Volts(double at) => at < 40 ? 4 : 0.1;

    [Theory]
    [InlineData(SensorState.Open, "open")]
    [InlineData(SensorState.Frozen, "frozen")]
    [InlineData(SensorState.Saturated, "saturated")]
    [InlineData(SensorState.Absent, "silent")]
    [InlineData(SensorState.BusError, "unreadable on its bus")]
    public void ASensorLostAtTheWorstMoment_NeverCountsAsCool(SensorState state, string fault)
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(0.1, 0, 55, at => AbuseRun.Of(at, Volts(at), Hot(at)));
        run.Every(1, 55, 9000, at => AbuseRun.Of(at, 0.1, 25, surface: state));
        AbuseFigures figures = run.End(9000);
        SensorLoss loss = Assert.Single(figures.SensorLosses);
        Assert.StartsWith(fault, loss.Fault, StringComparison.Ordinal);
        Assert.Contains("the heat may have taken it", loss.Fault, StringComparison.Ordinal);
        Assert.Equal(55, loss.At);
        Assert.Equal(25 + (6 * 14.9), loss.LastGood!.Value, 1e-6);
        Assert.Null(loss.BackAt);
        Assert.Null(figures.Observation.CompleteAt);
        Assert.Contains("a lost sensor never counts as cool; measure the cell by hand", string.Join('\n', figures.Observation.Waiting), StringComparison.Ordinal);
        Assert.Null(figures.Of("fallBackS").Value);
        Assert.Equal(4, figures.Hazard.Level);
        Assert.Contains("it may have been worse", string.Join('\n', figures.Hazard.Reasons), StringComparison.Ordinal);
        Assert.Equal(CriterionState.Met, figures.Criterion("thermal-runaway").State);
        Assert.Contains("Ended", string.Join('\n', figures.Deviations), StringComparison.Ordinal);
        Assert.Null(Assert.Single(figures.Readings, reading => reading.Column == "surfaceTemperature").Value);
    }

    // A probe that is open at every fortieth reading, in a cell that burns: its maximum lies within its loss.
    [Fact]
    public void ASensorThatComesAndGoes_IsToldSo()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 60, at => AbuseRun.Of(
            at, at < 20 ? 4.1 : 0.1, at < 20 ? 25 : 25 + (2 * (at - 20)), surface: at > 21 && (int)Math.Round(at * 10) % 40 == 0 ? SensorState.Open : SensorState.Good)).End(60);
        Assert.EndsWith("it comes and goes, and its good readings count", Assert.Single(figures.SensorLosses).Fault, StringComparison.Ordinal);
        Assert.InRange(figures.Values.Single(value => value.Id == "maximumSurfaceC").Value!.Value, 104, 105);
    }

    [Fact]
    public void ASensorThatComesBack_CountsAgain()
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(0.1, 0, 55, at => AbuseRun.Of(at, Volts(at), Hot(at))).Every(1, 55, 100, at => AbuseRun.Of(at, 0.1, 0, surface: SensorState.Open))
            .Every(1, 100, 8000, at => AbuseRun.Of(at, 0.1, Hot(at)));
        AbuseFigures figures = run.End(8000);
        Assert.Equal(100, Assert.Single(figures.SensorLosses).BackAt);
        Assert.NotNull(figures.Observation.CompleteAt);
        Assert.Empty(figures.Observation.Waiting);
    }

    [Fact]
    public void AnOpenProbeThatReadsCold_IsLost_NotCool()
    {
        // A logger without sensor states: the probe opens at 55 s and reads 21 C, another one -40 C.
        foreach (double open in (double[])[21, -40, 30])
        {
            AbuseRun run = new("propagation-gb38031");
            run.Every(0.1, 0, 55, at => AbuseRun.Of(at, Volts(at), Hot(at))).Every(1, 55, 9000, at => AbuseRun.Of(at, 0.1, open));
            AbuseFigures figures = run.End(9000);
            Assert.Equal("out of range", Assert.Single(figures.SensorLosses).Fault.Split(';')[0]);
            Assert.Null(figures.Observation.CompleteAt);
            Assert.Null(figures.Of("fallBackS").Value);
        }
    }

    [Fact]
    public void AFlatTopOfARealLogger_IsABound()
    {
        // 40 C/s with noise up to the end of the scale at 360 C, held there for 30 s, then cooling again.
        var noise = new Random(7);
        double Read(double at) => at < 40 ? 25 + (noise.NextDouble() / 10) : Math.Min(360, at < 70 ? 25 + (40 * (at - 40)) + noise.NextDouble() : 400 * Math.Exp(-(at - 70) / 300));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 400, at => AbuseRun.Of(at, Volts(at), Read(at))).End(400);
        AbuseValue maximum = figures.Of("maximumSurfaceC");
        Assert.Equal((360.0, (double?)null), (maximum.Value!.Value, maximum.Uncertainty));
        Assert.Contains("at or above", maximum.Definition, StringComparison.Ordinal);
        SensorLoss loss = Assert.Single(figures.SensorLosses);
        Assert.StartsWith("saturated", loss.Fault, StringComparison.Ordinal);
        Assert.InRange(loss.At, 48, 49);
        Assert.NotNull(loss.BackAt);
        Assert.Equal(5, figures.Hazard.Level);
    }

    [Fact]
    public void ACoarseOrSmoothRecord_IsNeitherFrozenNorSaturated()
    {
        double Smooth(double at) => at < 40 ? 25 : at < 70 ? 25 + (2 * (at - 40)) : 85;
        Assert.Empty(new AbuseRun("nail-gb").Every(0.1, 0, 600, at => AbuseRun.Of(at, Volts(at), Smooth(at))).End(600).SensorLosses);
        Assert.Empty(new AbuseRun("nail-gb").Every(0.1, 0, 900, at => AbuseRun.Of(at, Volts(at), Math.Round(Hot(at)))).End(900).SensorLosses);
        Assert.Empty(new AbuseRun("nail-gb").Every(0.5, 0, 3000, at => AbuseRun.Of(at, Volts(at), Math.Round(Hot(at), 1))).End(3000).SensorLosses);
    }

    [Fact]
    public void WithoutAnyTemperature_NothingOfHeatIsJudged()
    {
        AbuseFigures figures = new AbuseRun("propagation-gb38031").Every(0.1, 0, 60, at => AbuseRun.Of(at, Volts(at), double.NaN)).Every(10, 60, 9000, at => AbuseRun.Of(at, 0.1, double.NaN)).End(9000);
        Assert.Equal(CriterionState.NotJudged, figures.Criterion("thermal-runaway").State);
        Assert.Contains("no temperature of the cell was recorded", figures.Criterion("thermal-runaway").Reason, StringComparison.Ordinal);
        Assert.Null(figures.Observation.CompleteAt);
        Assert.Contains("no temperature of the cell", string.Join('\n', figures.Observation.Waiting), StringComparison.Ordinal);
        Assert.Equal(2, figures.Hazard.Level);
        Assert.All(figures.Values.Where(value => value.Value is null), value => Assert.False(string.IsNullOrEmpty(value.Absence)));
    }

    [Fact]
    public void AFileThatStartsInTheEvent_SaysSo()
    {
        CellProfile unknown = CellProfiles.Default with { MaximumWorkingTemperatureC = null };
        AbuseFigures figures = new AbuseRun(AbusePlans.Find("nail-gb")!, unknown).Every(0.1, 40, 300, at => AbuseRun.Of(at, 0.003, Hot(at))).End(300);
        Assert.Equal(TriggerSource.Rule, figures.Trigger!.Source);
        Assert.Contains("rises by", figures.Trigger.Reason, StringComparison.Ordinal);
        Assert.Contains("below 0.5 V from the first reading on", string.Join('\n', figures.Deviations), StringComparison.Ordinal);
        Assert.Null(figures.Of("timeToDrop25S").Value);
        Assert.Contains("shorted or not connected before", figures.Of("timeToDrop25S").Absence, StringComparison.Ordinal);
        AbuseCriterion runaway = figures.Criterion("thermal-runaway");
        Assert.Equal(CriterionState.Near, runaway.State);
        Assert.Contains("the voltage was lost before the record began", runaway.Reason, StringComparison.Ordinal);
        Assert.Equal(4, figures.Hazard.Level);

        // With a maker's maximum (90 C by default) the temperature is the standard's second half.
        AbuseFigures known = new AbuseRun("nail-gb").Every(0.1, 40, 300, at => AbuseRun.Of(at, 0.003, Hot(at))).End(300);
        Assert.Equal(50.9, known.Criterion("thermal-runaway").MetAt!.Value, 0.11);
    }

    [Fact]
    public void ATriggerAtTheFirstSample_HasNothingBeforeIt()
    {
        AbuseFigures figures = new AbuseRun("overcharge-gb").Every(1, 0, 100, at => AbuseRun.Of(at, 4, 25, 3)).End(100);
        Assert.Equal(0, figures.Trigger!.At);
        Assert.Contains("first reading", figures.Trigger.Reason, StringComparison.Ordinal);
        Assert.Equal(4, figures.InitialVoltageV);
        Assert.Contains("begins with the event", string.Join('\n', figures.Deviations), StringComparison.Ordinal);
    }

    [Fact]
    public void GapsAndRunningBack_AreSaid_AndDoNotHurt()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.1, 0, 20, at => AbuseRun.Of(at, 4, 25)).Add(AbuseRun.Of(10, 0, 900)).Add(AbuseRun.Of(19.9, 4, 25));
        run.Every(0.1, 30, 60, at => AbuseRun.Of(at, at < 40 ? 4 : 0.1, 25)).Add(AbuseRun.Of(60, double.NaN, double.PositiveInfinity));
        AbuseFigures figures = run.End(60);
        string said = string.Join('\n', figures.Deviations);
        Assert.Contains("A gap of 10.1 s after 19.9 s", said, StringComparison.Ordinal);
        Assert.Contains("1 samples lay before", said, StringComparison.Ordinal);
        Assert.Equal(40, figures.Trigger!.At);
        Assert.Equal(25, figures.Of("maximumSurfaceC").Value);
    }

    [Fact]
    public void MinutesBetweenReadings_StillGiveWhatTheyCan()
    {
        static double Slow(double at) => at < 1200 ? 25 : 25 + (175 * Math.Exp(-(at - 1200) / 3000));
        AbuseFigures figures = new AbuseRun("propagation-gb38031").Every(120, 0, 20_000, at => AbuseRun.Of(at, at < 1200 ? 4 : 0.1, Slow(at))).End(19_920);
        Assert.Equal((1200.0, 120.0), (figures.Trigger!.At, figures.Trigger.UncertaintyS));
        Assert.Equal(200, figures.Of("maximumSurfaceC").Value);
        Assert.Contains("too far apart (every 120 s)", figures.Of("largestRate1sCPerS").Absence, StringComparison.Ordinal);
        Assert.Equal(CriterionState.NotJudged, figures.Criterion("thermal-runaway").State);
        Assert.Contains("Sampled every 120 s", string.Join('\n', figures.Deviations), StringComparison.Ordinal);
        figures.AssertHolds("fallBackS", 3000 * Math.Log(175.0 / 35));
        Assert.NotNull(figures.Observation.CompleteAt);
    }

    [Fact]
    public void ANoisyHotSensorThatFallsALittle_IsNotLost()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.5, 0, 300, at => AbuseRun.Of(at, 0.001, 200 + (20 * ((int)at % 2)))).End(300);
        Assert.Empty(figures.SensorLosses);
        Assert.Equal(220, figures.Of("maximumSurfaceC").Value);
    }

    [Fact]
    public void ARiseIsNoPlateau_TheMaximumsMomentIsSharp()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 200, at => AbuseRun.Of(at, Volts(at), Hot(at))).End(200);
        AbuseValue time = figures.Of("timeToMaximumSurfaceS");
        Assert.Equal(20, time.Value!.Value, 0.11);
        Assert.InRange(time.Uncertainty!.Value, 0.1, 1);
    }

    [Fact]
    public void NothingAtAll_IsNoError()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Watch.Figures();
        Assert.Equal((0L, (double?)null), (figures.SampleCount, figures.FirstAt));
        Assert.Equal("the trigger", Assert.Single(figures.Observation.Waiting));
        Assert.Empty(figures.Deviations);
    }

    [Fact]
    public void DataThatStops_IsNotCool()
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(0.1, 0, 600, at => AbuseRun.Of(at, Volts(at), Hot(at)));
        AbuseFigures later = run.Watch.Figures(nowS: 9000);
        Assert.Null(later.Observation.CompleteAt);
        Assert.Contains("no data for 8400 s", string.Join('\n', later.Observation.Waiting), StringComparison.Ordinal);
        Assert.All(later.Readings, reading => Assert.Equal(("silent", (double?)null), (reading.State, reading.Value)));
        run.Every(0.1, 9000, 9010.1, at => AbuseRun.Of(at, 0.1, 25));
        Assert.NotNull(run.Watch.Figures(9010.1).Observation.CompleteAt);
    }
}
