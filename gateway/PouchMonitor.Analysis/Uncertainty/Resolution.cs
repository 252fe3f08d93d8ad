namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// The smallest things a node with this front end and protocol can tell from nothing, at k = 2. What is smaller must not be
/// claimed.
/// </summary>
/// <param name="EfficiencyOfOneCell">Departure of one cell's coulombic efficiency from a number on paper, a ratio.</param>
/// <param name="EfficiencyBetweenBoards">Difference of two cells on two boards, a ratio.</param>
/// <param name="EfficiencyBetweenCycles">Difference of two cycles of one channel, a ratio.</param>
/// <param name="LossPerCycleAh">Lithium lost in one cycle, ampere-hours.</param>
/// <param name="ShortByEfficiencyA">Current of a steady soft short, from the efficiency of one cycle, amperes.</param>
/// <param name="ShortByDriftOfCyclesA">Change of such a current between two cycles of one channel, amperes.</param>
/// <param name="DipV">Dip in a single conversion: five standard deviations of noise and a step, volts.</param>
public sealed record Resolution(
    double EfficiencyOfOneCell,
    double EfficiencyBetweenBoards,
    double EfficiencyBetweenCycles,
    double LossPerCycleAh,
    double ShortByEfficiencyA,
    double ShortByDriftOfCyclesA,
    double DipV)
{
    private const double SecondsPerHour = 3600;
    private const double DipDeviations = 5;

    /// <summary>
    /// From the budget of the efficiency. A soft short of current i takes i (t_charge + t_discharge) from a cycle, so the
    /// efficiency hides those below U Q / (t_charge + t_discharge).
    /// </summary>
    public static Resolution Of(FrontEnd board, CycleProtocol protocol)
    {
        UncertaintyBudget budget = EfficiencyBudget.Of(board, protocol);
        double one = budget.ExpandedUncertainty;
        double between = budget.ExpandedUncertaintyOfDifference;
        double perEfficiencyA = protocol.ChargeC / (protocol.ChargeSeconds + protocol.DischargeSeconds);
        return new Resolution(
            one,
            one * Math.Sqrt(2),
            between,
            one * protocol.ChargeC / SecondsPerHour,
            one * perEfficiencyA,
            between * perEfficiencyA,
            (DipDeviations * board.VoltageRange.NoiseV) + board.VoltageRange.LsbV);
    }
}
