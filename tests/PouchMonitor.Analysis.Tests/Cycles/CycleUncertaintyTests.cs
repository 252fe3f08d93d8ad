using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Cycles;

/// <summary>What a finished cycle says of its own uncertainty is what the budgets say of such a cycle, or nothing.</summary>
public sealed class CycleUncertaintyTests
{
    private static readonly MeasuringInput Whole = new(7, HasZero: true, HasGain: true);
    private static readonly MeasuringBoard Bought = new(0.1, default, default);
    private static readonly MeasuringBoard Calibrated = new(0.1, Whole, Whole);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FiguresOfACycle_AreThoseOfTheBudgets(bool isCalibrated)
    {
        // 1 Ah at 0.5 A and back at 1 A, 3.5 V in the middle and 0.1 Ohm: means of 3.55 V and 3.4 V; samples every 2 s.
        CellTrace trace = new CellTrace { IntervalSeconds = 2 }.Rest(300).Charge(0.5, 7200).Rest(300).Discharge(1, 3600).Rest(60);
        CycleSummary cycle = Assert.Single(Run(trace, isCalibrated ? Calibrated : Bought));
        FrontEnd board = (isCalibrated ? FrontEnd.OneAmpereHour.Calibrated() : FrontEnd.OneAmpereHour) with { SampleSeconds = 2 };
        Near(CapacityBudget.Of(board, 0.5, 7200), cycle.ChargeCapacityUncertaintyAh);
        Near(CapacityBudget.Of(board, 1, 3600), cycle.DischargeCapacityUncertaintyAh);
        Near(EfficiencyBudget.Of(board, new CycleProtocol("", 1, 0.5, 1, 1)), cycle.CoulombicEfficiencyUncertainty);
        Near(PolarizationBudget.Of(board, 3.55, 7200, 3.4, 3600), cycle.PolarizationUncertaintyV);
    }

    [Fact]
    public void HalfCell_WhichOpensWithItsDischarge_HasThemToo()
    {
        CellTrace trace = new CellTrace().Rest(300).Charge(1, 3600);
        trace = new CellTrace { TimeSeconds = trace.TimeSeconds }.Rest(60).Discharge(0.5, 3600).Rest(300).Charge(1, 1700).Rest(60);
        CycleSummary cycle = Assert.Single(Run(trace, Calibrated, new CellProfile { Name = "half", Kind = CellKind.Half }));
        FrontEnd board = FrontEnd.OneAmpereHour.Calibrated() with { SampleSeconds = 1 };
        Assert.Equal(1700.0 / 1800, cycle.CoulombicEfficiency!.Value, 1e-9);
        Near(CapacityBudget.Of(board, 0.5, 3600), cycle.DischargeCapacityUncertaintyAh);
        Near(EfficiencyBudget.Of(board, new CycleProtocol("", 1700.0 / 3600, 0.5, 1, 1700.0 / 1800)), cycle.CoulombicEfficiencyUncertainty);
    }

