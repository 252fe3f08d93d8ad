using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Steps;

/// <summary>What a step says, worked out by hand, and that what is no step makes none.</summary>
public sealed class StepTests
{
    [Fact]
    public void ACycle_HasItsFourSteps_WithTheFiguresOfTheProtocol()
    {
        ReportCollector report = Runs.Whole(new CellTrace().Cycle().Cycle().ToArray());
        Assert.Equal(2, report.Cycles.Count);
        Assert.Equal(
            [
                (1, 1, StepKind.Charge, StepKind.Rest, StepMode.Unknown), (2, 1, StepKind.Charge, StepKind.Charge, StepMode.ConstantCurrent),
                (3, 1, StepKind.Charge, StepKind.Rest, StepMode.Unknown), (4, 1, StepKind.Discharge, StepKind.Discharge, StepMode.ConstantCurrent),
                (5, 1, StepKind.Discharge, StepKind.Rest, StepMode.Unknown), (6, 2, StepKind.Charge, StepKind.Charge, StepMode.ConstantCurrent),
                (7, 2, StepKind.Charge, StepKind.Rest, StepMode.Unknown), (8, 2, StepKind.Discharge, StepKind.Discharge, StepMode.ConstantCurrent),
            ],
            report.Steps.Select(step => (step.Index, step.Cycle ?? 0, step.Half ?? StepKind.Unknown, step.Kind, step.Mode)));
        StepSummary charge = report.Steps[1];
        Assert.Equal(1, charge.ChargeAh, 1e-9);
        Assert.Equal(0, charge.DischargeAh);
        Assert.Equal(1, charge.MeanCurrentA, 1e-9);
        Assert.Equal(3.6, charge.MeanVoltageV, 1e-3); // 3.0 to 4.0 V and 0.1 Ohm at 1 A.
        Assert.Equal((301L * 1_000_000, 3900L * 1_000_000, 3600L), (charge.StartMicroseconds, charge.EndMicroseconds, charge.SampleCount));
        Assert.Equal((25.0, 25.0), (charge.MinTemperatureC, charge.MaxTemperatureC));
        Assert.Equal(4.1, charge.LastVoltageV, 1e-9);
        Assert.Equal(CycleQuality.Complete, charge.Quality);
        StepSummary rest = report.Steps[2];
        Assert.Equal((0.0, 0.0, 0.0), (rest.ChargeAh, rest.DischargeAh, rest.MeanCurrentA));
        Assert.Equal(4.0, rest.MeanVoltageV, 1e-3);
        Assert.Equal(CycleQuality.Partial, report.Steps[^1].Quality);
    }

    [Fact]
    public void AHeldVoltage_IsPartOfItsCharge()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(300).Charge(1, 3000);
        double voltageV = trace.OpenCircuitV + 0.1;
        for (double currentA = 1; currentA > 0.05; currentA *= 0.99)
        {
            trace.Skip(1).Record(voltageV, currentA);
        }

