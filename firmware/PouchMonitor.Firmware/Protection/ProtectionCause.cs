namespace PouchMonitor.Firmware.Protection;

/// <summary>Why a relay was opened. Stored in the latch record: numbers are never reused.</summary>
public enum ProtectionCause
{
    None = 0,
    OverVoltage = 1,
    UnderVoltage = 2,
    OverChargeCurrent = 3,
    OverDischargeCurrent = 4,
    OverTemperature = 5,
    UnderTemperature = 6,

    /// <summary>The cell heats faster than allowed.</summary>
    HeatingRate = 7,

    /// <summary>A sensor that was good at arming gives nothing that can be believed any more.</summary>
    SensorLoss = 8,

    /// <summary>The external latch opened without this program: its window comparator.</summary>
    Comparator = 9,

    /// <summary>The node started anew while the channel was armed.</summary>
    Restart = 10,

    /// <summary>Nothing was acknowledged for longer than the channel may go on alone.</summary>
    GatewayLoss = 11,

    /// <summary>No pass of the sensors for longer than the longest stall that the board knows.</summary>
    Stalled = 12,

    /// <summary>The record of the latch cannot be read, so it is taken for tripped.</summary>
    RecordDamaged = 13,

    /// <summary>Ordered by command.</summary>
    Ordered = 14,
}
