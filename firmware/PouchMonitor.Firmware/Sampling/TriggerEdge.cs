namespace PouchMonitor.Firmware.Sampling;

/// <summary>What of the trigger input tells the moment of an event.</summary>
public enum TriggerEdge
{
    /// <summary>Nothing: no wires are on the input.</summary>
    None = 0,

    /// <summary>Current begins to flow through it: a switch that the nail closes, a press at its end.</summary>
    Closing,

    /// <summary>Current ends: a wire that is torn, a light barrier that is broken.</summary>
    Opening,
}
