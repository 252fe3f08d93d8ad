using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What a channel needs from the gateway around it.</summary>
/// <param name="History">Stored frames.</param>
/// <param name="ReorderHoldMicroseconds">How long a missing frame is waited for.</param>
/// <param name="ProfileOf">Profile of the cell on a node's channel.</param>
/// <param name="BeginTest">Makes a test for a node and channel, beginning with a segment.</param>
internal sealed record ChannelServices(
    IFrameHistory History,
    long ReorderHoldMicroseconds,
    Func<string, string, CellProfile> ProfileOf,
    Func<string, string, TestSegment, TestRun> BeginTest)
{
    /// <summary>Name of the cell on a node's channel.</summary>
    public Func<string, string, string> CellOf { get; init; } = static (node, channel) => $"{node}.{channel}";

    /// <summary>What nodes have told of their calibrations.</summary>
    public CalibrationBook Calibrations { get; init; } = new();
}
