using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Formats;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>The two cells that were indented until they shorted, by several plans.</summary>
public sealed class RecordedAbuseTests
{
    [Theory]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz", 126.4, 122.65, 77.753, 159.2, 3)]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz", 135.4, 128.9, 48.749, 183.2, 2)]
    public void AnIndentedCell_IsTriggeredByItsVoltage_AndRunsAwayByGb38031(
        string file, double runawayS, double triggerS, double maximumC, double maximumAtS, int hazard)
    {
        AbuseFigures figures = Judge(file, "crush-gb");
        Assert.Equal(TriggerSource.Rule, figures.Trigger!.Source);
        Assert.InRange(figures.Trigger.At, triggerS - 0.7, triggerS + 0.7);
        Assert.Contains("voltage", figures.Trigger.Reason, StringComparison.Ordinal);
        AbuseCriterion runaway = figures.Criterion("thermal-runaway");
        Assert.Equal(CriterionState.Met, runaway.State);
        Assert.InRange(runaway.MetAt!.Value, runawayS - 0.2, runawayS + 0.2);
        Assert.Equal((maximumC, maximumAtS), (figures.Of("maximumSurfaceC").Value!.Value, figures.Of("maximumSurfaceC").At!.Value));
        Assert.Equal(hazard, figures.Hazard.Level);
        Assert.Empty(figures.SensorLosses);
        Assert.InRange(figures.Of("timeToDrop25S").At!.Value, figures.Trigger.At, runawayS);
        Assert.True(figures.Of("timeToDrop50S").At >= figures.Of("timeToDrop25S").At);
        Assert.True(figures.Of("timeToDrop100S").At >= figures.Of("timeToDrop50S").At);
        Assert.InRange(figures.Of("largestForceN").Value!.Value, -1600, -1400);
        Assert.Null(figures.Of("energyInWh").Value);
        Assert.Contains(figures.Deviations, deviation => deviation.StartsWith("Ended ", StringComparison.Ordinal));
        Assert.Single(figures.Observation.Waiting);
    }

    [Fact]
    public void TheWholeRecord_ShowsInItsTraces_AndNothingOfTheSecondsBeforeTheTriggerIsMissing()
    {
        AbuseWatch watch = Watch("abuse/ornl_500mAh1-100S0C.csv.gz", "crush-gb", out List<double> times);
        double trigger = watch.Figures().Trigger!.At;
        AbuseTrace voltage = watch.Traces.Since(double.NegativeInfinity, 100_000).Single(trace => trace.Id == "voltage");
        Assert.Equal("voltage surfaceTemperature force", string.Join(' ', watch.Traces.Since(double.NegativeInfinity, 1000).Select(trace => trace.Id)));
        Assert.True(voltage.TimeS.Zip(voltage.TimeS.Skip(1)).All(pair => pair.First <= pair.Second), "ascending");
        double[] near = [.. times.Where(at => at >= trigger - 30 && at <= trigger + 200)];
        Assert.Equal(near, voltage.TimeS.Where(at => at >= trigger - 30 && at <= trigger + 200));

        // Elsewhere lowest and highest of stretches of less than a second.
        Assert.InRange(voltage.TimeS[0], 0, 1);
        Assert.InRange(voltage.TimeS[^1], 2311, 2312.1);
        Assert.All(watch.Traces.Since(double.NegativeInfinity, 300), trace => Assert.InRange(trace.TimeS.Count, 50, 300));
        Assert.All(watch.Traces.Since(trigger, 5000), trace => Assert.True(trace.TimeS[0] > trigger));
    }

    private static AbuseFigures Judge(string file, string plan) => Watch(file, plan, out _).Figures();

    private static AbuseWatch Watch(string file, string plan, out List<double> times)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf(file));
        AbuseWatch watch = new(AbusePlans.Find(plan)!, CellProfiles.Default, SensorClass.Unknown);
        RecordedRow row = new();
        Sample sample = default;
        times = [];
        while (reader.TryRead(row))
        {
            watch.AddForce(row.TimeMicroseconds / 1e6, row.ForceN!.Value, row.DisplacementMm);
            row.CopyTo(ref sample);
            watch.Add(in sample);
            times.Add(row.TimeMicroseconds / 1e6);
        }

        watch.End(times[^1]);
        return watch;
    }
}
