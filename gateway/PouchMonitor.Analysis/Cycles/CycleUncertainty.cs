using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// Standard uncertainties (k = 1) of a cycle's figures, from the budgets of the board that measured it and from what its halves
/// really did: charge, time with current, mean voltage, and what the edges of its steps leave open. The budgets are those of a
/// constant current; a half's is its charge over its time with current. Where the current falls at held voltage the zero, the
/// straight line and the gain are still right, while the shunt's own heat, which goes with the square, comes out too small.
/// </summary>
internal static class CycleUncertainty
{
    private const double SecondsPerHour = 3600;

    /// <summary>Of a capacity, Ah; null without a board, or where the half is nothing that it could have measured.</summary>
    public static double? CapacityAh(FrontEnd? board, in DirectionSums half) => board is not null && IsMeasured(board, half)
        ? Known(CapacityBudget.Of(Sampled(board, half, half), MeanA(half), half.Seconds))
        : null;

    /// <summary>
    /// Of a coulombic efficiency; null as above. It is the later half over the earlier one: in a half cell, which opens with its
    /// discharge, the signs of both change and the budget is the same.
    /// </summary>
    public static double? Efficiency(FrontEnd? board, in DirectionSums earlier, in DirectionSums later) =>
        board is not null && IsMeasured(board, earlier) && IsMeasured(board, later)
            ? Known(EfficiencyBudget.Of(
                Sampled(board, earlier, later),
                new CycleProtocol("", later.CountedC / SecondsPerHour, MeanA(earlier), MeanA(later), later.CountedC / earlier.CountedC)))
            : null;

    /// <summary>Of a mean-voltage gap, V; null as above.</summary>
    public static double? PolarizationV(FrontEnd? board, in DirectionSums charge, in DirectionSums discharge) =>
        board is not null && IsMeasured(board, charge) && IsMeasured(board, discharge)
            ? Known(PolarizationBudget.Of(
                Sampled(board, charge, discharge),
                charge.EnergyJ / charge.CountedC, charge.Seconds, discharge.EnergyJ / discharge.CountedC, discharge.Seconds))
            : null;

    /// <summary>A current between one step and the end of the converter's scale: all else was not measured by this board.</summary>
    private static bool IsMeasured(FrontEnd board, in DirectionSums half) =>
        half.Seconds > 0 && double.IsFinite(half.EnergyJ) && double.IsFinite(half.VarianceC2)
        && MeanA(half) * board.ShuntOhms is var shuntV && shuntV >= board.CurrentRange.LsbV && shuntV <= board.CurrentRange.FullScaleV;

    private static double MeanA(in DirectionSums half) => half.CountedC / half.Seconds;

    /// <summary>
    /// The board with the sampling interval that the edges of the steps show: two edges of a current I leave a variance of
    /// (I s)^2 / 6. Samples that are published less often than they are taken, and several steps in a half, widen it.
    /// </summary>
    private static FrontEnd Sampled(FrontEnd board, in DirectionSums one, in DirectionSums other) => board with
    {
        SampleSeconds = Math.Max(board.SampleSeconds, Math.Max(EdgeSeconds(one), EdgeSeconds(other))),
    };

    private static double EdgeSeconds(in DirectionSums half) => Math.Sqrt(6 * half.VarianceC2) / MeanA(half);

    private static double? Known(UncertaintyBudget budget) =>
        double.IsFinite(budget.CombinedStandardUncertainty) ? budget.CombinedStandardUncertainty : null;
}
