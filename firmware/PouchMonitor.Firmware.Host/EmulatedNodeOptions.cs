using System;
using System.Collections.Generic;
using PouchMonitor.Simulation;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Firmware.Host;

/// <summary>One emulated node with one cell on it, and the broker it publishes to.</summary>
public sealed record EmulatedNodeOptions
{
    /// <summary>Name of the node (1 to 64 of A-Z a-z 0-9 . _ -).</summary>
    public required string Node { get; init; }

    /// <summary>Name in <see cref="EmulatedCells"/>.</summary>
    public required string CellName { get; init; }

    /// <summary>Label of channel 1, which names the test; null takes <see cref="CellName"/>.</summary>
    public string? Label { get; init; }

    /// <summary>Decides noise and, with <see cref="IsVaried"/>, the piece-to-piece differences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>True for a cell that differs from the catalogue's within what hand-made cells do.</summary>
    public bool IsVaried { get; init; }

    /// <summary>Virtual time between samples, 20 ms to 1 h.</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Virtual time between two passes of the sensors, 20 ms to 1 s; null makes each pass a sample, which is what accelerated
    /// time can afford.
    /// </summary>
    public TimeSpan? AcquireInterval { get; init; }

    /// <summary>A frame leaves with this many samples.</summary>
    public int FrameSampleCount { get; init; } = 60;

    /// <summary>Virtual date at which the node starts.</summary>
    public required long VirtualStartUnixMicroseconds { get; init; }

    /// <summary>Frames the node holds at most.</summary>
    public int StoreFrameCount { get; init; } = 4096;

    /// <summary>Cells on channels 2 to 4; null for none. The converters of each channel are then behind the multiplexer.</summary>
    public IReadOnlyList<EmulatedCellOptions>? MoreCells { get; init; }

    /// <summary>Virtual seconds that pass in one; infinite for as many as the broker takes frames of.</summary>
    public double Acceleration { get; init; } = 1;

    /// <summary>Cycles of the programme; then the test ends and the node stays online.</summary>
    public int Cycles { get; init; } = 100;

    /// <summary>Virtual time after which the tests end, wherever the programme is; null for never.</summary>
    public TimeSpan? EndsAfter { get; init; }

    /// <summary>Null takes the protocol of the cell's profile.</summary>
    public CyclerProtocol? Protocol { get; init; }

    /// <summary>Null for none.</summary>
    public EmulatedFault? InjectedFault { get; init; }

    /// <summary>What is done to the cell on channel 1 instead of cycling it; null for nothing. Begins once the node samples that channel fast.</summary>
    public AbuseScript? Abuse { get; init; }

    /// <summary>Virtual time from the first fast sample to the event.</summary>
    public TimeSpan AbuseDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>True where the press closes the node's trigger input when the event begins.</summary>
    public bool HasTriggerInput { get; init; }

    /// <summary>Bytes of frames that wait on flash at most; 0 for none, which accelerated time needs.</summary>
    public int StoreFlashBytes { get; init; }

    /// <summary>Virtual time for which a cell that its cycler gave up on is still watched before the test ends.</summary>
    public TimeSpan WatchAfterAbort { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Random number of this start; null draws one, which a real node always does.</summary>
    public ulong? Boot { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    public string? UserName { get; init; }

    public string? Password { get; init; }
}
