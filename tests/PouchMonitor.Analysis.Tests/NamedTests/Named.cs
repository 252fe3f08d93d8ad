using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.NamedTests;

/// <summary>Samples in, named tests out.</summary>
internal static class Named
{
    public static IReadOnlyList<NamedTest> In(ReadOnlySpan<Sample> samples, NamedTestKind? declared = null, CellProfile? profile = null)
    {
        var inside = new NamedTestCollector();
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? Runs.Unknown, collector);
        analysis.Watch(inside);
        foreach (ref readonly Sample sample in samples)
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        return NamedTestFinder.Find(new NamedTestInput
        {
            Profile = profile ?? Runs.Unknown,
            Cycles = [.. collector.Cycles],
            Steps = collector.Steps,
            Pulses = collector.Pulses,
            Inside = inside,
            Declared = declared,
        });
    }

    /// <summary>Gives every good current noise (a standard deviation, A) and then the steps of a coarse instrument (A).</summary>
    public static Sample[] Spoilt(CellTrace trace, int seed, double noiseA, double quantumA)
    {
        var random = new Random(seed);
        for (int i = 0; i < trace.Count; i++)
        {
            double currentA = trace.Samples[i].Values[PouchMonitor.Measurement.SampleColumns.Current];
            double gaussian = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double noisy = currentA + (noiseA * gaussian);
            trace.Spoil(i, PouchMonitor.Measurement.SampleColumns.Current, quantumA > 0 ? quantumA * Math.Round(noisy / quantumA) : noisy);
        }

        return trace.ToArray();
    }
}
