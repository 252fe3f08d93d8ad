namespace PouchMonitor.Simulation;

/// <summary>
/// The whole state of an emulated cell at one instant. A value: <see cref="CellPhysics.Advance"/> makes the next one from
/// it, so that a run can be forked, compared and repeated.
/// </summary>
public readonly record struct CellState
{
    /// <summary>Removable charge.</summary>
    public double RemainingAh { get; init; }

    /// <summary>Charge between state of charge 0 and 1 at this age.</summary>
    public double FullCapacityAh { get; init; }

    /// <summary>All resistances over those of the first cycle.</summary>
    public double ResistanceFactor { get; init; }

    /// <summary>Resistance of the quicker polarization over that of the first cycle.</summary>
    public double FastFactor { get; init; }

    /// <summary>How far the surface of the electrode is emptier than its bulk, in state of charge.</summary>
    public double SurfaceLag { get; init; }

    public double FastPolarizationV { get; init; }

    public double SlowPolarizationV { get; init; }

    /// <summary>Temperature of the stack, where heat is made.</summary>
    public double CoreC { get; init; }

    /// <summary>Temperature of the surface, which is all that sensors see.</summary>
    public double SurfaceC { get; init; }

    /// <summary>Voltage at the terminals.</summary>
    public double TerminalV { get; init; }

    /// <summary>Current through the terminals; positive charges.</summary>
    public double CurrentA { get; init; }

    /// <summary>Heat of decomposition not yet released.</summary>
    public double DecompositionHeatLeftJ { get; init; }

    /// <summary>True once the separator has closed its pores, which nothing undoes.</summary>
    public bool IsSeparatorShut { get; init; }

    /// <summary>Completed cycles, which is what ageing goes by.</summary>
    public int CompletedCycles { get; init; }

    /// <summary>Charge taken out since the cell was last charged.</summary>
    public double DischargedSinceChargeAh { get; init; }

    /// <summary>Share of the full capacity that is filled.</summary>
    public double StateOfCharge => RemainingAh / FullCapacityAh;
}
