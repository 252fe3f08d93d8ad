using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>What the gate refutes of a sample does not hide the rest of it from the limit rules.</summary>
public sealed class GatedLimitsTests
{
    [Fact]
    public void AShortBetweenTwoSlowRecords_IsFoundThoughATemperatureOfItIsNotBelieved()
    {
        ReportCollector report = Runs.Whole([.. Records(at: 40, [163, 60, 58, 57, 56, 55, 54, 53])]);

        Assert.Contains(report.Findings, finding => finding.Rule == RuleNames.BadReading);
        Finding found = Assert.Single(report.Findings, finding => finding.Rule == RuleNames.HardShort);
        Assert.InRange(found.OnsetMicroseconds, 400_000_000, 430_000_000);
    }

    private static IEnumerable<Sample> Records(int at, double[] infraredC)
    {
        for (int i = 0; i < at + 20; i++)
        {
            int since = i - at;
            Sample sample = new() { Number = i, TimeMicroseconds = i * 10_000_000L, States = SensorStates.AllAbsent };
            Set(ref sample, SampleColumns.Voltage, since < 0 ? 4.29 + (0.0002 * (i % 3)) : 0.05 + (0.0002 * (i % 3)));
            Set(ref sample, SampleColumns.Current, 0);
            Set(ref sample, SampleColumns.Infrared, since < 0 ? 25 + (0.02 * (i % 4)) : since < infraredC.Length ? infraredC[since] : 50 - (0.1 * since));
            yield return sample;
        }
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }
}
