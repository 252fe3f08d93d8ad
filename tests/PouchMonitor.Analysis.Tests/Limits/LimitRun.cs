using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Limits;

/// <summary>Runs the limit rules over samples made here or recorded, and keeps what they tell.</summary>
internal sealed class LimitRun : IFindingSink
{
    public static readonly CellProfile NoLimits = new() { Name = "none", MaximumHeatingRateCPerS = 1 };

    public LimitRun(CellProfile? profile = null) => Rules = new LimitRules(profile ?? NoLimits, this);

    public LimitRules Rules { get; }

    /// <summary>Every telling in order.</summary>
    public List<Finding> Told { get; } = [];

    /// <summary>Each finding as last told.</summary>
    public List<Finding> Findings => [.. Told.GroupBy(f => f.Id).Select(g => g.Last())];

    public void OnFinding(Finding finding) => Told.Add(finding);

    public Finding Only(string rule) => Assert.Single(Findings, f => f.Rule == rule);

    public bool Has(string rule) => Told.Exists(f => f.Rule == rule);

    /// <summary>One sample; what is not named is absent.</summary>
    public LimitRun At(double seconds, double? voltage = null, double? current = null, double? surface = null, double? infrared = null, double? ambient = null)
    {
        Rules.Add(Make(seconds, voltage, current, surface, infrared, ambient));
        return this;
    }

    /// <summary>Samples from one time up to and without another, at an interval.</summary>
    public LimitRun Every(double interval, double from, double to, Func<double, Sample> make)
    {
        int count = (int)Math.Round((to - from) / interval);
        for (int i = 0; i < count; i++)
        {
            Rules.Add(make(from + (i * interval)));
        }

        return this;
    }

    public LimitRun Complete()
    {
        Rules.Complete();
        return this;
    }

    public static Sample Make(double seconds, double? voltage = null, double? current = null, double? surface = null, double? infrared = null, double? ambient = null)
    {
        var sample = new Sample { TimeMicroseconds = (long)Math.Round(seconds * 1e6), States = SensorStates.AllAbsent };
        Set(ref sample, SampleColumns.Voltage, voltage);
        Set(ref sample, SampleColumns.Current, current);
        Set(ref sample, SampleColumns.Surface, surface);
        Set(ref sample, SampleColumns.Infrared, infrared);
        Set(ref sample, SampleColumns.Ambient, ambient);
        return sample;
    }

    public static Sample With(Sample sample, int column, SensorState sensor)
    {
        sample.States = SensorStates.With(sample.States, column, sensor);
        return sample;
    }

    public static List<Sample> Recorded(string path)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(path);
        var row = new RecordedRow();
        var samples = new List<Sample>();
        while (reader.TryRead(row))
        {
            var sample = new Sample();
            row.CopyTo(ref sample);
            samples.Add(sample);
        }

        return samples;
    }

    private static void Set(ref Sample sample, int column, double? value)
    {
        if (value is double known)
        {
            sample.Values[column] = known;
            sample.States = SensorStates.With(sample.States, column, SensorState.Good);
        }
    }
}
