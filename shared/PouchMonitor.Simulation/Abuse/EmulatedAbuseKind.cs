namespace PouchMonitor.Simulation.Abuse;

/// <summary>What is done to an emulated cell.</summary>
public enum EmulatedAbuseKind
{
    Nail,
    Crush,
    Bend,
    Cut,
    ExternalShort,
    Overcharge,
    OverDischarge,
    Oven,
    Propagation,
}

/// <summary>How it ends.</summary>
public enum EmulatedAbuseOutcome
{
    /// <summary>The cell vents and runs away.</summary>
    Runaway,

    /// <summary>The voltage moves and the cell warms, and that is all.</summary>
    NearMiss,

    /// <summary>The pouch opens, gas and electrolyte leave, and it does not run away.</summary>
    Vent,
}

/// <summary>What happens to the sensors on top.</summary>
public enum EmulatedAbuseFault
{
    /// <summary>Only what physics does to them: the infrared thermometer ends at 380 C, its array at 80 C.</summary>
    None,

    /// <summary>The worst moment: the thermistor opens at 150 C, the thermocouple's wire burns through at 300 C.</summary>
    SensorLoss,
}
