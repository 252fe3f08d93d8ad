using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.NamedTests;

/// <summary>No named test is recognised in measured series in which none was run.</summary>
public sealed class MeasuredNamedTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("series/arbin_li_si_halfcell_45cc")]
    [InlineData("series/bdf_li_gr_r2032")]
    [InlineData("series/bdf_li_graphite_pocv")]
    [InlineData("series/bdf_li_lnmo_pocv")]
    [InlineData("series/beep_maccor_prediag412")]
    [InlineData("series/dmegc_r1_ref_data")]
    [InlineData("series/dmegc_r1_rt_c_2_data")]
    [InlineData("series/lgm50_rpt0")]
    [InlineData("series/nasa_b0005")]
    [InlineData("series/nda_nw4-120-6-1-36")]
    [InlineData("series/neware_ife_20cyc")]
    [InlineData("series/neware_uio_halfcell")]
    [InlineData("abuse/ornl_500mAh1-20S0C")]
    [InlineData("abuse/ornl_500mAh1-100S0C")]
    public void OrdinaryCycling_HoldsNone(string name)
    {
        IReadOnlyList<NamedTest> tests = Named.In(
            name.StartsWith("abuse/", StringComparison.Ordinal) ? RealSeries.LoadAbuse(name[6..]) : RealSeries.Load(name[7..]));
        foreach (NamedTest test in tests)
        {
            output.WriteLine($"{name}: {NamedTestNames.NameOf(test.Kind)}: {test.Why}");
        }

        Assert.Empty(tests);
    }

    /// <summary>
    /// The pulse series is a titration: eleven discharges of 217 mAh (C/2) with a rest of twice their length after each, after
    /// which the voltage moves by less than a tenth of the pulse's own change.
    /// </summary>
    [Fact]
    public void DmegcPulses_AreATitration()
    {
        NamedTest test = Assert.Single(Named.In(RealSeries.Load("dmegc_r1_pulse_data")));
        output.WriteLine($"{test.Why}; {test.Reason}");
        foreach (NamedGroup pulse in test.Groups)
        {
            output.WriteLine($"{string.Join("  ", pulse.Values.Select(value => value?.ToString("G4") ?? "-"))}  {pulse.Reason}");
        }

        Assert.Equal(NamedTestKind.Gitt, test.Kind);
        Assert.Equal(11, test["pulses"]);

        // Third pulse by hand from the rows: 3.9720 V before, 3.8131 V at its end, 3.8874 V after the rest.
        Assert.Equal(3.8874 - 3.8131, test.Column("totalOverpotentialV")[2]!.Value, 2e-3);
        Assert.Equal(3.9720, test.Column("voltageBeforeV")[2]!.Value, 2e-3);
        Assert.All(test.Column("diffusionRatePerS"), rate => Assert.InRange(rate!.Value, 1e-4, 1e-2));
        Assert.All(test.Column("restDriftMvPerH"), drift => Assert.InRange(drift!.Value, 0, 40));
    }
}
