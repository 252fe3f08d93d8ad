using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Data that is missing, thin or wrong for a moment: never a pass, never the end of an observation, never a reading of now.</summary>
public sealed class AbuseGapTests
{
    private static double Volts(double at) => at < 40 ? 4 : 0.1;

    // 25 C, from 40 s on 2 C/s for 15 s, then cooling.
    private static double Heating(double at) => at < 40 ? 25 : at < 55 ? 25 + (2 * (at - 40)) : 25 + (30 * Math.Exp(-(at - 55) / 100));

    [Fact]
    public void AGapAfterTheTrigger_LeavesRunawayUndecided()
    {
        AbuseFigures whole = new AbuseRun("nail-gb").Every(1, 0, 300, at => AbuseRun.Of(at, Volts(at), Heating(at))).End(299);
        Assert.Equal(CriterionState.Met, whole.Criterion("thermal-runaway").State);

        AbuseRun run = new("nail-gb");
        run.Every(1, 0, 42, at => AbuseRun.Of(at, Volts(at), Heating(at))).Every(1, 61, 300, at => AbuseRun.Of(at, 0.1, Heating(at)));
        AbuseFigures figures = run.End(299);
        AbuseCriterion runaway = figures.Criterion("thermal-runaway");
        Assert.Equal(CriterionState.NotJudged, runaway.State);
        Assert.Contains("no rate over 1 s is known from 41 s to 61 s", runaway.Reason, StringComparison.Ordinal);
        Assert.Contains(figures.Deviations, said => said.StartsWith("From 41 s to 61 s no rate of heating is known", StringComparison.Ordinal));
    }

