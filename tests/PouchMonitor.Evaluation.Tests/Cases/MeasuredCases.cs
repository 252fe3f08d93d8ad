using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Series that others measured, with what is known of them (the folder's README).</summary>
internal static class MeasuredCases
{
    private static readonly CellProfile Unknown = new() { Name = "unknown" };

    private static readonly CellProfile Half = new() { Name = "half", Kind = CellKind.Half };

    public static IEnumerable<CaseKind> All =>
    [
        Healthy("arbin_li_si_halfcell_45cc", Half),
        Healthy("bdf_li_gr_r2032", Half),
        Healthy("bdf_li_graphite_pocv", Half),
        Healthy("bdf_li_lnmo_pocv", Unknown),
        Healthy("beep_maccor_prediag412", Unknown),
        Healthy("dmegc_r1_pulse_data", Unknown),
        Healthy("dmegc_r1_ref_data", Unknown),
        Healthy("dmegc_r1_rt_c_2_data", Unknown),
        Healthy("lgm50_rpt0", Unknown),
        Healthy("nda_nw4-120-6-1-36", Unknown),
        Healthy("neware_uio_halfcell", Half),

        // Fades from 0.3307 to 0.2632 Ah, to 79.6 % in its very last cycle, which no later one confirms.
        Healthy("neware_ife_20cyc", Unknown),
        new CaseKind(CaseSet.Measured, "nasa_b0005", _ => Nasa()),

        // Indented until they short; the times are those at which the owners' data meets GB 38031.
        Crushed("ornl_500mAh1-100S0C", 126.4),
        Crushed("ornl_500mAh1-20S0C", 135.4),
    ];

    private static CaseKind Healthy(string name, CellProfile profile) => new(CaseSet.Measured, name, _ => new EvaluationCase
    {
        Name = name, Profile = profile, Samples = RecordedData.Samples($"series/{name}.csv.gz"),
    });

    /// <summary>
    /// Crosses 80 % of its first discharge at discharge 101, of 168; its resistance grows all along. The times are those of
    /// the discharges in the series: 100 begins 3.40 million seconds in, 104 ends 3.47 million in.
    /// </summary>
    private static EvaluationCase Nasa()
    {
        const double HundredthS = 3.40e6;
        const double AfterHundredAndFourthS = 3.47e6;
        return new EvaluationCase
        {
            Name = "nasa_b0005",
            Profile = Unknown,
            Samples = RecordedData.Samples("series/nasa_b0005.csv.gz"),
            Allowed = [RuleNames.PolarizationRise, RuleNames.ResistanceRise, RuleNames.BadReading],
            Expected = () => [new Expectation([RuleNames.CapacityFade], HundredthS, AfterHundredAndFourthS, HundredthS)],
        };
    }

    private static CaseKind Crushed(string name, double metS) => new(CaseSet.Measured, name, _ => new EvaluationCase
    {
        Name = name,
        Profile = Unknown,
        Samples = RecordedData.Samples($"abuse/{name}.csv.gz"),
        DangerFromS = () => metS - 15,
        Expected = () =>
        [
            new Expectation([RuleNames.ThermalRunaway], metS - 0.5, metS + 0.5, metS),
            new Expectation([RuleNames.HardShort], metS - 15, metS + 15, metS),
        ],
    });
}
