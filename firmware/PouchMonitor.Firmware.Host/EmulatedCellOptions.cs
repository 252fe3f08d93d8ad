using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>A cell on one of the further channels of an emulated node.</summary>
public sealed record EmulatedCellOptions
{
    /// <summary>Name in <see cref="EmulatedCells"/>.</summary>
    public required string CellName { get; init; }

    /// <summary>Label of the channel, which names the test; null takes <see cref="CellName"/>.</summary>
    public string? Label { get; init; }

    /// <summary>Decides noise, pauses and, where the node's cells vary, the piece-to-piece differences.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Null takes the protocol of the cell's profile.</summary>
    public CyclerProtocol? Protocol { get; init; }

    /// <summary>Null for none.</summary>
    public EmulatedFault? InjectedFault { get; init; }
}
