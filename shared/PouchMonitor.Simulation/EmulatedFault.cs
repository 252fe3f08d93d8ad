namespace PouchMonitor.Simulation;

/// <summary>What goes wrong with an emulated cell or its sensors.</summary>
public enum EmulatedFaultKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A dendrite leaks: a resistance of tens of ohms across the inside.</summary>
    SoftShort,

    /// <summary>The inside shorts: the voltage collapses and the cell heats.</summary>
    HardShort,

    /// <summary>A hard short whose heat sets off decomposition.</summary>
    ThermalEvent,

    /// <summary>The surface thermistor breaks.</summary>
    SurfaceSensorOpen,

    /// <summary>The surface thermistor shorts.</summary>
    SurfaceSensorShort,

    /// <summary>The infrared thermometer stops answering.</summary>
    InfraredAbsent,

    /// <summary>Dendrites touch for moments while the cell charges: dips of 20 to 30 mV for some seconds, at random.</summary>
    Dips,

    /// <summary>Contacts of a dendrite come and go too fast to be resolved: the voltage of a charge gets noisy.</summary>
    NoisyCharge,

    /// <summary>Something inside gives off heat that no current explains.</summary>
    ExtraHeat,
}

/// <summary>A fault and when it comes.</summary>
public sealed record EmulatedFault
{
    public required EmulatedFaultKind Kind { get; init; }

    /// <summary>Virtual seconds from the start of the test.</summary>
    public required double AtS { get; init; }

    /// <summary>Resistance of the short; null takes the usual one of the kind.</summary>
    public double? ShortOhm { get; init; }

    /// <summary>Heat of decomposition that the event adds; null takes one sized by the cell.</summary>
    public double? DecompositionHeatJ { get; init; }

    /// <summary>Mean number of dips in an hour of charge.</summary>
    public double DipsPerHour { get; init; } = 6;

    /// <summary>Standard deviation of a noisy charge's voltage.</summary>
    public double ChargeNoiseV { get; init; } = 0.003;

    /// <summary>Power of extra heat.</summary>
    public double HeatW { get; init; }
}
