namespace PouchMonitor.Simulation;

/// <summary>
/// What an emulated cell is: its figures from the table of reference cells, and the inner values chosen to give them.
/// Immutable. Positive current charges the cell.
/// </summary>
public sealed record EmulatedCellProfile
{
    /// <summary>Name in the catalogue, such as <c>dne-pouch</c> or <c>dne-pouch-baseline</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: cell, condition, where the figures come from.</summary>
    public required string Description { get; init; }

    /// <summary>Discharge capacity of the first cycle under <see cref="Protocol"/>.</summary>
    public required double NominalCapacityAh { get; init; }

    public required double MassG { get; init; }

    /// <summary>Mass of active cathode, for capacities in mAh/g; null where the paper gives none in them.</summary>
    public double? ActiveMassMg { get; init; }

    /// <summary>Current that is called 1 C; null takes the nominal capacity in one hour.</summary>
    public double? OneCCurrentA { get; init; }

    /// <summary>Current of 1 C, amperes.</summary>
    public double OneCA => OneCCurrentA ?? NominalCapacityAh;

    public required OpenCircuitCurve OpenCircuit { get; init; }

    /// <summary>The protocol under which the figures hold.</summary>
    public required CyclerProtocol Protocol { get; init; }

    /// <summary>Measured discharge capacity over cycles, under <see cref="Protocol"/>.</summary>
    public required RetentionCurve Retention { get; init; }

    /// <summary>Resistance that follows the current at once, first cycle.</summary>
    public required double OhmicResistanceOhm { get; init; }

    /// <summary>Resistance of the quicker polarization, first cycle.</summary>
    public required double FastResistanceOhm { get; init; }

    public double FastTimeConstantS { get; init; } = 20;

    /// <summary>Resistance of the slow (diffusion) polarization, first cycle.</summary>
    public double SlowResistanceOhm { get; init; }

    public double SlowTimeConstantS { get; init; } = 600;

    /// <summary>Growth of all resistances per cycle, as a share of the first cycle's.</summary>
    public double ResistanceGrowthPerCycle { get; init; }

    /// <summary>Growth of the quicker polarization's resistance where it differs from the others'; null where it does not.</summary>
    public double? FastGrowthPerCycle { get; init; }

    /// <summary>What high discharge rates leave in the electrode; null where resistance alone limits them.</summary>
    public RateLag? RateLag { get; init; }

    /// <summary>Share of the charging current that ends as removable charge; bounds the coulombic efficiency.</summary>
    public double ChargeAcceptance { get; init; } = 0.9992;

    /// <summary>Heat capacity of cell and holder.</summary>
    public double HeatCapacityJPerK { get; init; } = 14;

    /// <summary>Heat given to the surroundings per kelvin of difference.</summary>
    public double HeatLossWPerK { get; init; } = 0.035;

    /// <summary>
    /// Heat from the stack to the surface per kelvin of difference: a pouch is thin, so that its surface follows within some
    /// ten seconds and its stack is a twentieth of the rise above the chamber warmer.
    /// </summary>
    public double CoreConductanceWPerK => 20 * HeatLossWPerK;

    /// <summary>Share of the heat capacity that belongs to the surface.</summary>
    public double SurfaceHeatShare { get; init; } = 0.15;

    /// <summary>Temperature of the chamber.</summary>
    public double AmbientC { get; init; } = 25;

    /// <summary>Heat that decomposition can release once the cell is hot; 0 for a cell that does not run away.</summary>
    public double DecompositionHeatJ { get; init; }

    /// <summary>Activation temperature of the decomposition; with the rate below it doubles about every 6 K near 110 C.</summary>
    public double DecompositionActivationK { get; init; } = 12_500;

    /// <summary>Rate of the decomposition at infinite temperature, 1/s.</summary>
    public double DecompositionRatePerS { get; init; } = 3e11;

    /// <summary>Cycle after which a hard internal short develops by itself; null for never.</summary>
    public int? ShortsAfterCycle { get; init; }

    /// <summary>Sum of all resistances once settled, after <paramref name="completedCycles"/>, in ohms.</summary>
    public double TotalResistanceOhm(int completedCycles) =>
        ((OhmicResistanceOhm + SlowResistanceOhm) * ResistanceFactor(completedCycles))
        + (FastResistanceOhm * FastFactor(completedCycles));

    /// <summary>Resistance after <paramref name="completedCycles"/> over that of the first cycle.</summary>
    public double ResistanceFactor(int completedCycles) => 1 + (ResistanceGrowthPerCycle * completedCycles);

    /// <summary>The same of the quicker polarization's resistance.</summary>
    public double FastFactor(int completedCycles) => 1 + ((FastGrowthPerCycle ?? ResistanceGrowthPerCycle) * completedCycles);

    /// <summary>
    /// Charge between state of charge 0 and 1 after <paramref name="completedCycles"/>, ampere-hours: chosen so that what a
    /// cycler measures follows <see cref="Retention"/> although a growing resistance closes the usable window as well.
    /// </summary>
    public double FullCapacityAh(int completedCycles) =>
        NominalCapacityAh * Retention.At(completedCycles + 1) / UsableShare(completedCycles);

    /// <summary>State of charge at which a discharge under the protocol ends.</summary>
    public double EmptyStateOfCharge(int completedCycles) => OpenCircuit.StateOfChargeAt(
        Protocol.LowerVoltageV + (Protocol.DischargeRateC * OneCA * TotalResistanceOhm(completedCycles)))
        + (RateLag?.At(Protocol.DischargeRateC) ?? 0);

    /// <summary>
    /// Share of state of charge that the protocol moves: from where the constant-voltage part ends to where the loaded
    /// voltage meets the lower limit, with settled polarization.
    /// </summary>
    private double UsableShare(int completedCycles)
    {
        double resistance = TotalResistanceOhm(completedCycles);
        double top = OpenCircuit.StateOfChargeAt(
            Protocol.UpperVoltageV - (Protocol.CutoffRateC * OneCA * resistance));
        return Math.Max(0.05, top - EmptyStateOfCharge(completedCycles));
    }
}
