using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Real;

/// <summary>What the rules find in measured series, and what they do not.</summary>
public sealed class MeasuredFindingTests
{
    [Fact]
    public void Nasa_CrossesEightyPercentAtDischarge101AndIsFlaggedAhead()
    {
        Sample[] samples = RealSeries.Load("nasa_b0005");
        var order = new OrderedSink();
        var analysis = new ChannelAnalysis(Runs.Unknown, order);
        foreach (Sample sample in samples)
        {
            analysis.Add(sample);
        }

        analysis.Complete();

        Finding crossing = Assert.Single(analysis.Findings, f => f.Rule == RuleNames.CapacityFade && f.Severity == FindingSeverity.Warning);
        Assert.Equal(101, crossing.Cycle);
        Assert.Contains("cycle 1 ", crossing.Message, StringComparison.Ordinal);
        Assert.Equal(0.8, crossing.Limit);
        Assert.InRange(crossing.Observed!.Value, 0.795, 0.8);
        Finding ahead = Assert.Single(analysis.Findings, f => f.Rule == RuleNames.CapacityFade && f.Measure == "projectedRetention");
        Assert.InRange(ahead.Cycle!.Value, 40, 90);
        Assert.Equal(crossing.OnsetMicroseconds, ahead.ClearedMicroseconds);

        // It was told before cycle 95 closed, not only dated so.
        int told = order.Events.FindIndex(e => e is Finding f && f.Id == ahead.Id);
        Assert.InRange(order.Events.Take(told).OfType<CycleSummary>().Count(), 40, 94);
        Assert.NotNull(analysis.Progress.Retention);
    }

    [Fact]
    public void Nasa_PolarizationRisesAgainstTheFirstWholeCycle()
    {
        ReportCollector report = Runs.Whole(RealSeries.Load("nasa_b0005"));
        CycleSummary[] cycles = [.. report.Cycles];

        Finding rise = Assert.Single(report.Findings, f => f.Rule == RuleNames.PolarizationRise);
        Assert.Equal(1.2 * cycles[1].PolarizationV!.Value, rise.Limit!.Value, 1e-9);
        Assert.True(cycles[rise.Cycle!.Value - 1].PolarizationV >= rise.Limit);
        Assert.True(cycles[rise.Cycle!.Value - 2].PolarizationV < rise.Limit);
    }

    [Fact]
    public void Neware_IsFlaggedAheadAndItsUnconfirmedCrossingIsNotClaimed()
    {
        ReportCollector report = Runs.Whole(RealSeries.Load("neware_ife_20cyc"));

        Finding ahead = Assert.Single(report.Findings);
        Assert.Equal(RuleNames.CapacityFade, ahead.Rule);
        Assert.Equal(FindingSeverity.Advisory, ahead.Severity);
        Assert.InRange(ahead.Cycle!.Value, 10, 15);
    }

    [Theory]
    [InlineData("arbin_li_si_halfcell_45cc")]
    [InlineData("bdf_li_gr_r2032")]
    [InlineData("bdf_li_graphite_pocv")]
    [InlineData("bdf_li_lnmo_pocv")]
    [InlineData("beep_maccor_prediag412")]
    [InlineData("dmegc_r1_pulse_data")]
    [InlineData("dmegc_r1_ref_data")]
    [InlineData("dmegc_r1_rt_c_2_data")]
    [InlineData("lgm50_rpt0")]
    [InlineData("nda_nw4-120-6-1-36")]
    [InlineData("neware_uio_halfcell")]
    public void HealthySeries_GivesNoFinding(string name)
    {
        Assert.Empty(Runs.Whole(RealSeries.Load(name)).Findings);
        Assert.Empty(Runs.Whole(RealSeries.Load(name), new CellProfile { Name = "half", Kind = CellKind.Half }).Findings);
    }

    [Theory]
    [InlineData("ornl_500mAh1-100S0C", 126.4, 60.0, 200.0)]
    [InlineData("ornl_500mAh1-20S0C", 135.4, 48.6, 48.8)]
    public void CrushedPouch_MeetsTheStandardBehindTheGate(string name, double atSeconds, double lowestMaximumC, double highestMaximumC)
    {
        ReportCollector report = Runs.Whole(RealSeries.LoadAbuse(name));

        Finding runaway = Assert.Single(report.Findings, f => f.Rule == RuleNames.ThermalRunaway);
        Assert.Equal(atSeconds, runaway.OnsetMicroseconds / 1e6, 0.2);
        Assert.InRange(runaway.MaximumTemperatureC!.Value, lowestMaximumC, highestMaximumC);
        Assert.Contains(report.Findings, f => f.Rule == RuleNames.HardShort);
        Assert.DoesNotContain(report.Findings, f => f.Rule == RuleNames.BadReading);
        Assert.Empty(report.Cycles);
    }

    private sealed class OrderedSink : IAnalysisSink
    {
        public List<object> Events { get; } = [];

        public void OnCycle(CycleSummary cycle) => Events.Add(cycle);

        public void OnStep(StepSummary step)
        {
        }

        public void OnPulse(PulseResistance pulse) => Events.Add(pulse);

        public void OnFinding(Finding finding) => Events.Add(finding);
    }
}
