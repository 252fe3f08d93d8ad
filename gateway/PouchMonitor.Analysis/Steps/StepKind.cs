namespace PouchMonitor.Analysis.Steps;

/// <summary>What the cell is doing, judged from samples alone.</summary>
public enum StepKind
{
    /// <summary>No believed current yet.</summary>
    Unknown = 0,
    Rest = 1,
    Charge = 2,
    Discharge = 3,

    /// <summary>The part of a charge at which the voltage is held and the current falls.</summary>
    ConstantVoltageCharge = 4,
}
