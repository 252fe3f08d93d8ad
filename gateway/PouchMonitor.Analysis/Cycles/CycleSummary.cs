namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// One cycle: a charge and the discharge that follows it. Capacities and energies are magnitudes. Null means not known,
/// and <see cref="QualityReason"/> says why where the quality is not <see cref="CycleQuality.Complete"/>.
/// </summary>
public sealed record CycleSummary
{
    /// <summary>Numbered from 1 within the test.</summary>
    public required int Index { get; init; }

    /// <summary>Time of the first sample of the cycle, microseconds.</summary>
    public required long StartMicroseconds { get; init; }

    /// <summary>Time of the last sample of the cycle, microseconds.</summary>
    public required long EndMicroseconds { get; init; }

    public double? ChargeCapacityAh { get; init; }

    /// <summary>
    /// Standard uncertainty (k = 1) of the charge capacity, Ah. This one and the others are null where the board that measured
    /// is not known, where it or its calibration changed within the cycle, and where the figure itself is null or a gap lies in it.
    /// </summary>
    public double? ChargeCapacityUncertaintyAh { get; init; }

    public double? DischargeCapacityAh { get; init; }

    /// <summary>Standard uncertainty (k = 1) of the discharge capacity, Ah.</summary>
    public double? DischargeCapacityUncertaintyAh { get; init; }

    /// <summary>Discharge capacity over charge capacity; in a half cell, which opens with its discharge, the inverse.</summary>
    public double? CoulombicEfficiency { get; init; }

    /// <summary>Standard uncertainty (k = 1) of the coulombic efficiency.</summary>
    public double? CoulombicEfficiencyUncertainty { get; init; }

    public double? ChargeEnergyWh { get; init; }

    public double? DischargeEnergyWh { get; init; }

    /// <summary>Energy over charge of the charging part.</summary>
    public double? MeanChargeVoltageV { get; init; }

    /// <summary>Energy over charge of the discharging part.</summary>
    public double? MeanDischargeVoltageV { get; init; }

    /// <summary>Mean charge voltage less mean discharge voltage.</summary>
    public double? PolarizationV { get; init; }

    /// <summary>Standard uncertainty (k = 1) of the polarization, V.</summary>
    public double? PolarizationUncertaintyV { get; init; }

    /// <summary>Discharge energy over charge energy; null where one is not known.</summary>
    public double? EnergyEfficiency => DischargeEnergyWh / ChargeEnergyWh;

    /// <summary>
    /// Charge lost for each hour of the cycle, (1 - CE) / hours, which compares cells that run at different rates (the
    /// normalisation of Novonix's coulombic efficiency charts); null without an efficiency.
    /// </summary>
    public double? InefficiencyPerHour => EndMicroseconds > StartMicroseconds
        ? (1 - CoulombicEfficiency) / ((EndMicroseconds - StartMicroseconds) / 3.6e9) : null;

    /// <summary>Discharge energy over the mass that the profile names; null where it names none.</summary>
    public double? SpecificEnergyWhPerKg { get; init; }

    /// <summary>Part of the charge capacity that went in at held voltage; null where the charge had no such part.</summary>
    public double? ConstantVoltageChargeAh { get; init; }

    /// <summary>Highest believed temperature of the cell itself (not ambient).</summary>
    public double? MaxTemperatureC { get; init; }

    public CycleQuality Quality { get; init; }

    /// <summary>Why the quality is what it is, in words for a person; empty when complete.</summary>
    public string QualityReason { get; init; } = "";

    /// <summary>0 at first, one more each time late data changed the cycle.</summary>
    public int Revision { get; init; }
}

/// <summary>How far a cycle can be believed and compared.</summary>
public enum CycleQuality
{
    Complete = 0,

    /// <summary>Starts or ends part-way: the first cycle of a part-charged cell, or the last of a test.</summary>
    Partial = 1,

    /// <summary>A gap longer than the rule allows lies inside; takes no part in fade.</summary>
    Gapped = 2,

    /// <summary>Not charged and discharged in full under one protocol, such as a pulse or rate test.</summary>
    Unusual = 3,
}
