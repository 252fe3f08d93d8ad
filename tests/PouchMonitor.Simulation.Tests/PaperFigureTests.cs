using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Simulation.Tests;

/// <summary>
/// Cells with a cathode: what the papers print, within 2 % of the printed figure, measured by the product's own analysis.
/// A comment names the paper by the letter of the catalogue. Where a paper has no figure, only the tendency is asserted.
/// </summary>
public sealed class PaperFigureTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    [Theory]
    //// Paper A.
    [InlineData("dne-pouch", 1, 100, 0.988)]
    [InlineData("dne-4v7", 1, 100, 0.8576)]
    [InlineData("dne-4v7", 1, 200, 0.7743)]
    [InlineData("dne-4v7-baseline", 1, 100, 0.6784)]
    [InlineData("dne-60c", 1, 250, 0.82)]
    [InlineData("dne-60c-baseline", 1, 250, 0.33)]
    [InlineData("dne-60c-4v5", 1, 300, 0.70)]
    [InlineData("dne-4v5", 1, 300, 0.83)]
    [InlineData("dne-5c", 1, 500, 0.7622)]
    [InlineData("dne-5c-baseline", 1, 331, 0.3496)]
    //// Paper B.
    [InlineData("tve-pouch", 1, 100, 0.913)]
    [InlineData("tve-4v6", 1, 300, 0.81)]
    [InlineData("tve-4v6-baseline", 1, 119, 0.80)]
    [InlineData("tve-50c", 1, 300, 0.802)]
    //// Paper C; at 5 C after five cycles at 1 C the sixth is the reference, and cycles 300 and 850 are at 10 C.
    [InlineData("ispn-622-5c", 6, 165, 0.97465)]
    [InlineData("ispn-622-2c", 1, 435, 0.80)]
    [InlineData("ispn-622-1c", 1, 600, 0.754)]
    [InlineData("ispn-622-1c-baseline", 1, 185, 0.58)]
    [InlineData("ispn-622-rate-baseline", 1, 50, 0.70)]
    [InlineData("ispn-811", 1, 150, 0.8118)]
    [InlineData("ispn-811-thick", 1, 90, 0.825)]
    [InlineData("ispn-lfp-10c", 1, 850, 0.7957)]
    [InlineData("ispn-lfp-10c-baseline", 1, 300, 0.462)]
    [InlineData("ispn-lfp-2c", 1, 1300, 0.8751)]
    //// Paper D.
    [InlineData("pota-lco", 1, 1400, 0.80)]
    [InlineData("pota-lco-baseline", 1, 220, 0.12)]
    [InlineData("pota-lco-lean", 1, 100, 0.96)]
    [InlineData("pota-lco-lean-baseline", 1, 100, 0.51)]
    [InlineData("pota-811", 1, 1000, 0.70)]
    //// Paper E.
    [InlineData("copc-lfp-3c", 1, 600, 0.9758)]
    [InlineData("copc-lfp-20c", 1, 9000, 0.9518)]
    public void Retention_IsThePapers(string name, int reference, int cycle, double published)
    {
        double retention = AnalysedCell.CapacityAh(name, cycle) / AnalysedCell.CapacityAh(name, reference);
        output.WriteLine($"{name}: {retention:P3} at {cycle}, published {published:P2}");
        Assert.InRange(retention / published, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData("dne-5c", 1, 156)]
    [InlineData("dne-5c-baseline", 1, 142)]
    [InlineData("tve-4v6", 1, 238.9)]
    [InlineData("tve-4v6-baseline", 1, 239.1)]
    [InlineData("tve-cold", 1000, 81.8)]
    [InlineData("tve-cold-40c", 1, 87.9)]
    [InlineData("tve-cold-40c", 160, 87.9)]
    [InlineData("tve-6c", 1, 160.8)]
    [InlineData("ispn-622-5c", 6, 149.9)]
    [InlineData("ispn-622-5c", 165, 146.1)]
    [InlineData("ispn-622-rate", 1, 165)]
    [InlineData("ispn-622-rate", 6, 157.5)]
    [InlineData("ispn-622-rate", 11, 151.5)]
    [InlineData("ispn-622-rate", 16, 147.1)]
    [InlineData("ispn-622-rate", 21, 143.3)]
    [InlineData("ispn-622-rate", 26, 165)]
    [InlineData("ispn-622-rate", 50, 165)]
    [InlineData("ispn-lfp-2c", 1, 132)]
    [InlineData("ispn-lfp-2c-baseline", 1, 120)]
    [InlineData("ispn-lfp-rate", 1, 139)]
    [InlineData("ispn-lfp-rate", 6, 124)]
    [InlineData("ispn-lfp-rate", 11, 108.9)]
    [InlineData("ispn-lfp-rate", 16, 99)]
    [InlineData("ispn-lfp-rate", 21, 89.2)]
    [InlineData("ispn-lfp-rate", 26, 81.9)]
    [InlineData("pota-lco-rate", 1, 186.2)]
    [InlineData("pota-lco-rate", 16, 154.2)]
    [InlineData("pota-811", 1000, 110)]
    [InlineData("copc-lfp-rate", 1, 162.65)]
    [InlineData("copc-lfp-rate", 6, 149.81)]
    [InlineData("copc-lfp-rate", 11, 137.71)]
    [InlineData("copc-lfp-rate", 16, 118.05)]
    [InlineData("copc-lfp-rate", 21, 149.57)]
    [InlineData("copc-lfp-rate-baseline", 16, 118.05 / 1.4)]
    public void SpecificCapacity_IsThePapers(string name, int cycle, double publishedMahPerG)
    {
        double measured = AnalysedCell.MahPerG(name, cycle);
        output.WriteLine($"{name}: {measured:F2} mAh/g at {cycle}, published {publishedMahPerG}");
        Assert.InRange(measured / publishedMahPerG, 1 - Tolerance, 1 + Tolerance);
    }

    /// <summary>Also in one run from the first cycle on, where each rate follows the one before.</summary>
    [Theory]
    [InlineData("ispn-622-rate", new[] { 3, 165, 8, 157.5, 13, 151.5, 18, 147.1, 23, 143.3, 28, 165 })]
    [InlineData("ispn-lfp-rate", new[] { 3, 139, 8, 124, 13, 108.9, 18, 99, 23, 89.2, 28, 81.9, 33, 139 })]
    [InlineData("copc-lfp-rate", new[] { 3, 162.65, 8, 149.81, 13, 137.71, 18, 118.05, 23, 149.57 })]
    public void RateSeries_InOneRunIsThePapers(string name, double[] cyclesAndCapacities)
    {
        CycleSummary[] cycles = AnalysedCell.Cycles(name, 1, (int)cyclesAndCapacities[^2] + 1, finerBy: 1);
        for (int i = 0; i < cyclesAndCapacities.Length; i += 2)
        {
            double measured = AnalysedCell.MahPerG(name, cycles[(int)cyclesAndCapacities[i] - 1].DischargeCapacityAh!.Value);
            output.WriteLine($"{name}: {measured:F2} mAh/g at {cyclesAndCapacities[i]}, published {cyclesAndCapacities[i + 1]}");
            Assert.InRange(measured / cyclesAndCapacities[i + 1], 1 - Tolerance, 1 + Tolerance);
        }
    }

    [Theory]
    [InlineData("ispn-622-2c", 0.994)]
    [InlineData("ispn-lfp-2c", 0.999)]
    [InlineData("ispn-lfp-2c-baseline", 0.954)]
    public void CoulombicEfficiency_IsThePapers(string name, double published)
    {
        CycleSummary[] cycles = AnalysedCell.Cycles(name, 20, 3, finerBy: 16);
        output.WriteLine($"{name}: {cycles[1].CoulombicEfficiency:P3}, published {published:P1}");

        // Two per cent of an efficiency says nothing; of what is lost it does.
        Assert.Equal(published, cycles[1].CoulombicEfficiency!.Value, 0.0006);
    }

    /// <summary>Papers C and D, "above": pota-lco 98 %, pota-811 99 %, copc-lfp and copc-lfp-thick 90 % of the first capacity.</summary>
    [Fact]
    public void WhatIsPrintedAsAbove_IsAbove()
    {
        Assert.True(AnalysedCell.Cycles("pota-lco", 700, 3)[1].CoulombicEfficiency > 0.98);
        Assert.True(AnalysedCell.Cycles("pota-811", 500, 3)[1].CoulombicEfficiency > 0.99);
        Assert.True(AnalysedCell.CapacityAh("copc-lfp", 1000) / AnalysedCell.CapacityAh("copc-lfp", 1) > 0.90);
        Assert.InRange(AnalysedCell.CapacityAh("copc-lfp-thick", 350) / AnalysedCell.CapacityAh("copc-lfp-thick", 1), 0.90, 0.94);
    }

    /// <summary>Paper D: impedance of the interphase and of the charge transfer, as resistances at once and after it.</summary>
    [Theory]
    [InlineData("pota-811-eis", 1, 9.77, 29.72)]
    [InlineData("pota-811-eis", 100, 17.21, 49.55)]
    [InlineData("pota-811-eis-baseline", 1, 34.31, 51.82)]
    [InlineData("pota-811-eis-baseline", 100, 70.35, 146.05)]
    public void Resistances_AreThePapers(string name, int cycle, double interphaseOhm, double transferOhm)
    {
        ReportCollector report = AnalysedCell.Report(name, cycle, 1, finerBy: 180);
        PulseResistance pulse = report.Pulses.First(p => p.CurrentA < 0);
        output.WriteLine($"{name} at {cycle}: R0 {pulse.R0Ohm:F2}, R18 {pulse.R18sOhm:F2}, R30 {pulse.R30sOhm:F2} Ohm");

        // The first sample lies 0.1 s after the edge and already holds 1 - exp(-0.1 / 2) of the charge transfer.
        double atOnce = pulse.R0Ohm!.Value - (transferOhm * (1 - Math.Exp(-0.1 / 2)));

        // From 18 to 30 s only the open-circuit voltage moves, and did so from the start.
        double settled = pulse.R18sOhm!.Value - ((pulse.R30sOhm!.Value - pulse.R18sOhm.Value) * 18 / 12);
        Assert.InRange(atOnce / interphaseOhm, 1 - Tolerance, 1 + Tolerance);
        Assert.InRange((settled - atOnce) / transferOhm, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData("dne-dqdv", 100)]
    [InlineData("tve-50c", 110)]
    [InlineData("ispn-622-rate", 21)]
    [InlineData("ispn-lfp-rate", 26)]
    [InlineData("pota-lco-rate", 16)]
    [InlineData("pota-811", 180)]
    [InlineData("copc-lfp", 300)]
    public void BaselineWithoutAFigure_IsWorse(string name, int cycle)
    {
        CycleSummary improved = AnalysedCell.Cycles(name, cycle, 1)[0];
        CycleSummary baseline = AnalysedCell.Cycles(name + "-baseline", cycle, 1)[0];
        Assert.True(baseline.DischargeCapacityAh < 0.95 * improved.DischargeCapacityAh);
    }
}
