using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Cycles;

/// <summary>Cycles of a made-up cell whose integrals can be worked out by hand.</summary>
public sealed class CycleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(300)]
    public void FullCycle_HasTheChargeThatFlowedAtAnyInterval(double intervalSeconds)
    {
        CellTrace trace = new CellTrace { IntervalSeconds = intervalSeconds }.Cycle().Rest(600);

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.ToArray()).Cycles);

        Assert.Equal(1, cycle.Index);
        Assert.Equal(CycleQuality.Complete, cycle.Quality);
        Assert.Equal(1, cycle.ChargeCapacityAh!.Value, 1e-9);
        Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-9);
        Assert.Equal(1, cycle.CoulombicEfficiency!.Value, 1e-9);
        Assert.Equal(2 * 1 * 0.1, cycle.PolarizationV!.Value, 0.002 + (intervalSeconds / 3600));
        Assert.Equal(25, cycle.MaxTemperatureC);
        Assert.Null(cycle.CoulombicEfficiencyUncertainty);
        Assert.Null(cycle.ConstantVoltageChargeAh);
    }

    [Fact]
    public void EnergyFigures_AreThoseOfTheMadeUpCell()
    {
        // 1 A through 0.1 Ohm around a mean open-circuit voltage of 3.5 V: 3.6 V in, 3.4 V out, over two hours and a rest.
        CellTrace trace = new CellTrace().Cycle();
        CycleSummary cycle = Assert.Single(Runs.Whole(trace.ToArray(), new CellProfile { Name = "ten grams", MassG = 10 }).Cycles);

        Assert.Equal(3.4 / 3.6, cycle.EnergyEfficiency!.Value, 1e-4);
        Assert.Equal(340, cycle.SpecificEnergyWhPerKg!.Value, 0.1);
        Assert.Equal((1 - cycle.CoulombicEfficiency!.Value) / (7500 / 3600.0), cycle.InefficiencyPerHour!.Value, 1e-3);
        Assert.Null(Assert.Single(Runs.Whole(trace.ToArray()).Cycles).SpecificEnergyWhPerKg);
    }

    [Fact]
    public void EnergyIsTheSumOfVoltageTimesCharge()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(60);

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.ToArray()).Cycles);

        // Open-circuit mean 3.5 V over 1 Ah, 0.1 V lost each way.
        Assert.Equal(3.6, cycle.ChargeEnergyWh!.Value, 2e-4);
        Assert.Equal(3.4, cycle.DischargeEnergyWh!.Value, 2e-4);
        Assert.Equal(3.6, cycle.MeanChargeVoltageV!.Value, 2e-4);
        Assert.Equal(3.4, cycle.MeanDischargeVoltageV!.Value, 2e-4);
    }

    [Fact]
    public void EqualTimesAtAnEdge_CarryNoCharge()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 30 }.Rest(300).Record(3.05, 1).Charge(1, 3600)
            .Record(3.9, 0).Rest(300).Record(3.9, -1).Discharge(1, 3600).Record(3.0, 0).Rest(300);

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.ToArray()).Cycles);

        Assert.Equal(1, cycle.ChargeCapacityAh!.Value, 1e-9);
        Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-9);
    }

    [Theory]
    [InlineData(59, CycleQuality.Complete)]
    [InlineData(60, CycleQuality.Complete)]
    [InlineData(61, CycleQuality.Gapped)]
    public void OutageUnderCurrent_IsBridgedUpToTheRuleAndNoFurther(double outageSeconds, CycleQuality quality)
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 1000);
        int from = trace.Count;
        trace.Charge(1, outageSeconds - 1);
        Sample[] before = [.. trace.Samples.Take(from)];
        int after = trace.Count;
        trace.Charge(1, 3600 - 1000 - (outageSeconds - 1)).Rest(60).Discharge(1, 3600).Rest(60);
        Sample[] samples = [.. before, .. trace.Samples.Skip(after)];

        CycleSummary cycle = Assert.Single(Runs.Whole(samples).Cycles);

        Assert.Equal(quality, cycle.Quality);
        double missing = quality == CycleQuality.Gapped ? outageSeconds / 3600 : 0;
        Assert.Equal(1 - missing, cycle.ChargeCapacityAh!.Value, 1e-9);
        Assert.Equal(quality == CycleQuality.Gapped, cycle.CoulombicEfficiency is null);
        Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void LongGapUnderCurrent_LeavesNoCapacity()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 1000);
        int from = trace.Count;
        trace.Charge(1, 1800);
        int after = trace.Count;
        trace.Charge(1, 800).Rest(60).Discharge(1, 3600).Rest(60);

        CycleSummary cycle = Assert.Single(Runs.Whole([.. trace.Samples.Take(from), .. trace.Samples.Skip(after)]).Cycles);

        Assert.Equal(CycleQuality.Gapped, cycle.Quality);
        Assert.Null(cycle.ChargeCapacityAh);
        Assert.Contains("1801 s", cycle.QualityReason, StringComparison.Ordinal);
    }

    [Fact]
    public void DaysOfRestWithoutRecords_SpoilNothing()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(60).Skip(400_000).Rest(60).Discharge(1, 3600).Rest(60);

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.ToArray()).Cycles);

        Assert.Equal(CycleQuality.Complete, cycle.Quality);
        Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void ChargeThatLiesInAGapOfRest_StillSeparatesTwoDischarges()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(60).Discharge(1, 3600).Rest(60);
        int from = trace.Count;
        trace.Charge(1, 3600).Rest(3600);
        int after = trace.Count;
        trace.Rest(60).Discharge(1, 3600).Rest(60);

        CycleSummary[] cycles = [.. Runs.Whole([.. trace.Samples.Take(from), .. trace.Samples.Skip(after)]).Cycles];

        Assert.Equal(2, cycles.Length);
        Assert.Equal(1, cycles[0].DischargeCapacityAh!.Value, 1e-9);
        Assert.Null(cycles[1].ChargeCapacityAh);
        Assert.Equal(1, cycles[1].DischargeCapacityAh!.Value, 1e-9);
        Assert.Equal(CycleQuality.Partial, cycles[1].Quality);
    }

    [Fact]
    public void DischargeThatLiesInAGapOfRest_LeavesTheChargeAroundItUnknown()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(60).Discharge(1, 3600).Rest(60).Charge(1, 3600).Rest(300);
        int from = trace.Count;
        trace.Discharge(1, 3600).Rest(3600);
        int after = trace.Count;
        trace.Rest(60).Charge(1, 3600).Rest(60).Discharge(1, 3600).Rest(60);

        CycleSummary[] cycles = [.. Runs.Whole([.. trace.Samples.Take(from), .. trace.Samples.Skip(after)]).Cycles];

        Assert.Equal(2, cycles.Length);
        Assert.Equal(CycleQuality.Complete, cycles[0].Quality);
        Assert.Equal(CycleQuality.Gapped, cycles[1].Quality);
        Assert.Null(cycles[1].ChargeCapacityAh);
        Assert.Contains("gap of 72", cycles[1].QualityReason, StringComparison.Ordinal);
        Assert.Equal(1, cycles[1].DischargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void PulsesBothWays_MakeNoCycles()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(60);
        for (int i = 0; i < 9; i++)
        {
            trace.Discharge(1, 360).Rest(60).Discharge(1, 18).Rest(40).Charge(0.75, 20).Rest(60);
        }

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.Discharge(1, 200).Rest(60).ToArray()).Cycles);

        Assert.Equal(CycleQuality.Unusual, cycle.Quality);
    }

    [Fact]
    public void BlipBeforeTheCharge_BelongsToNoCycle()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 2 }.Rest(60);
        for (int i = 0; i < 3; i++)
        {
            trace.Discharge(4, 2).Charge(1, 3600).Rest(60).Discharge(1, 3600).Rest(60);
        }

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray()).Cycles];

        Assert.Equal(3, cycles.Length);
        Assert.All(cycles, cycle => Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-9));
        Assert.All(cycles, cycle => Assert.Equal(1, cycle.ChargeCapacityAh!.Value, 1e-9));
        Assert.All(cycles, cycle => Assert.Equal(CycleQuality.Complete, cycle.Quality));
    }

    [Theory]
    [InlineData(179, 1)]
    [InlineData(182, 2)]
    public void FivePercentOfTheCapacitySeen_TurnsAHalf(double backSeconds, int cycles)
    {
        CellTrace trace = new CellTrace().Charge(1, 3600).Rest(60).Discharge(1, 1800).Charge(1, backSeconds).Discharge(1, 1800).Rest(60);

        Assert.Equal(cycles, Runs.Whole(trace.ToArray()).Cycles.Count);
    }

    [Fact]
    public void TestThatOpensWithADischarge_HasItAsCycleOneWithNullCharge()
    {
        CellTrace trace = new CellTrace().Rest(60).Discharge(1, 1800).Cycle().Rest(60);

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray()).Cycles];

        Assert.Equal(2, cycles.Length);
        Assert.Null(cycles[0].ChargeCapacityAh);
        Assert.Null(cycles[0].CoulombicEfficiency);
        Assert.Equal(0.5, cycles[0].DischargeCapacityAh!.Value, 1e-9);
        Assert.Equal(CycleQuality.Partial, cycles[0].Quality);
        Assert.Equal(1, cycles[1].CoulombicEfficiency!.Value, 1e-9);
    }

    [Fact]
    public void HalfCell_OpensItsCyclesWithTheDischargeAndInvertsTheEfficiency()
    {
        CellTrace trace = new CellTrace().Rest(60).Discharge(1, 3600).Rest(60).Charge(1, 3240).Rest(60)
            .Discharge(1, 3240).Rest(60).Charge(1, 3240).Rest(60);

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray(), new CellProfile { Name = "half", Kind = CellKind.Half }).Cycles];

        Assert.Equal(2, cycles.Length);
        Assert.Equal(0.9 / 1.0, cycles[0].CoulombicEfficiency!.Value, 1e-9);
        Assert.Equal(1, cycles[0].DischargeCapacityAh!.Value, 1e-9);
        Assert.Equal(0.9, cycles[0].ChargeCapacityAh!.Value, 1e-9);
        Assert.Contains("half cell", cycles[1].QualityReason, StringComparison.Ordinal);
    }

    [Fact]
    public void TestThatEndsWithinADischarge_SaysSo()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(60).Charge(1, 3600).Rest(60).Discharge(1, 1200);

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray()).Cycles];

        Assert.Equal(CycleQuality.Complete, cycles[0].Quality);
        Assert.Equal(CycleQuality.Partial, cycles[1].Quality);
        Assert.Equal(1.0 / 3, cycles[1].DischargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void ConstantVoltagePart_IsToldApartAndCounted()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3000);
        double held = trace.Samples[^1].Values[SampleColumns.Voltage];
        double current = 1;
        double heldC = 0;
        for (int i = 0; i < 600; i++)
        {
            double before = current;
            current *= 0.995;
            trace.TimeSeconds += 1;
            trace.Record(held, current);
            heldC += 0.5 * (before + current);
        }

        CycleSummary cycle = Assert.Single(Runs.Whole(trace.Rest(60).Discharge(1, 3000).Rest(60).ToArray()).Cycles);

        Assert.Equal(heldC / 3600, cycle.ConstantVoltageChargeAh!.Value, 0.03 * heldC / 3600);
        Assert.Equal((3000 + heldC) / 3600, cycle.ChargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void NoiseAtRest_IsRest()
    {
        const int Seed = 20260;
        var random = new Random(Seed);
        CellTrace trace = new CellTrace { IntervalSeconds = 2 }.Cycle(2).Rest(3600).Cycle(2).Rest(3600);
        for (int i = 0; i < trace.Count; i++)
        {
            trace.Spoil(i, SampleColumns.Current, trace.Samples[i].Values[SampleColumns.Current] + (0.004 * ((2 * random.NextDouble()) - 1)));
        }

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray()).Cycles];

        Assert.True(cycles.Length == 2, $"seed {Seed}: {cycles.Length} cycles");
        Assert.All(cycles, cycle => Assert.Equal(1, cycle.DischargeCapacityAh!.Value, 1e-4));
        Assert.All(cycles, cycle => Assert.Equal(CycleQuality.Complete, cycle.Quality));
    }

    [Fact]
    public void Progress_TellsWhereTheTestStands()
    {
        var analysis = new ChannelAnalysis(Runs.Unknown, new ReportCollector());
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(60).Discharge(1, 3600).Rest(60).Charge(1, 900);
        var seen = new List<(StepKind Step, int? Cycle, int Count)>();
        foreach (Sample sample in trace.Samples)
        {
            analysis.Add(sample);
            AnalysisProgress now = analysis.Progress;
            if (seen.Count == 0 || seen[^1] != (now.Step, now.RunningCycle, now.CycleCount))
            {
                seen.Add((now.Step, now.RunningCycle, now.CycleCount));
            }
        }

        Assert.Equal(
            [
                (StepKind.Rest, null, 0), (StepKind.Charge, 1, 0), (StepKind.Rest, 1, 0), (StepKind.Discharge, 1, 0),
                (StepKind.Rest, 1, 0), (StepKind.Charge, 1, 0), (StepKind.Charge, 2, 1),
            ],
            seen);
        Assert.Equal(trace.Count, analysis.Progress.SampleCount);
        Assert.Equal(1, analysis.Progress.Retention);
        Assert.Equal(1, analysis.Progress.LastCycle!.Index);
    }
}
