using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>Fade against a profile's reference curve, and the projection of the end of life with its interval.</summary>
public sealed class ReferenceCurveTests
{
    private static readonly ReferenceCurve Curve = new([new(1, 1.0), new(101, 0.8), new(201, 0.7)]);
    private readonly ReportCollector findings = new();

    [Theory]
    [InlineData(0.0399, 0, 0)]
    [InlineData(0.0401, 0, 1)]
    [InlineData(0.0401, 0.001, 0)]
    public void OnlyDepartureFromTheCurveWarns(double belowCurve, double uncertaintyAh, int count)
    {
        CycleRules rules = Rules(Curve);
        for (int cycle = 1; cycle <= 60; cycle++)
        {
            double below = cycle > 50 ? belowCurve : 0;
            rules.Take(Cycle(cycle, Curve.At(cycle)!.Value - below) with { MainCapacityUncertaintyAh = cycle > 50 ? uncertaintyAh : 0 });
        }

        Assert.Equal(count, findings.Findings.Count);
        Assert.All(findings.Findings, finding =>
        {
            Assert.Equal((51, "retentionBelowReferenceCurve", FindingSeverity.Warning), (finding.Cycle, finding.Measure, finding.Severity));
            Assert.Contains("reference curve has", finding.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void ACellThatFollowsItsCurve_IsFlaggedAtTheCrossingAlone()
    {
        CycleRules rules = Rules(Curve);
        for (int cycle = 1; cycle <= 110; cycle++)
        {
            rules.Take(Cycle(cycle, Curve.At(cycle)!.Value));
        }

        Finding finding = Assert.Single(findings.Findings);
        Assert.Equal((102, 0.8), (finding.Cycle, finding.Limit));
    }

    [Fact]
    public void TheCrossingTakesThePlaceOfTheDeparture()
    {
        CycleRules rules = Rules(Curve);
        for (int cycle = 1; cycle <= 60; cycle++)
        {
            rules.Take(Cycle(cycle, 1 - (0.005 * (cycle - 1))));
        }

        Assert.Equal(2, findings.Findings.Count);
        Assert.Equal(findings.Findings[1].OnsetMicroseconds, findings.Findings[0].ClearedMicroseconds);
        Assert.Equal("dischargeCapacityRetention", findings.Findings[1].Measure);
    }

    [Fact]
    public void BeyondTheCurve_ThereIsNoVerdict()
    {
        CycleRules rules = Rules(new ReferenceCurve([new(1, 1), new(20, 0.99)]));
        for (int cycle = 1; cycle <= 60; cycle++)
        {
            rules.Take(Cycle(cycle, cycle <= 20 ? 0.995 : 0.9));
        }

        Assert.Empty(findings.Findings);
    }

    [Theory]
    [InlineData(1.69, 0)]
    [InlineData(1.30, 1)]
    public void APolarizationThatGrowsAsItsCurveSays_IsNotTold(double expected, int count)
    {
        var rules = new CycleRules(
            new CellProfile { Name = "cell", ReferencePolarization = new ReferenceCurve([new(1, 1), new(100, expected)]) }, findings);
        for (int cycle = 1; cycle <= 100; cycle++)
        {
            rules.Take(Cycle(cycle, 1) with { PolarizationV = 0.3 * (1 + (0.69 * (cycle - 1) / 99)) });
        }

        Assert.Equal(count, findings.Findings.Count(finding => finding.Rule == RuleNames.PolarizationRise));
    }

    [Fact]
    public void Projection_HasTheCrossingOfAStraightFadeAndAnIntervalAroundIt()
    {
        CycleRules rules = Rules(null);
        Random random = new(5);
        for (int cycle = 1; cycle <= 40; cycle++)
        {
            rules.Take(Cycle(cycle, 1.002 - (0.002 * cycle) + (cycle == 1 ? 0 : 0.001 * (random.NextDouble() - 0.5))));
        }

        EndOfLifeProjection projection = rules.Projection!.Value;
        Assert.Equal(101, projection.Cycle, 2.0);
        Assert.InRange(101, projection.LowCycle, projection.HighCycle);
        Assert.True(projection.HighCycle - projection.LowCycle < 10);
    }

    [Fact]
    public void IntervalOfTheSlope_HasTheRanksOfKendallsVariance()
    {
        // Ten points that fall by 0.01, but for one pair out of order: 45 slopes, reach 1.96 sqrt(125) = 21.9.
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        double[] y = [1.00, 0.99, 0.98, 0.97, 0.95, 0.96, 0.94, 0.93, 0.92, 0.91];
        double[] slopes = [.. from i in Enumerable.Range(0, 10) from j in Enumerable.Range(0, i) select (y[i] - y[j]) / (x[i] - x[j])];
        Array.Sort(slopes);
        (double Intercept, double Slope) line = TheilSen.Fit(x, y, new double[45]);
        double middle = line.Intercept + (5.5 * line.Slope);

        EndOfLifeProjection projection = EndOfLifeProjection.Of(x, y, line, 0.8, new double[45])!.Value;

        // M1 = 11.54 and M2 = 33.46: the 11th slope and, the rank above taken, the 35th.
        Assert.Equal(21, projection.Cycle, 0.6);
        Assert.Equal(5.5 + ((0.8 - middle) / slopes[10]), projection.LowCycle, 1e-9);
        Assert.Equal(5.5 + ((0.8 - middle) / slopes[34]), projection.HighCycle, 1e-9);
    }

    /// <summary>The true crossing of NASA's B0005 (reference: first discharge) is discharge 101.</summary>
    [Fact]
    public void Nasa_AtDischarge60TheProjectionIsWithin15PercentOfTheTruth()
    {
        var analysis = new ChannelAnalysis(Runs.Unknown, new ReportCollector());
        EndOfLifeProjection? at60 = null;
        foreach (Sample sample in RealSeries.Load("nasa_b0005"))
        {
            analysis.Add(sample);
            if (analysis.Progress.CycleCount == 60)
            {
                at60 = analysis.Progress.Projection;
                break;
            }
        }

        Assert.InRange(at60!.Value.Cycle, 0.85 * 101, 1.15 * 101);
        Assert.InRange(101, at60.Value.LowCycle, at60.Value.HighCycle);
    }

    [Theory]
    [InlineData("[[1, 1]]", "2 to 1000 are possible")]
    [InlineData("[[5, 1], [5, 0.9]]", "has cycle 5 at point 2, cycles rise from 1")]
    [InlineData("[[1, 1], [100, 80]]", "has ratio 80 at cycle 100, above 0 and at most 1.5 is possible")]
    [InlineData("[[1, 1], {}]", "a pair [cycle, ratio] is needed")]
    [InlineData("3", "a list of 2 to 1000 points [cycle, ratio] is needed")]
    public void ABadCurve_IsRefusedWithItsReason(string json, string reason)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, $$"""{"name": "a", "referenceRetention": {{json}}}""");
            ProfileFileException refused = Assert.Throws<ProfileFileException>(() => CellProfile.Load(path));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.Contains("referenceRetention", refused.Message, StringComparison.Ordinal);
            File.WriteAllText(path, """{"name": "a", "referenceRetention": [[1, 1], [101, 0.8], [201, 0.7]]}""");
            Assert.Equal(Curve, CellProfile.Load(path).ReferenceRetention);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private CycleRules Rules(ReferenceCurve? curve) =>
        new(new CellProfile { Name = "cell", ReferenceRetention = curve }, findings);

    private static CycleMeasures Cycle(int index, double capacityAh) => new()
    {
        Index = index,
        EndMicroseconds = index * 1_000_000L,
        Quality = CycleQuality.Complete,
        MainHalfUsable = true,
        MainCapacityAh = capacityAh,
        MainLevelA = 1,
        OtherLevelA = 1,
        MainEndVoltageV = 3,
        MainVoltageSpanV = 1,
        MainMeanTemperatureC = 25,
        CoulombicEfficiency = 0.999,
        PolarizationV = 0.1,
    };
}
