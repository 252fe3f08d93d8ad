namespace PouchMonitor.Firmware;

/// <summary>
/// The board's single lines. Every relay is normally open and held closed by an external latch: closing arms the latch,
/// opening trips it, and the window comparator trips it without this program.
/// </summary>
public interface IBoardPins
{
    /// <summary>Closes or opens the relay of a channel (0 to 3).</summary>
    void SetRelay(int channelIndex, bool isClosed);

    /// <summary>True while the channel's latch says that the relay is closed; what is, not what was ordered.</summary>
    bool IsRelayClosed(int channelIndex);

    /// <summary>True while the channel's window comparator holds the latch tripped.</summary>
    bool IsComparatorTripped(int channelIndex);

    /// <summary>True while the reset button is held down.</summary>
    bool IsButtonPressed { get; }

    /// <summary>True while current flows through the trigger input, which is isolated and the node's only one.</summary>
    bool IsTriggerClosed { get; }

    /// <summary>The lamp by which a node is found in a rack.</summary>
    void SetLamp(bool isLit);

    /// <summary>
    /// Pulls the reset line of the bus multiplexer: no segment is selected afterwards. A segment that is held down cannot be
    /// left in any other way, since it holds the multiplexer's own wires as well.
    /// </summary>
    void ResetMultiplexer();

    /// <summary>Tells the external watchdog that the loop is healthy; without it the board is reset and all relays open.</summary>
    void KickWatchdog();
}
