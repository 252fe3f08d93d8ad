using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.Steps;

/// <summary>How the current of a step ran.</summary>
public enum StepMode
{
    /// <summary>A rest, or too few records to tell.</summary>
    Unknown = 0,

    /// <summary>The current stayed within 5 % of its largest, the record at the step's edge apart.</summary>
    ConstantCurrent = 1,

    /// <summary>A constant current, and after it the voltage held while the current fell.</summary>
    ConstantCurrentConstantVoltage = 2,

    /// <summary>At least 95 % of the charge went in at held voltage.</summary>
    ConstantVoltage = 3,

    /// <summary>None of these, such as constant power, a driving cycle, or changes too small to be steps of their own.</summary>
    Varying = 4,
}

/// <summary>
/// One step of a test: a stretch of charge, discharge or rest, as cut from the samples alone. Charges and energies are
/// magnitudes; the steps of a cycle's half add up to what the cycle counted of it.
/// </summary>
public sealed record StepSummary
{
    /// <summary>Numbered from 1 within the test.</summary>
    public required int Index { get; init; }

    /// <summary>Cycle it belongs to; null where it belongs to none, such as noise at rest or a blip at the very end.</summary>
    public required int? Cycle { get; init; }

    /// <summary>
    /// The half of the cycle in which it lies: its charge counts there. The charge of the steps in the charging half is the
    /// cycle's charge; a charging pulse within the discharge is in neither. Null where it belongs to no cycle.
    /// </summary>
    public StepKind? Half { get; init; }

    /// <summary>Rest, charge or discharge.</summary>
    public required StepKind Kind { get; init; }

    public StepMode Mode { get; init; }

    /// <summary>Time of its first sample, microseconds.</summary>
    public required long StartMicroseconds { get; init; }

    /// <summary>Time of its last sample, microseconds.</summary>
    public required long EndMicroseconds { get; init; }

    public required double ChargeAh { get; init; }

    /// <summary>Charge that flowed out; beside a charge only where a blip lies inside the step.</summary>
    public required double DischargeAh { get; init; }

    public required double ChargeEnergyWh { get; init; }

    public required double DischargeEnergyWh { get; init; }

    /// <summary>Part of the charge that went in at held voltage.</summary>
    public double ConstantVoltageAh { get; init; }

    /// <summary>How long the voltage was held.</summary>
    public double ConstantVoltageSeconds { get; init; }

    public required double FirstVoltageV { get; init; }

    public required double LastVoltageV { get; init; }

    /// <summary>Energy over charge in the step's own direction, as cycles have it; at rest the mean over time.</summary>
    public required double MeanVoltageV { get; init; }

    /// <summary>Charge in less charge out over the time without gaps; positive charges, 0 at rest.</summary>
    public required double MeanCurrentA { get; init; }

    /// <summary>
    /// Largest current of its records, that at its edge and those at held voltage apart, A, a magnitude: the level of a charge whose
    /// voltage was then held; 0 where there is no such record.
    /// </summary>
    public double LargestCurrentA { get; init; }

    /// <summary>Lowest believed temperature of the cell itself (not ambient); null where none.</summary>
    public double? MinTemperatureC { get; init; }

    public double? MaxTemperatureC { get; init; }

    /// <summary>Samples with a believed current.</summary>
    public required long SampleCount { get; init; }

    public CycleQuality Quality { get; init; }

    /// <summary>Why the quality is what it is, in words for a person; empty when complete.</summary>
    public string QualityReason { get; init; } = "";
}
