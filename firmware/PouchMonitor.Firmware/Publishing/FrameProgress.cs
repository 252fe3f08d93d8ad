namespace PouchMonitor.Firmware.Publishing;

/// <summary>What is being done with a stored frame.</summary>
public enum FrameProgress
{
    /// <summary>To be sent (again).</summary>
    Waiting = 0,

    /// <summary>Handed to the link, no word yet.</summary>
    InFlight,

    /// <summary>The broker has it, the gateway's word is still to come.</summary>
    AtBroker,

    /// <summary>Sent from memory; the copy on flash waits for what becomes of it.</summary>
    Held,

    /// <summary>To be freed.</summary>
    Done,
}