    [Fact]
    public void ARateThatBecomesThin_LeavesRunawayUndecided()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.1, 0, 41, at => AbuseRun.Of(at, Volts(at), Heating(at)))
            .Every(5, 41, 400, at => AbuseRun.Of(at, 0.1, Heating(at))).End(396);
        Assert.Equal(CriterionState.NotJudged, figures.Criterion("thermal-runaway").State);
        Assert.Contains("to 396 s", figures.Criterion("thermal-runaway").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AGapBeforeTheTrigger_OrAShortOne_IsNoDoubt()
    {
        AbuseRun run = new("nail-gb");
        run.Every(1, 0, 10, at => AbuseRun.Of(at, 4, 25)).Every(1, 30, 50, at => AbuseRun.Of(at, Volts(at), 25)).Every(1, 52, 100, at => AbuseRun.Of(at, 0.1, 25));
        Assert.Equal(CriterionState.NotMet, run.End(99).Criterion("thermal-runaway").State);
    }

    [Fact]
    public void AnObservationWithoutData_IsNotOver_AndSaysSo()
    {
        // The node is dead 20 s after the nail.
        AbuseRun run = new("nail-gb");
        run.Every(0.1, 0, 60, at => AbuseRun.Of(at, Volts(at), 25));
        AbuseFigures later = run.Watch.Figures(nowS: 3700);
        Assert.Null(later.Observation.CompleteAt);
        Assert.Contains(later.Observation.Waiting, one => one.StartsWith("no data for 3640 s", StringComparison.Ordinal));
        Assert.Contains(later.Deviations, said => said.StartsWith("No data after 59.9 s, for 60.67 min", StringComparison.Ordinal));
        run.Watch.End(3700);
        string said = string.Join('\n', run.Watch.Figures().Deviations);
        Assert.Contains("No data after 59.9 s", said, StringComparison.Ordinal);
        Assert.Contains("Ended 3660 s after the observation began; not reached: no data", said, StringComparison.Ordinal);
    }

    [Fact]
    public void DataThatStopsAfterTheObservation_ChangesNothing()
    {
        AbuseRun run = new("nail-gb");
        run.Every(1, 0, 3700, at => AbuseRun.Of(at, Volts(at), 25));
        AbuseFigures figures = run.Watch.Figures(nowS: 9000);
        Assert.Equal(3640.0, figures.Observation.CompleteAt!.Value);
        Assert.Empty(figures.Observation.Waiting);
        Assert.DoesNotContain(figures.Deviations, said => said.StartsWith("No data", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3635, true)]
    [InlineData(3625, false)]
    public void DataThatStopsJustBeforeTheEnd_IsOneOrTheOther_AndStaysSo(double lastS, bool isOver)
    {
        AbuseRun run = new("nail-gb");
        run.Every(1, 0, lastS + 1, at => AbuseRun.Of(at, Volts(at), 25));
        foreach (double now in (double[])[3640, 3644, 3700, 9000])
        {
            Assert.Equal(isOver, run.Watch.Figures(now).Observation.CompleteAt is not null);
        }
    }

    [Fact]
    public void DataThatStopsOnceTheCellIsCool_LeavesTheObservationOver()
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(1, 0, 7300, at => AbuseRun.Of(at, Volts(at), at < 40 ? 25 : 25 + (60 * Math.Exp(-(at - 40) / 300))));
        double? complete = run.Watch.Figures(7300).Observation.CompleteAt;
        Assert.NotNull(complete);
        Assert.Equal(complete, run.Watch.Figures(20_000).Observation.CompleteAt);
    }

    [Fact]
    public void OneHighReading_OrOneLowOne_EndsNoObservation()
    {
        // A single reading 6 K up, back at once: no rise, so no fall by a fifth of it.
        AbuseRun spike = new("short-iec62133");
        spike.Every(1, 0, 400, at => AbuseRun.Of(at, at < 100 ? 4 : 0.5, at == 200 ? 26 : 20));
        Assert.Null(spike.End(399).Observation.CompleteAt);

        // 70 C kept, one reading of 58 C; then for 5 s.
        foreach (double length in (double[])[1, 5])
        {
            AbuseRun low = new("short-iec62133");
            low.Every(1, 0, 400, at => AbuseRun.Of(at, at < 100 ? 4 : 0.5, at < 100 ? 20 : at >= 300 && at < 300 + length ? 58 : Math.Min(70, 20 + (at - 100))));
            low.Every(1, 300 + length, 300 + length, at => AbuseRun.Of(at, 0.5, 70));
            Assert.Null(low.Watch.Figures(300 + length).Observation.CompleteAt);
            Assert.Null(low.End(399).Observation.CompleteAt);
        }
    }

    [Fact]
    public void OneReadingBelowTheEndTemperature_IsNotCool()
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(1, 0, 7245, at => AbuseRun.Of(at, Volts(at), at < 40 ? 25 : Math.Min(70, 25 + (at - 40))));
        run.Add(AbuseRun.Of(7245, 0.1, 59)).Add(AbuseRun.Of(7246, 0.1, 59));
        Assert.Null(run.Watch.Figures(7246).Observation.CompleteAt);
        run.Every(1, 7247, 7300, at => AbuseRun.Of(at, 0.1, 59));
        Assert.Equal(7245.0, run.Watch.Figures(7300).Observation.CompleteAt!.Value);
    }

    [Fact]
    public void ATruePeakOfOneReading_InACellThatHeats_IsKept()
    {
        double[] celsius = [25, 25, 25, 25, 27, 60, 200, 400, 280, 230, 200, 180];
        AbuseRun run = new("nail-gb");
        run.Every(1, 0, 36, at => AbuseRun.Of(at, 4, 25)).Every(1, 36, 36 + celsius.Length, at => AbuseRun.Of(at, 0.1, celsius[(int)at - 36]));
        AbuseFigures figures = run.End(47);
        Assert.Equal((400.0, 43.0), (figures.Of("maximumSurfaceC").Value!.Value, figures.Of("maximumSurfaceC").At!.Value));
        Assert.Empty(figures.SensorLosses);
    }

    [Fact]
    public void AtFiftyHertz_APeakThatGoesBackToWhereItCameFrom_IsStillAWrongReading()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.02, 0, 60, at => AbuseRun.Of(at, Volts(at), at is > 49.99 and < 50.01 ? 850 : Heating(at)));
        Assert.InRange(run.End(60).Of("maximumSurfaceC").Value!.Value, 54, 56);
    }

    [Fact]
    public void ALostSensor_IsNamed_AndItsLastValueIsNotNow()
    {
        AbuseRun run = new("propagation-gb38031");
        run.Every(0.1, 0, 60, at => AbuseRun.Of(at, Volts(at), at < 40 ? 25 : Math.Min(300, 25 + (20 * (at - 40))), secondC: at < 40 ? 25 : 80));
        run.Every(1, 60, 200, at => AbuseRun.Of(at, 0.1, 0, secondC: 80, surface: SensorState.Open));
        string waiting = string.Join('\n', run.Watch.Figures().Observation.Waiting);
        Assert.Contains("the hottest now 80 C without the lost surface temperature", waiting, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDoubtOfTheRunaway_IsThatOfItsOwnMoment()
    {
        // 50 Hz for 80 s, then a reading every 2 s; the runaway comes after that.
        // The sensor's step of 0.01 K shows before.
        static Sample Slow(double at) => AbuseRun.Of(at, at < 100 ? 4 : 0.1, at < 100 ? 25 + (0.01 * (Math.Round(at * 50) % 2)) : 25 + (2 * Math.Min(at - 100, 30)));
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.02, 0, 80, Slow).Every(2, 80, 300, Slow).End(298);
        Assert.True(figures.Of("timeToRunawayS").Uncertainty >= 2.8, $"{figures.Of("timeToRunawayS").Uncertainty}");
    }

    [Fact]
    public void TheRate_IsThatOfTheWholeRecord()
    {
        AbuseFigures figures = new AbuseRun("nail-gb").Every(0.02, 0, 80, at => AbuseRun.Of(at, 4, 25)).Every(2, 80, 20_000, at => AbuseRun.Of(at, 4, 25)).End(19_998);
        Assert.Contains(figures.Deviations, said => said.StartsWith("Sampled every 2 s", StringComparison.Ordinal));
    }
}