    [Fact]
    public void WithoutABoard_NothingIsSaid()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 10 }.Cycle().Rest(60);
        CycleSummary cycle = Assert.Single(Run(trace, board: null));
        Assert.NotNull(cycle.CoulombicEfficiency);
        AssertNone(cycle);
        AssertNone(Assert.Single(Run(trace, new MeasuringBoard(0.07, default, default))));
    }

    [Fact]
    public void ACalibrationWithinACycle_LeavesThatCycleWithout_AndEachOtherWithItsOwn()
    {
        CellTrace trace = new CellTrace().Cycle().Cycle().Cycle().Rest(60);
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(Runs.Unknown, collector);
        foreach (Sample sample in trace.Samples)
        {
            bool isLate = sample.TimeMicroseconds > trace.Samples[^1].TimeMicroseconds / 2;
            analysis.MeasureWith(isLate ? Calibrated : Bought, sample.TimeMicroseconds);
            analysis.Add(sample);
        }

        analysis.Complete();
        CycleSummary[] cycles = [.. collector.Cycles];
        Assert.Equal(3, cycles.Length);
        AssertNone(cycles[1]);
        Assert.True(cycles[0].CoulombicEfficiencyUncertainty > 8 * cycles[2].CoulombicEfficiencyUncertainty);
        Assert.True(cycles[0].DischargeCapacityUncertaintyAh > 5 * cycles[2].DischargeCapacityUncertaintyAh);
        Assert.True(cycles[0].PolarizationUncertaintyV > cycles[2].PolarizationUncertaintyV);
    }

    [Fact]
    public void AChangeBetweenTwoCycles_IsOfTheSecond_ThoughTheFirstIsToldLater()
    {
        CellTrace trace = new CellTrace().Cycle().Rest(60);
        int changeAt = trace.Count;
        trace.Cycle().Rest(60);
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(Runs.Unknown, collector);
        for (int i = 0; i < trace.Count; i++)
        {
            analysis.MeasureWith(i < changeAt ? Bought : Calibrated, trace.Samples[i].TimeMicroseconds);
            Assert.True(i >= changeAt || collector.Cycles.Count == 0);
            analysis.Add(trace.Samples[i]);
        }

        analysis.Complete();
        CycleSummary[] cycles = [.. collector.Cycles];
        Assert.Equal(2, cycles.Length);
        Assert.True(cycles[0].CoulombicEfficiencyUncertainty > 8 * cycles[1].CoulombicEfficiencyUncertainty);
    }

    [Fact]
    public void AGapInOneHalf_LeavesTheOtherHalfsCapacity()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 10 }.Rest(300).Charge(1, 1800).Skip(120).Charge(1, 1680).Rest(300).Discharge(1, 3400).Rest(60);
        CycleSummary cycle = Assert.Single(Run(trace, Calibrated));
        Assert.Equal(CycleQuality.Gapped, cycle.Quality);
        Assert.NotNull(cycle.ChargeCapacityAh);
        Assert.NotNull(cycle.DischargeCapacityUncertaintyAh);
        AssertNone(cycle with { DischargeCapacityUncertaintyAh = null });
    }

    [Fact]
    public void ClockSetBack_ForgetsWhatCameBefore()
    {
        var spans = new BoardSpans();
        spans.Take(100, Bought);
        spans.Take(1000, Calibrated);
        Assert.NotNull(spans.Over(200, 300));
        spans.Take(500, Bought);
        Assert.Null(spans.Over(200, 300));
        Assert.Null(spans.Over(500, 2000)!.CurrentCalibration);
    }

    [Fact]
    public void ManyChanges_KeepTheLastOnes()
    {
        var spans = new BoardSpans();
        for (uint id = 1; id <= 20; id++)
        {
            spans.Take(id * 100, Calibrated with { Current = Whole with { CalibrationId = id } });
        }

        Assert.Null(spans.Over(500, 550));
        Assert.NotNull(spans.Over(1300, 1350));
        Assert.Null(spans.Over(1350, 1400));
        Assert.NotNull(spans.Over(2000, 9000));
    }

    /// <summary>Halves as no honest record has them: nothing is said, and nothing thrown.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3600, 0, 3600, 0)]
    [InlineData(1e-300, 3.5e-300, 1e-3, 0)]
    [InlineData(1e-9, 3.5e-9, 1e6, 0)]
    [InlineData(1e9, 3.5e9, 1e-9, 0)]
    [InlineData(3600, double.NaN, 3600, 0)]
    [InlineData(3600, 12_600, 3600, double.PositiveInfinity)]
    [InlineData(3600, 12_600, double.NaN, 0)]
    [InlineData(3600, 12_600, double.PositiveInfinity, 0)]
    [InlineData(-3600, -12_600, 3600, 0)]
    [InlineData(double.MaxValue, 1, 1, 0)]
    public void OddHalves_SayNothing(double countedC, double energyJ, double seconds, double varianceC2)
    {
        DirectionSums good = new() { CountedC = 3600, EnergyJ = 12_600, Seconds = 3600 };
        DirectionSums odd = new() { CountedC = countedC, EnergyJ = energyJ, Seconds = seconds, VarianceC2 = varianceC2 };
        FrontEnd board = FrontEnd.OneAmpereHour;
        if (seconds == 0 || double.IsNaN(energyJ) || countedC != 3600 || seconds != 3600 || double.IsInfinity(varianceC2))
        {
            Assert.Null(CycleUncertainty.CapacityAh(board, odd));
            Assert.Null(CycleUncertainty.Efficiency(board, odd, good));
            Assert.Null(CycleUncertainty.Efficiency(board, good, odd));
            Assert.Null(CycleUncertainty.PolarizationV(board, odd, good));
            Assert.Null(CycleUncertainty.PolarizationV(board, good, odd));
        }
        else
        {
            Assert.NotNull(CycleUncertainty.CapacityAh(board, odd));
        }
    }

    private static IEnumerable<CycleSummary> Run(CellTrace trace, MeasuringBoard? board, CellProfile? profile = null)
    {
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? Runs.Unknown, collector);
        analysis.MeasureWith(board, trace.Samples[0].TimeMicroseconds);
        analysis.Add(trace.ToArray());
        analysis.Complete();
        return collector.Cycles;
    }

    private static void Near(UncertaintyBudget expected, double? found) =>
        Assert.Equal(1, found!.Value / expected.CombinedStandardUncertainty, 1e-6);

    private static void AssertNone(CycleSummary cycle)
    {
        Assert.Null(cycle.ChargeCapacityUncertaintyAh);
        Assert.Null(cycle.DischargeCapacityUncertaintyAh);
        Assert.Null(cycle.CoulombicEfficiencyUncertainty);
        Assert.Null(cycle.PolarizationUncertaintyV);
    }
}
