using System;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// Drives a node's two threads, sampling and publishing, over the emulated board's virtual time, one at a time like the
/// device's runtime: what blocks in one (a handshake, a stuck bus, the erasing of flash) lets time pass and makes the other
/// late, and a runnable thread may keep the processor for its quantum before the other gets it.
/// </summary>
public sealed class VirtualRun
{
    private const long PumpIntervalMicroseconds = 50_000;
    private const int QuantumMicroseconds = 20_000;

    private readonly EmulatedBoard board;
    private readonly PouchNode node;
    private readonly SeededNoise? quantum;
    private long nextPumpMicroseconds;

    /// <param name="board">The board, in the boot that the node was made in.</param>
    /// <param name="node">The node.</param>
    /// <param name="quantumSeed">Decides how long the other thread keeps the processor; null for never.</param>
    public VirtualRun(EmulatedBoard board, PouchNode node, ulong? quantumSeed = null)
    {
        this.board = board;
        this.node = node;
        quantum = quantumSeed is { } seed ? new SeededNoise(seed) : null;
        nextPumpMicroseconds = board.Clock.UptimeMicroseconds;
    }

    /// <summary>Called after each sample and each pump, for what happens in the world.</summary>
    public Action? OnTurn { get; set; }

    /// <summary>Runs up to a world time; returns early when the program ordered a restart.</summary>
    public void RunUntil(long worldMicroseconds)
    {
        while (!board.IsRestartOrdered)
        {
            long sampleAt = node.Loop.NextDueMicroseconds;
            long at = board.NodeClock.ToWorld(Math.Min(sampleAt, nextPumpMicroseconds));
            if (at > worldMicroseconds)
            {
                board.Time.AdvanceTo(worldMicroseconds);
                return;
            }

            board.Time.AdvanceTo(at);
            if (sampleAt <= nextPumpMicroseconds)
            {
                if (quantum is not null)
                {
                    board.Time.WaitMicroseconds((long)(quantum.NextUnit() * QuantumMicroseconds));
                }

                node.Loop.RunNext(long.MaxValue);
            }
            else
            {
                node.Pump(board.Clock.UptimeMicroseconds);
                nextPumpMicroseconds = board.Clock.UptimeMicroseconds + PumpIntervalMicroseconds;
            }

            OnTurn?.Invoke();
        }
    }
}
