namespace PouchMonitor.Firmware.Protection;

/// <summary>State of a channel's protection.</summary>
public enum ProtectionState
{
    /// <summary>The relay is open, nothing is judged.</summary>
    Disarmed = 0,

    /// <summary>The relay is closed and every pass of the sensors is judged.</summary>
    Armed = 1,

    /// <summary>The relay was opened and stays open until a person resets it.</summary>
    Tripped = 2,
}
