using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Feeds samples of known truth to a watch. A NaN is no reading; a state says what is wrong with it.</summary>
internal sealed class AbuseRun
{
    private long number;

    public AbuseRun(AbusePlan plan, CellProfile? profile = null, double? ruleFromS = null) =>
        Watch = new AbuseWatch(plan, profile ?? CellProfiles.Default, ruleFromS: ruleFromS);

    public AbuseRun(string plan)
        : this(AbusePlans.Find(plan)!)
    {
    }

    public AbuseWatch Watch { get; }

    /// <summary>A sample with voltage, surface temperature and what else is given.</summary>
    public static Sample Of(
        double timeS, double voltageV, double surfaceC, double currentA = double.NaN, double secondC = double.NaN,
        SensorState surface = SensorState.Good, double ambientC = double.NaN)
    {
        Sample sample = new() { TimeMicroseconds = (long)Math.Round(timeS * 1e6), States = SensorStates.AllAbsent };
        Set(ref sample, SampleColumns.Voltage, voltageV, SensorState.Good);
        Set(ref sample, SampleColumns.Current, currentA, SensorState.Good);
        Set(ref sample, SampleColumns.Surface, surfaceC, surface);
        Set(ref sample, SampleColumns.FirstExtraSurface, secondC, SensorState.Good);
        Set(ref sample, SampleColumns.Ambient, ambientC, SensorState.Good);
        return sample;
    }

    public AbuseRun Add(Sample sample)
    {
        sample.Number = number++;
        Watch.Add(in sample);
        return this;
    }

    /// <summary>Samples every so many seconds from one time up to before another.</summary>
    public AbuseRun Every(double stepS, double fromS, double toS, Func<double, Sample> of)
    {
        for (long i = 0; fromS + (i * stepS) < toS - 1e-9; i++)
        {
            double at = Math.Round(fromS + (i * stepS), 6);
            Add(of(at));
        }

        return this;
    }

    public AbuseFigures End(double timeS)
    {
        Watch.End(timeS);
        return Watch.Figures();
    }

    private static void Set(ref Sample sample, int column, double value, SensorState state)
    {
        if (!double.IsNaN(value) || state != SensorState.Good)
        {
            sample.Values[column] = double.IsNaN(value) ? 0 : value;
            sample.States = SensorStates.With(sample.States, column, state);
        }
    }
}

/// <summary>Finding what a test asks for.</summary>
internal static class AbuseFigureReading
{
    public static AbuseValue Of(this AbuseFigures figures, string id) => figures.Values.Single(value => value.Id == id);

    public static AbuseCriterion Criterion(this AbuseFigures figures, string id) => figures.Criteria.Single(criterion => criterion.Id == id);

    /// <summary>True where the truth lies within the value's half width.</summary>
    public static void AssertHolds(this AbuseFigures figures, string id, double truth)
    {
        AbuseValue value = figures.Of(id);
        Assert.True(value.Value is not null, $"{id} is absent: {value.Absence}");
        Assert.True(value.Uncertainty is not null, $"{id} has no uncertainty");
        Assert.True(Math.Abs(value.Value.Value - truth) <= value.Uncertainty.Value + 1e-9, $"{id} is {value.Value} +- {value.Uncertainty}, the truth is {truth}");
        Assert.True(value.Definition.Length > 20, id);
    }
}
