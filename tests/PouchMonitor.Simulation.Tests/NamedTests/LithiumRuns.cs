using PouchMonitor.Analysis;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>Records of cells without a cathode, spoilt or not, through the product's analysis.</summary>
internal static class LithiumRuns
{
    public static CellProfile Unknown { get; } = new() { Name = "unknown" };

    public static ReportCollector Report(IEnumerable<LithiumRecord> records, CellProfile? profile = null) => Report(records, out _, profile);

    public static ReportCollector Report(IEnumerable<LithiumRecord> records, out NamedTestCollector inside, CellProfile? profile = null)
    {
        inside = new NamedTestCollector();
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? Unknown, collector);
        analysis.Watch(inside);
        long number = 0;
        foreach (LithiumRecord record in records)
        {
            analysis.Add(ToSample(record, number++));
        }

        analysis.Complete();
        return collector;
    }

    /// <summary>The named tests of records, with what lies inside the steps.</summary>
    public static IReadOnlyList<NamedTest> Tests(
        IEnumerable<LithiumRecord> records, NamedTestKind? declared = null, double? areaCm2 = null)
    {
        ReportCollector collector = Report(records, out NamedTestCollector inside);
        return NamedTestFinder.Find(new NamedTestInput
        {
            Profile = Unknown, Cycles = [.. collector.Cycles], Steps = collector.Steps, Pulses = collector.Pulses, Inside = inside,
            Declared = declared, ElectrodeAreaCm2 = areaCm2,
        });
    }

    public static IEnumerable<LithiumRecord> Records(string name, int cycles, double intervalS) =>
        LithiumRun.Records(EmulatedLithiumCells.Create(name), cycles, intervalS);

    /// <summary>Noise of an instrument on voltage and current, and the steps in which it gives the current.</summary>
    public static IEnumerable<LithiumRecord> Noisy(
        this IEnumerable<LithiumRecord> records, ulong seed, double noiseV, double noiseA, double quantumA = 0)
    {
        var noise = new SeededNoise(seed);
        foreach (LithiumRecord record in records)
        {
            double currentA = record.CurrentA == 0 ? 0 : record.CurrentA + (noiseA * noise.NextGaussian());
            yield return record with
            {
                VoltageV = record.VoltageV + (noiseV * noise.NextGaussian()),
                CurrentA = quantumA > 0 ? quantumA * Math.Round(currentA / quantumA) : currentA,
            };
        }
    }

    /// <summary>Without the records between two times.</summary>
    public static IEnumerable<LithiumRecord> Without(this IEnumerable<LithiumRecord> records, double fromS, double toS) =>
        records.Where(record => record.TimeS < fromS || record.TimeS > toS);

    private static Sample ToSample(LithiumRecord record, long number)
    {
        var sample = new Sample
        {
            Number = number, TimeMicroseconds = (long)Math.Round(record.TimeS * 1e6), States = SensorStates.AllAbsent,
        };
        sample.Values[SampleColumns.Voltage] = record.VoltageV;
        sample.Values[SampleColumns.Current] = record.CurrentA;
        sample.States = SensorStates.With(sample.States, SampleColumns.Voltage, SensorState.Good);
        sample.States = SensorStates.With(sample.States, SampleColumns.Current, SensorState.Good);
        return sample;
    }
}
