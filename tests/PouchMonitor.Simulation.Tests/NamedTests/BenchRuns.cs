using PouchMonitor.Analysis;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>Records of a cell on a bench, spoilt or not, through the product's analysis.</summary>
internal static class BenchRuns
{
    public static ReportCollector Report(IEnumerable<BenchRecord> records, out NamedTestCollector inside, CellProfile? profile = null)
    {
        inside = new NamedTestCollector();
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? LithiumRuns.Unknown, collector);
        analysis.Watch(inside);
        long number = 0;
        foreach (BenchRecord record in records)
        {
            var sample = new Sample
            {
                Number = number++, TimeMicroseconds = (long)Math.Round(record.TimeS * 1e6), States = SensorStates.AllAbsent,
            };
            Set(ref sample, SampleColumns.Voltage, record.VoltageV);
            Set(ref sample, SampleColumns.Current, record.CurrentA);
            Set(ref sample, SampleColumns.Surface, record.TemperatureC);
            analysis.Add(sample);
        }

        analysis.Complete();
        return collector;
    }

    public static IReadOnlyList<NamedTest> Tests(
        IEnumerable<BenchRecord> records, NamedTestKind? declared = null, double? diffusionLengthUm = null, bool isWatched = true)
    {
        ReportCollector collector = Report(records, out NamedTestCollector inside);
        return NamedTestFinder.Find(new NamedTestInput
        {
            Profile = LithiumRuns.Unknown, Cycles = [.. collector.Cycles], Steps = collector.Steps, Pulses = collector.Pulses,
            Inside = isWatched ? inside : null, Declared = declared, DiffusionLengthUm = diffusionLengthUm,
        });
    }

    /// <summary>Noise of an instrument on voltage and current, and the steps in which it gives both.</summary>
    public static IEnumerable<BenchRecord> Noisy(
        this IEnumerable<BenchRecord> records, ulong seed, double noiseV, double noiseA, double quantumV = 0, double quantumA = 0)
    {
        var noise = new SeededNoise(seed);
        foreach (BenchRecord record in records)
        {
            double currentA = record.CurrentA == 0 ? 0 : record.CurrentA + (noiseA * noise.NextGaussian());
            double voltageV = record.VoltageV + (noiseV * noise.NextGaussian());
            yield return record with
            {
                VoltageV = quantumV > 0 ? quantumV * Math.Round(voltageV / quantumV) : voltageV,
                CurrentA = quantumA > 0 ? quantumA * Math.Round(currentA / quantumA) : currentA,
            };
        }
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }
}
