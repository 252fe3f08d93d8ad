using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Formats;

namespace PouchMonitor.Analysis.Tests.Limits;

/// <summary>The limit rules on recorded cells: two that were shorted by indentation, and many that did nothing wrong.</summary>
public sealed class RecordedLimitTests
{
    [Theory]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz", 126.4, 124.3, 77.753, 3)]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz", 135.4, 133.0, 48.749, 2)]
    public void IndentedCell_IsShortedAndMeetsTheRunawayCriterion(string file, double runawayS, double shortS, double maximumC, int hazard)
    {
        var run = new LimitRun();
        foreach (Sample sample in LimitRun.Recorded(RecordedData.PathOf(file)))
        {
            run.Rules.Add(sample);
        }

        run.Complete();
        Finding runaway = run.Only(RuleNames.ThermalRunaway);
        Assert.InRange(runaway.OnsetMicroseconds / 1e6, runawayS - 0.2, runawayS + 0.2);
        Assert.Equal(FindingSeverity.Emergency, runaway.Severity);
        Assert.True(runaway.Latches);
        Assert.Null(runaway.ClearedMicroseconds);
        Assert.Equal(maximumC, runaway.MaximumTemperatureC);
        Assert.Equal(hazard, runaway.ProposedHazardLevel);
        Assert.Contains($"proposed hazard level {hazard} (EUCAR)", runaway.Message);

        Finding shorted = run.Only(RuleNames.HardShort);
        Assert.InRange(shorted.OnsetMicroseconds / 1e6, shortS - 0.5, shortS + 0.5);
        Assert.Equal(FindingSeverity.Emergency, shorted.Severity);
        Assert.True(shorted.Latches);

        Assert.True(run.Has(RuleNames.HeatingRate));
        Assert.False(run.Has(RuleNames.SensorFault), "the recorded sensors never failed");
        Assert.True(run.Told.Count < 50, $"{run.Told.Count} tellings");
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
    [InlineData("nasa_b0005")]
    [InlineData("nda_nw4-120-6-1-36")]
    [InlineData("neware_ife_20cyc")]
    [InlineData("neware_uio_halfcell")]
    public void HealthySeries_RaisesNothing_EvenWithItsGlitches(string name)
    {
        var run = new LimitRun();
        foreach (Sample sample in LimitRun.Recorded(RecordedData.PathOf($"series/{name}.csv.gz")))
        {
            run.Rules.Add(sample);
        }

        Assert.Empty(run.Complete().Told.Select(f => $"{f.Id}: {f.Message}"));
    }
}
