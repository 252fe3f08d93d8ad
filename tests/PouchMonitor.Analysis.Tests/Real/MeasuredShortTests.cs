using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Real;

/// <summary>No measured cell here had a short, so none is told of one, whatever its profile says it is.</summary>
public sealed class MeasuredShortTests
{
    [Theory]
    [InlineData("nasa_b0005", 1.86)]
    [InlineData("lgm50_rpt0", 5.0)]
    [InlineData("dmegc_r1_pulse_data", 2.6)]
    [InlineData("dmegc_r1_ref_data", 2.6)]
    [InlineData("dmegc_r1_rt_c_2_data", 2.6)]
    [InlineData("neware_ife_20cyc", null)]
    [InlineData("nda_nw4-120-6-1-36", null)]
    [InlineData("beep_maccor_prediag412", null)]
    [InlineData("bdf_li_gr_r2032", null)]
    [InlineData("neware_uio_halfcell", null)]
    [InlineData("arbin_li_si_halfcell_45cc", null)]
    public void HealthyMeasuredCells_GiveNoShortAndNoHeat(string series, double? nominalAh)
    {
        foreach (CellKind kind in Enum.GetValues<CellKind>())
        {
            var profile = new CellProfile { Name = "measured", Kind = kind, NominalCapacityAh = nominalAh };
            Assert.DoesNotContain(
                Runs.Whole(RealSeries.Load(series), profile).Findings,
                f => f.Rule is RuleNames.SoftShort or RuleNames.HeatResidual);
        }
    }
}
