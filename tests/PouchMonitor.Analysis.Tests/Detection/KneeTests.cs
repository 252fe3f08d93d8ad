using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>A fade that has become much faster is told with the place of its knee; straight and bowed ones are not.</summary>
public sealed class KneeTests
{
    private readonly ReportCollector findings = new();

    [Theory]
    [InlineData(60, 0.0004, 0.004, 10)]
    [InlineData(300, 0.0001, 0.0008, 25)]
    [InlineData(700, 0.00005, 0.002, 40)]
    public void AKnee_IsToldSoonWithItsPlace(int at, double before, double after, int places)
    {
        Run(at + (int)(0.12 / after), cycle => 1 - (before * cycle) - ((after - before) * Math.Max(0, cycle - at)));

        Finding knee = Assert.Single(findings.Findings, finding => finding.Measure == "kneeSlope");
        Assert.Equal(FindingSeverity.Advisory, knee.Severity);
        Assert.Equal(-after, knee.Observed!.Value, 0.35 * after);
        string[] words = knee.Message.Split(' ');
        Assert.InRange(int.Parse(words[7], System.Globalization.CultureInfo.InvariantCulture), at - places, at + places);
        Assert.InRange(knee.Cycle!.Value, at, at + (int)(0.06 / after));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void FadesWithoutAKnee_AreNotTold(int kind)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Run(400, cycle => kind switch
            {
                0 => 1 - (0.0004 * cycle),
                1 => 1 - (0.007 * Math.Sqrt(cycle)),
                _ => 0.9 + (0.1 * Math.Exp(-cycle / 60.0)) - (0.0001 * cycle),
            }, seed);
        }

        Assert.DoesNotContain(findings.Findings, finding => finding.Measure == "kneeSlope");
    }

    [Fact]
    public void TheFit_HasTheLinesItWasMadeOf()
    {
        double[] x = [.. Enumerable.Range(1, 50).Select(i => (double)i)];
        double[] y = [.. x.Select(v => 1 - (0.001 * v) - (0.004 * Math.Max(0, v - 30)))];

        Knee knee = KneeFit.Of(x, y, new double[50])!.Value;

        Assert.Equal((30, 30, 30), (knee.Cycle, knee.LowCycle, knee.HighCycle));
        Assert.Equal(-0.001, knee.SlopeBefore, 1e-9);
        Assert.Equal(-0.005, knee.SlopeAfter, 1e-9);
        Assert.Null(KneeFit.Of(x.AsSpan(0, 13), y.AsSpan(0, 13), new double[50]));
    }

    private void Run(int cycles, Func<int, double> retention, int seed = 3)
    {
        CycleRules rules = new(new CellProfile { Name = "cell" }, findings);
        Random random = new(seed);
        for (int cycle = 1; cycle <= cycles; cycle++)
        {
            rules.Take(new CycleMeasures
            {
                Index = cycle, EndMicroseconds = (seed * 1_000_000_000L) + (cycle * 1_000_000L), Quality = CycleQuality.Complete, MainHalfUsable = true,
                MainCapacityAh = retention(cycle) + (0.001 * (random.NextDouble() - 0.5)), MainLevelA = 1, OtherLevelA = 1, MainEndVoltageV = 3,
                MainVoltageSpanV = 1, MainMeanTemperatureC = 25, CoulombicEfficiency = 0.999, PolarizationV = 0.1,
            });
        }
    }
}
