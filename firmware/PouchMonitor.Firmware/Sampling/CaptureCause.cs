namespace PouchMonitor.Firmware.Sampling;

/// <summary>Why a capture was taken; its number goes out with the event <c>capture</c>.</summary>
public enum CaptureCause
{
    /// <summary>None was.</summary>
    None = 0,

    /// <summary>The voltage stepped between two passes without a step of the current.</summary>
    Step,

    /// <summary>The voltage fell below its level of the last second.</summary>
    Dip,

    /// <summary>The surface heated fast.</summary>
    Heating,

    /// <summary>Somebody asked for it, or the protection tripped.</summary>
    Command,

    /// <summary>The trigger input.</summary>
    Trigger,
}
