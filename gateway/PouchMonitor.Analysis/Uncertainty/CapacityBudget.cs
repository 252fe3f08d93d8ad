using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>Uncertainty of a capacity, Q = I t: the current's mean over the half cycle, the clock and the edges of the step.</summary>
public static class CapacityBudget
{
    private const double SecondsPerHour = 3600;

    /// <summary>Budget of one half cycle at a constant current, ampere-hours.</summary>
    /// <param name="board">Front end.</param>
    /// <param name="currentA">Current, a magnitude.</param>
    /// <param name="seconds">How long it flows.</param>
    public static UncertaintyBudget Of(FrontEnd board, double currentA, double seconds)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        double hours = seconds / SecondsPerHour;
        UncertaintyBudget current = CurrentBudget.Of(board, currentA, Math.Max(1, seconds / board.SampleSeconds));
        double capacityAh = Math.Abs(currentA) * hours;
        List<UncertaintyComponent> components =
        [
            .. current.Components.Select(component =>
                new UncertaintyComponent(
                    component.Name, component.Distribution, component.HalfWidth, component.Sensitivity * hours, component.Unit, component.Source)
                {
                    DegreesOfFreedom = component.DegreesOfFreedom,
                    IsSameInEveryCycle = component.IsSameInEveryCycle,
                }),
            new("clock", Rectangular, board.ClockRelative, capacityAh, "", "crystal, 10 ppm") { IsSameInEveryCycle = true },
            new("edges of the step", Triangular, board.SampleSeconds, Math.Abs(currentA) / SecondsPerHour, "s", "half a sampling interval at each end"),
        ];
        return new UncertaintyBudget($"capacity, {board.Name}", capacityAh, "Ah", components);
    }
}
