using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Report.Comparison;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Report;

/// <summary>Cells beside a cohort: median and spread by hand, verdicts only where like is compared with like.</summary>
public sealed class CohortComparisonTests
{
    [Fact]
    public void MedianAndSpread_AreThoseOfTheCohort_CycleByCycle()
    {
        // Retentions at cycle 5: 0.96, 0.98, 0.99: median 0.98, deviations 0.02, 0, 0.01, their median 0.01.
        AnalysisReport[] reports = [Cell("a", fade: 0.01), Cell("b", fade: 0.005), Cell("c", fade: 0.0025), Cell("d", fade: 0.03)];
        MeasureComparison retention = Compare(reports, 3)[3].Measures[0];
        ComparedCycle fifth = retention.Cycles[4];
        Assert.Equal(0.88, fifth.Value, 1e-12);
        Assert.Equal(0.98, fifth.Median!.Value, 1e-12);
        Assert.Equal(1.4826 * 0.01, fifth.Spread!.Value, 1e-12);
        Assert.Equal((0.88 - 0.98) / (1.4826 * 0.01), fifth.Departure!.Value, 1e-9);
    }

    [Theory]
    [InlineData(3.4, null)]
    [InlineData(3.6, 2)]
    public void ACell_DepartsBeyondTheLimit(double spreads, int? from)
    {
        // The cohort's cells are alike, so that the spread is the floor of 0.002; the cell loses so many of them in its second cycle and holds.
        AnalysisReport odd = Cell("odd", fade: 0) is var plain
            ? plain with { Cycles = [.. plain.Cycles.Select(cycle => cycle.Index == 1 ? cycle : cycle with { DischargeCapacityAh = 1 - (spreads * 0.002) })] }
            : plain;
        CellComparison comparison = Compare([Cell("a", 0), Cell("b", 0), odd], 2)[2];
        Assert.Equal(from, comparison.Measures[0].DepartsFromCycle);
        Assert.StartsWith(from is null ? "Within the cohort" : "Worse than the cohort from cycle 2 on", comparison.Measures[0].Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void ADeparture_CountsFromThreeCyclesInARow(int cycles, bool departs)
    {
        AnalysisReport plain = Cell("odd", fade: 0);
        AnalysisReport odd = plain with { Cycles = [.. plain.Cycles.Select(cycle => cycle.Index > plain.Cycles.Count - cycles ? cycle with { DischargeCapacityAh = 0.9 } : cycle)] };
        Assert.Equal(departs, Compare([Cell("a", 0), Cell("b", 0), odd], 2)[2].Measures[0].DepartsFromCycle is not null);
    }

    [Fact]
    public void LessPolarizationThanTheCohorts_IsBetter()
    {
        AnalysisReport plain = Cell("odd", fade: 0);
        AnalysisReport odd = plain with { Cycles = [.. plain.Cycles.Select(cycle => cycle with { PolarizationV = 0.1 * (1 - (0.05 * (cycle.Index - 1))) })] };
        Assert.StartsWith("Better than the cohort from cycle 2 on", Compare([Cell("a", 0), Cell("b", 0), odd], 2)[2].Measures[2].Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void ACohortOfOneCell_GivesNoVerdict()
    {
        IReadOnlyList<CellComparison> comparisons = Compare([Cell("a", 0), Cell("b", 0.05)], 1);
        Assert.Equal("The cohort is one cell and has no spread.", comparisons[1].NoVerdict);
        Assert.All(comparisons[1].Measures, measure => Assert.Null(measure.DepartsFromCycle));
        Assert.All(comparisons[1].Measures[0].Cycles, cycle => Assert.NotNull(cycle.Median));
        Assert.All(comparisons[1].Measures[0].Cycles, cycle => Assert.Null(cycle.Spread));
    }

    [Fact]
    public void AnotherRate_Window_OrTemperature_GivesNoVerdict()
    {
        AnalysisReport[] cohort = [Cell("a", 0), Cell("b", 0)];
        Assert.Contains("ran at 2 times its capacity an hour and not at 1", Compare([.. cohort, Cell("c", 0, rateA: 2)], 2)[2].NoVerdict, StringComparison.Ordinal);
        Assert.Contains("its half ends at 2.8 V and not at 3 V", Compare([.. cohort, Cell("c", 0, endV: 2.8)], 2)[2].NoVerdict, StringComparison.Ordinal);
        Assert.Contains("it ran at 34 °C and not at 25 °C", Compare([.. cohort, Cell("c", 0, temperatureC: 34)], 2)[2].NoVerdict, StringComparison.Ordinal);
        Assert.Contains("The cohort's cells are not alike: b", Compare([Cell("a", 0), Cell("b", 0, rateA: 2), Cell("c", 0)], 2)[2].NoVerdict, StringComparison.Ordinal);
        Assert.Equal("It has no cycle that can be a reference.", Compare([.. cohort, Cell("c", 0) with { Cycles = [] }], 2)[2].NoVerdict);
    }

    [Fact]
    public void AnotherSizeAtTheSameRatePerCapacity_IsCompared() =>
        Assert.Equal("", Compare([Cell("a", 0), Cell("b", 0), Cell("c", 0, rateA: 3, capacityAh: 3)], 2)[2].NoVerdict);

    private static CellComparison[] Compare(AnalysisReport[] reports, int references) =>
        [.. CohortComparison.Apply(reports, [.. reports.Select((_, at) => at < references)]).Select(report => report.Comparison!)];

    /// <summary>Ten cycles, each short of the one before by a share of the first.</summary>
    private static AnalysisReport Cell(string name, double fade, double rateA = 1, double capacityAh = 1, double endV = 3, double temperatureC = 25) => new()
    {
        Source = name + ".csv",
        Cell = name,
        Pulses = [],
        Findings = [],
        Cycles =
        [
            .. Enumerable.Range(1, 10).Select(index => new CycleSummary
            {
                Index = index, StartMicroseconds = index * 1000, EndMicroseconds = (index * 1000) + 999, ChargeCapacityAh = capacityAh,
                DischargeCapacityAh = capacityAh * (1 - (fade * (index - 1))), CoulombicEfficiency = 0.999, PolarizationV = 0.1,
            }),
        ],
        Steps =
        [
            .. Enumerable.Range(1, 10).Select(index => new StepSummary
            {
                Index = index, Cycle = index, Half = StepKind.Discharge, Kind = StepKind.Discharge, StartMicroseconds = index * 1000, EndMicroseconds = (index * 1000) + 999,
                ChargeAh = 0, DischargeAh = capacityAh, ChargeEnergyWh = 0, DischargeEnergyWh = 3, FirstVoltageV = 4, LastVoltageV = endV, MeanVoltageV = 3.5,
                MeanCurrentA = -rateA, MinTemperatureC = temperatureC, MaxTemperatureC = temperatureC, SampleCount = 100,
            }),
        ],
        Standing = new TestStanding { Profile = Runs.Unknown, SampleCount = 1000 },
    };
}
