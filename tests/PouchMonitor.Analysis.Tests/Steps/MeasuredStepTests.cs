using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Steps;

/// <summary>The steps of measured cells: they add up to the cycles, and there are as many as a person would count.</summary>
public sealed class MeasuredStepTests(ITestOutputHelper output)
{
    /// <summary>Series and most steps a cycle, on average, that its protocol can explain.</summary>
    public static TheoryData<string, int> Series => new()
    {
        { "arbin_li_si_halfcell_45cc", 6 },
        { "bdf_li_gr_r2032", 8 },
        { "bdf_li_graphite_pocv", 6 },
        { "bdf_li_lnmo_pocv", 8 },
        { "beep_maccor_prediag412", 40 },
        { "dmegc_r1_pulse_data", 200 },
        { "dmegc_r1_ref_data", 12 },
        { "dmegc_r1_rt_c_2_data", 12 },
        { "lgm50_rpt0", 120 },
        { "nasa_b0005", 8 },
        { "nda_nw4-120-6-1-36", 8 },
        { "neware_ife_20cyc", 6 },
        { "neware_uio_halfcell", 6 },
    };

    [Theory]
    [MemberData(nameof(Series))]
    public void TheStepsOfACycle_AddUpToWhatItCounted(string name, int mostOfACycle)
    {
        Sample[] samples = RealSeries.Load(name);
        ReportCollector report = Runs.Whole(samples);
        output.WriteLine($"{samples.Length} samples, {report.Cycles.Count} cycles, {report.Steps.Count} steps, {report.Pulses.Count} pulses");

        Assert.InRange(report.Steps.Count, 1, mostOfACycle * Math.Max(1, report.Cycles.Count));
        Assert.Equal(Enumerable.Range(1, report.Steps.Count), report.Steps.Select(step => step.Index));
        Assert.Equal(report.Steps.OrderBy(step => step.Cycle ?? 0).Where(step => step.Cycle is not null), report.Steps.Where(step => step.Cycle is not null));
        Assert.InRange(report.Steps.Sum(step => step.SampleCount), 1, samples.Length);
        foreach (CycleSummary cycle in report.Cycles)
        {
            StepSummary[] charge = [.. report.Steps.Where(step => step.Cycle == cycle.Index && step.Half == StepKind.Charge)];
            StepSummary[] discharge = [.. report.Steps.Where(step => step.Cycle == cycle.Index && step.Half == StepKind.Discharge)];
            AssertSum(cycle.ChargeCapacityAh, charge.Sum(step => step.ChargeAh), $"charge of cycle {cycle.Index}");
            AssertSum(cycle.DischargeCapacityAh, discharge.Sum(step => step.DischargeAh), $"discharge of cycle {cycle.Index}");
            AssertSum(cycle.ChargeEnergyWh, charge.Sum(step => step.ChargeEnergyWh), $"charge energy of cycle {cycle.Index}");
            AssertSum(cycle.DischargeEnergyWh, discharge.Sum(step => step.DischargeEnergyWh), $"discharge energy of cycle {cycle.Index}");
            AssertSum(cycle.ConstantVoltageChargeAh, charge.Sum(step => step.ConstantVoltageAh), $"held charge of cycle {cycle.Index}");
        }
    }

    [Fact]
    public void EverySampleWithACurrent_IsInOneStep()
    {
        Sample[] samples = RealSeries.Load("neware_ife_20cyc");
        ReportCollector report = Runs.Whole(samples);
        Assert.Equal(
            samples.Count(sample => sample.IsGood(SampleColumns.Current) && sample.IsGood(SampleColumns.Voltage)),
            report.Steps.Sum(step => step.SampleCount));
        for (int i = 1; i < report.Steps.Count; i++)
        {
            Assert.True(report.Steps[i].StartMicroseconds >= report.Steps[i - 1].EndMicroseconds, $"step {i + 1} begins before {i} ends");
        }
    }

    private static void AssertSum(double? expected, double sum, string what)
    {
        if (expected is { } known)
        {
            Assert.True(Math.Abs(sum - known) <= 1e-9 * Math.Abs(known), $"{what}: {sum:R} in the steps, {known:R} in the cycle");
        }
    }
}
