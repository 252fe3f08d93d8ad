using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Cycles;

/// <summary>Tests that are stopped for long and go on.</summary>
public sealed class PauseTests
{
    /// <summary>
    /// Two days without a record amid a discharge are no two days of charge: the cycle is gapped and the ones after it count
    /// again. A cell of 1 Ah at 1 A would have passed 43 Ah, beside which no later half would turn.
    /// </summary>
    [Theory]
    [InlineData(700)]
    [InlineData(3600)]
    [InlineData(154_000)]
    [InlineData(2_000_000)]
    public void LongPauseWithinADischarge_SpoilsThatCycleAlone(double pausedSeconds)
    {
        var trace = new CellTrace { IntervalSeconds = 10 };
        trace.Cycle().Cycle().Rest(300).Charge(1, 3600).Rest(300).Discharge(1, 1800).Skip(pausedSeconds).Discharge(1, 1800);
        trace.Cycle().Cycle().Cycle();
        ReportCollector report = Runs.Whole(trace.ToArray());

        CycleSummary[] cycles = [.. report.Cycles];
        Assert.Equal(6, cycles.Length);
        Assert.Equal(CycleQuality.Gapped, cycles[2].Quality);
        Assert.All(new[] { 0, 1, 3, 4, 5 }, i => Assert.Equal(1, cycles[i].DischargeCapacityAh!.Value, 0.01));
    }
}
