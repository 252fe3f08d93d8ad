namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Kind of test that a channel is armed for; each has limits of its own, so that an overcharge test does not trip over the
/// voltage it exists to reach. Stored in the latch record: numbers are never reused.
/// </summary>
public enum TestKind
{
    /// <summary>Watched only: nothing is judged, and the relay is not closed.</summary>
    None = 0,

    /// <summary>Charge and discharge inside the cell's window.</summary>
    Cycling = 1,

    /// <summary>Charge past the window on purpose (GB 38031: to 1.1 times its top).</summary>
    Overcharge = 2,

    /// <summary>Short through a resistor outside the cell (UN 38.3 T5, IEC 62133-2).</summary>
    ExternalShort = 3,

    /// <summary>Oven or heater (GB 38031, UL 9540A); no current flows.</summary>
    Heating = 4,

    /// <summary>A nail through the cell; no current flows outside it.</summary>
    Nail = 5,

    /// <summary>Crushed (UN 38.3 T6, GB); no current flows outside it.</summary>
    Crush = 6,
}