        trace.Rest(60).Discharge(1, 3000);
        ReportCollector report = Runs.Whole(trace.ToArray());
        StepSummary charge = report.Steps.Single(step => step is { Cycle: 2, Kind: StepKind.Charge });
        Assert.Equal(StepMode.ConstantCurrentConstantVoltage, charge.Mode);
        Assert.Equal(report.Cycles.Last().ConstantVoltageChargeAh!.Value, charge.ConstantVoltageAh, 1e-12);
        Assert.InRange(charge.ConstantVoltageAh, 0.02, 0.03);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-3)]
    public void NoiseAtRest_IsOneRest(double offset)
    {
        const int seed = 1;
        CellTrace trace = new();
        new NodeRest(seed) { NoiseA = 80e-6, OffsetA = offset * 0.01 }.AppendTo(trace, 36_000);
        StepSummary[] alone = [.. Runs.Whole(trace.ToArray()).Steps];
        Assert.InRange(alone.Length, 1, 20);
        Assert.All(alone, step => Assert.Equal((null, StepKind.Rest, 0.0), (step.Cycle, step.Kind, step.ChargeAh)));
        Assert.Equal(36_000, alone.Sum(step => step.SampleCount));

        ReportCollector cycled = Runs.Whole(trace.Cycle().Cycle().ToArray());
        Assert.Equal(2, cycled.Cycles.Count);
        Assert.InRange(cycled.Steps.Count, 8, 8 + alone.Length);
        Assert.Equal(1, cycled.Steps.First(step => step.Kind != StepKind.Rest).Cycle);
        Assert.Equal(36_000 + (2 * 7800), cycled.Steps.Sum(step => step.SampleCount));
    }

    [Fact]
    public void Blips_JoinTheStepTheyInterrupt()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(300);
        for (int i = 0; i < 1000; i++)
        {
            trace.Charge(1, 2).Rest(1).Charge(1, 1).Discharge(0.5, 1);
        }

        trace.Rest(300).Discharge(1, 2000);
        ReportCollector report = Runs.Whole(trace.ToArray());
        StepSummary[] second = [.. report.Steps.Where(step => step.Cycle == 2)];
        StepSummary charge = second.Single(step => step.Kind == StepKind.Charge && step.ChargeAh > 0.1);
        Assert.InRange(second.Length, 3, 8);
        Assert.Equal(CycleQuality.Unusual, charge.Quality);
        Assert.InRange(charge.DischargeAh, 490.0 / 3600, 501.0 / 3600);
        Assert.Equal(report.Cycles.Last().ChargeCapacityAh!.Value, second.Where(step => step.Half == StepKind.Charge).Sum(step => step.ChargeAh), 1e-9);
    }

    [Fact]
    public void MoreStepsThanAreHeld_AreSummedInTheLast()
    {
        CellTrace trace = new();
        for (int i = 0; i < 2000; i++)
        {
            trace.Charge(1, 20).Rest(20);
        }

        ReportCollector report = Runs.Whole(trace.Discharge(1, 30_000).ToArray());
        CycleSummary cycle = Assert.Single(report.Cycles);
        Assert.InRange(report.Steps.Count, StepBook.MostHeld, StepBook.MostHeld + 4);
        Assert.Equal(cycle.ChargeCapacityAh!.Value, report.Steps.Where(step => step.Half == StepKind.Charge).Sum(step => step.ChargeAh), 1e-9);
        Assert.Equal(cycle.DischargeCapacityAh!.Value, report.Steps.Where(step => step.Half == StepKind.Discharge).Sum(step => step.DischargeAh), 1e-9);
        Assert.Contains(report.Steps, step => step.QualityReason.Contains("too many", StringComparison.Ordinal));
    }

    [Fact]
    public void AGap_AndTimeThatRunsBackwards_AreToldAndNotCounted()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(300).Charge(1, 600).Skip(1000).Charge(1, 600);
        trace.TimeSeconds -= 5000;
        trace.Charge(1, 600).Rest(300).Discharge(1, 1800);
        StepSummary[] second = [.. Runs.Whole(trace.ToArray()).Steps.Where(step => step.Cycle == 2)];
        StepSummary charge = second.Single(step => step.Kind == StepKind.Charge);
        Assert.Equal(CycleQuality.Gapped, charge.Quality);
        Assert.InRange(charge.ChargeAh, 1780.0 / 3600, 1799.0 / 3600);
        Assert.Equal(1, charge.MeanCurrentA, 1e-9);
    }

    [Fact]
    public void ATestOfRestAlone_IsOneStepOfNoCycle()
    {
        StepSummary rest = Assert.Single(Runs.Whole(new CellTrace().Rest(600).ToArray()).Steps);
        Assert.Equal((1, null, StepKind.Rest, CycleQuality.Partial), (rest.Index, rest.Cycle, rest.Kind, rest.Quality));
    }

    /// <summary>Saved by the program of before steps, after half of four cycles.</summary>
    [Fact]
    public void ASnapshotOfBeforeSteps_IsLoaded_AndSaysWhatItLacks()
    {
        CellTrace trace = new() { IntervalSeconds = 10 };
        trace.Cycle().Cycle().Cycle().Cycle();
        ReportCollector whole = Runs.Whole(trace.ToArray());
        ReportCollector rest = new();
        ChannelAnalysis analysis = new(Runs.Unknown, rest);
        using (var reader = new BinaryReader(typeof(StepTests).Assembly.GetManifestResourceStream("analysis-layout2.bin")!))
        {
            analysis.Load(reader);
        }

        Assert.False(analysis.HasWholeSteps);
        using (MemoryStream again = new())
        {
            analysis.Save(new BinaryWriter(again));
            again.Position = 0;
            analysis.Load(new BinaryReader(again));
        }

        foreach (Sample sample in trace.ToArray().AsSpan(trace.Count / 2))
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        Assert.False(analysis.HasWholeSteps);
        Assert.Equal(whole.Cycles.Skip(1), rest.Cycles.Skip(rest.Cycles.Count - whole.Cycles.Count + 1));
        Assert.NotEmpty(rest.Steps);
        Assert.True(rest.Steps.Count < whole.Steps.Count);
    }
}
