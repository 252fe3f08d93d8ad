namespace PouchMonitor.Firmware;

/// <summary>Why the board started.</summary>
public enum RestartCause
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Power came.</summary>
    PowerOn,

    /// <summary>The program asked for it.</summary>
    Ordered,

    /// <summary>The external watchdog was not kicked.</summary>
    Watchdog,

    /// <summary>The supply sagged.</summary>
    BrownOut,
}
