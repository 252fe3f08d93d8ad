namespace PouchMonitor.Firmware.Host.Board;

/// <summary>A pair of bus wires that parts are soldered to: the board's bus or a segment behind the multiplexer.</summary>
public interface IEmulatedWires
{
    /// <summary>Solders a part on.</summary>
    void Attach(int address, IEmulatedPart part);

    /// <summary>Takes a part off; from then on nobody answers there.</summary>
    bool Detach(int address);
}
