using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Measurement;

namespace PouchMonitor.Simulation.Tests;

/// <summary>
/// Cells without a cathode: what the papers print, within 2 %, measured by the product's own analysis from voltage and
/// current alone.
/// </summary>
public sealed class LithiumFigureTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    /// <summary>Average efficiency after Aurbach, from the charges of the steps: (n Q_part + Q_last) / (n Q_part + Q_reservoir).</summary>
    [Theory]
    [InlineData("dne-li-cu", 0.985)]
    [InlineData("dne-li-cu-baseline", 0.943)]
    [InlineData("tve-li-cu", 0.989)]
    [InlineData("tve-li-cu-baseline", 0.971)]
    [InlineData("pota-li-cu", 0.9881)]
    [InlineData("pota-li-cu-baseline", 0.9064)]
    public void AurbachEfficiency_IsThePapers(string name, double published)
    {
        StepSummary[] flow = [.. Report(name, 10, 10).Steps.Where(step => step.Kind is StepKind.Charge or StepKind.Discharge)];

        // Conditioning is the first plating and stripping; what follows is reservoir, ten parts each way, and the last stripping.
        double plated = flow.Skip(2).Where(step => step.Kind == StepKind.Discharge).Sum(step => step.DischargeAh);
        double stripped = flow.Skip(2).Where(step => step.Kind == StepKind.Charge).Sum(step => step.ChargeAh);
        output.WriteLine($"{name}: {stripped / plated:P3}, published {published:P2}, {flow.Length} steps");

        // A tenth of what is lost and no more.
        Assert.Equal(published, stripped / plated, 0.1 * (1 - published));
    }

    [Theory]
    [InlineData("pota-li-cu-cycling", 0.98, 120)]
    [InlineData("pota-li-cu-cycling-baseline", 0.98, 43)]
    [InlineData("copc-li-cu", 0.98, 650)]
    public void CyclesAboveAnEfficiency_AreThePapers(string name, double efficiency, int publishedCycles)
    {
        CycleSummary[] cycles = [.. Report(name, publishedCycles + 20, 60).Cycles];
        int first = Array.FindIndex(cycles, cycle => cycle.CoulombicEfficiency < efficiency);
        output.WriteLine($"{name}: {first} cycles above {efficiency:P0}, published {publishedCycles}");
        Assert.InRange((double)first / publishedCycles, 1 - Tolerance, 1 + Tolerance);
    }

    [Fact]
    public void CopcOnCopper_AveragesThePapersEfficiencyAndOutlivesBareCopperThreeTimes()
    {
        CycleSummary[] improved = [.. Report("copc-li-cu", 650, 120).Cycles];
        CycleSummary[] baseline = [.. Report("copc-li-cu-baseline", 260, 120).Cycles];
        Assert.Equal(0.9885, improved.Average(cycle => cycle.CoulombicEfficiency!.Value), 0.001);
        Assert.InRange(Array.FindIndex(baseline, cycle => cycle.CoulombicEfficiency < 0.9), 1, 650 / 3);
    }

    [Theory]
    [InlineData("pota-nucleation", 49.0, 33.0)]
    [InlineData("pota-nucleation-baseline", 59.0, 45.0)]
    [InlineData("copc-nucleation", 59.7, null)]
    [InlineData("copc-nucleation-mof", 73.6, null)]
    [InlineData("copc-nucleation-baseline", 117.4, null)]
    public void Nucleation_IsThePapers(string name, double nucleationMv, double? plateauMv)
    {
        StepSummary plating = Report(name, 1, 1).Steps.First(step => step.Kind == StepKind.Discharge);
        output.WriteLine($"{name}: {-1000 * plating.FirstVoltageV:F2} mV, then {-1000 * plating.LastVoltageV:F2} mV");
        Assert.InRange(-1000 * plating.FirstVoltageV / nucleationMv, 1 - Tolerance, 1 + Tolerance);
        if (plateauMv is { } plateau)
        {
            Assert.InRange(-1000 * plating.LastVoltageV / plateau, 1 - Tolerance, 1 + Tolerance);
        }
    }

    [Theory]
    [InlineData("tve-li-li", 0, 1300, 30)]
    [InlineData("ispn-li-li", 0, 1900, 20)]
    [InlineData("ispn-li-li-baseline", 0, 490, 50)]
    [InlineData("pota-li-li-2ma", 0, 6600, 75)]
    public void SymmetricPlateau_StaysAtThePapersForThePapersHours(string name, double fromHours, double toHours, double publishedMv)
    {
        double[] plateaus = [.. Plateaus(name, toHours - fromHours).Select(plateau => plateau.Millivolts)];
        output.WriteLine($"{name}: {plateaus.Min():F2} to {plateaus.Max():F2} mV in {plateaus.Length} half cycles");
        Assert.InRange(plateaus.Min() / publishedMv, 1 - Tolerance, 1 + Tolerance);
        Assert.InRange(plateaus.Max() / publishedMv, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData("ispn-li-li-baseline", 501)]
    [InlineData("pota-li-li-baseline", 308)]
    [InlineData("pota-li-li-5ma-baseline", 390)]
    [InlineData("copc-li-li-mof", 1000)]
    public void SymmetricShort_ComesAtThePapersHour(string name, double publishedHours)
    {
        (double Hours, double Millivolts)[] plateaus = [.. Plateaus(name, publishedHours + 20)];
        int shorted = Enumerable.Range(1, plateaus.Length - 1).First(i => plateaus[i].Millivolts < 0.5 * plateaus[i - 1].Millivolts);
        output.WriteLine($"{name}: {plateaus[shorted - 1].Millivolts:F0} mV, short at {plateaus[shorted].Hours:F1} h");
        Assert.InRange(plateaus[shorted].Hours / publishedHours, 1 - Tolerance, 1 + Tolerance);
    }

    [Fact]
    public void BareLithium_RisesFrom40To1700MillivoltsBeforeItsShort()
    {
        (double Hours, double Millivolts)[] plateaus = [.. Plateaus("pota-li-li-baseline", 307)];
        Assert.InRange(plateaus[0].Millivolts / 40, 1 - Tolerance, 1 + Tolerance);
        Assert.InRange(plateaus[^1].Millivolts / 1700, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData("pota-li-li", 6250)]
    [InlineData("pota-li-li-5ma", 6300)]
    [InlineData("copc-li-li", 2000)]
    public void ImprovedSymmetricCell_DoesNotShort(string name, double hours)
    {
        (double Hours, double Millivolts)[] plateaus = [.. Plateaus(name, hours)];
        Assert.True(plateaus[^1].Hours > 0.98 * hours);
        Assert.All(Enumerable.Range(1, plateaus.Length - 1), i => Assert.True(plateaus[i].Millivolts > 0.8 * plateaus[i - 1].Millivolts));
    }

    [Fact]
    public void BareLithiumOfPaperE_HasItsOvervoltageAfterFiveCycles()
    {
        (double Hours, double Millivolts)[] plateaus = [.. Plateaus("copc-li-li-baseline", 30)];
        Assert.All(plateaus.Where(plateau => plateau.Hours < 10), plateau => Assert.True(plateau.Millivolts < 100));
        Assert.True(plateaus.Last().Millivolts > 300);
    }

    [Theory]
    [InlineData("ispn-li-li", 231.91)]
    [InlineData("ispn-li-li-baseline", 410.92)]
    public void Interface_HasThePapersResistanceAfter200Hours(string name, double publishedOhm)
    {
        PulseResistance[] pulses = [.. Report(name, 3, 1, firstHours: 200).Pulses.Where(pulse => pulse.R0Ohm is not null)];
        output.WriteLine($"{name}: {pulses.Length} pulses, R0 {pulses.FirstOrDefault()?.R0Ohm:F2} Ohm");
        Assert.InRange(pulses[0].R0Ohm!.Value / publishedOhm, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData("ispn-ccd", 1.7)]
    [InlineData("ispn-ccd-baseline", 0.3)]
    public void CriticalCurrentDensity_IsThePapers(string name, double publishedMaPerCm2)
    {
        StepSummary[] flow = [.. Report(name, 20, 10).Steps.Where(step => step.Kind is StepKind.Charge or StepKind.Discharge)];
        double[] ohms = [.. flow.Select(step => step.MeanVoltageV / Math.Abs(step.MeanCurrentA))];
        int shorted = Enumerable.Range(1, ohms.Length - 1).First(i => Math.Abs(ohms[i]) < 0.5 * Math.Abs(ohms[i - 1]));
        double density = Math.Abs(flow[shorted].MeanCurrentA) * 1000 / EmulatedLithiumCells.Create(name).AreaCm2;
        output.WriteLine($"{name}: {density:F3} mA/cm2");
        Assert.InRange(density / publishedMaPerCm2, 1 - Tolerance, 1 + Tolerance);
    }

    /// <summary>Hour and mean amplitude of each half cycle.</summary>
    private static IEnumerable<(double Hours, double Millivolts)> Plateaus(string name, double hours) =>
        Report(name, (int)(hours / 2), 300).Steps
            .Where(step => step.Kind is StepKind.Charge or StepKind.Discharge)
            .Select(step => (step.EndMicroseconds / 3.6e9, 1000 * Math.Abs(step.MeanVoltageV)));

    private static ReportCollector Report(string name, int cycles, double intervalS, double firstHours = 0)
    {
        LithiumCellProfile cell = EmulatedLithiumCells.Create(name);
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(
            new CellProfile { Name = "unknown", Kind = cell.IsSymmetric ? CellKind.Symmetric : CellKind.Half }, collector);
        long number = 0;
        foreach (LithiumRecord record in LithiumRun.Records(cell, cycles, intervalS, firstHours))
        {
            var sample = new Sample
            {
                Number = number++, TimeMicroseconds = (long)Math.Round(record.TimeS * 1e6), States = SensorStates.AllAbsent,
            };
            sample.Values[SampleColumns.Voltage] = record.VoltageV;
            sample.Values[SampleColumns.Current] = record.CurrentA;
            sample.States = SensorStates.With(sample.States, SampleColumns.Voltage, SensorState.Good);
            sample.States = SensorStates.With(sample.States, SampleColumns.Current, SensorState.Good);
            analysis.Add(sample);
        }

        analysis.Complete();
        return collector;
    }
}
