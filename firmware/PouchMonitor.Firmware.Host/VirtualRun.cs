using System;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// Drives a node's three threads, sampling, publishing and protection's round, over the emulated board's virtual time, one at a time like the
/// device's runtime: what blocks in one (a handshake, a stuck bus, the erasing of flash) lets time pass and makes the others
/// late, and a runnable thread may keep the processor for its quantum before another gets it.
/// </summary>
public sealed class VirtualRun
{
    private const long PumpIntervalMicroseconds = 50_000;
    private const int QuantumMicroseconds = 20_000;

    private readonly EmulatedBoard board;
    private readonly PouchNode node;
    private readonly SeededNoise? quantum;
    private long nextPumpMicroseconds;
    private long nextTickMicroseconds;

    /// <param name="board">The board, in the boot that the node was made in.</param>
    /// <param name="node">The node.</param>
    /// <param name="quantumSeed">Decides how long the other thread keeps the processor; null for never.</param>
    public VirtualRun(EmulatedBoard board, PouchNode node, ulong? quantumSeed = null)
    {
        this.board = board;
        this.node = node;
        quantum = quantumSeed is { } seed ? new SeededNoise(seed) : null;
        nextPumpMicroseconds = board.Clock.UptimeMicroseconds;
        nextTickMicroseconds = nextPumpMicroseconds;
    }

    /// <summary>While true the publishing thread hangs.</summary>
    public bool IsPublisherHung { get; set; }

    /// <summary>While true the sampling thread hangs.</summary>
    public bool IsSamplerHung { get; set; }

    /// <summary>Told how long another thread kept the processor when the sampling thread wanted it, microseconds.</summary>
    public Action<long>? OnQuantum { get; set; }

    /// <summary>
    /// How many times longer than on the device the publishing and protecting threads rest: for runs of days in which
    /// nothing depends on it, 1 otherwise.
    /// </summary>
    public int Slowness { get; init; } = 1;

    /// <summary>Called after each sample and each pump, for what happens in the world.</summary>
    public Action? OnTurn { get; set; }

    /// <summary>Runs up to a world time; returns early when the program runs no more.</summary>
    public void RunUntil(long worldMicroseconds)
    {
        while (!board.IsDown)
        {
            long sampleAt = IsSamplerHung ? long.MaxValue : node.Loop.NextDueMicroseconds;
            long pumpAt = IsPublisherHung ? long.MaxValue : nextPumpMicroseconds;
            long at = board.NodeClock.ToWorld(Math.Min(sampleAt, Math.Min(pumpAt, nextTickMicroseconds)));
            if (at > worldMicroseconds)
            {
                board.Time.AdvanceTo(worldMicroseconds);
                return;
            }

            board.Time.AdvanceTo(at);
            if (board.IsDown)
            {
                return;
            }

            if (sampleAt <= pumpAt && sampleAt <= nextTickMicroseconds)
            {
                if (quantum is not null)
                {
                    long kept = (long)(quantum.NextUnit() * QuantumMicroseconds);
                    board.Time.WaitMicroseconds(kept);
                    OnQuantum?.Invoke(kept);
                }

                node.Loop.RunNext(long.MaxValue);
            }
            else if (nextTickMicroseconds <= pumpAt)
            {
                node.Protection.Tick();
                nextTickMicroseconds = board.Clock.UptimeMicroseconds + (Slowness * NodeProtection.TickIntervalMicroseconds);
            }
            else
            {
                node.Pump(board.Clock.UptimeMicroseconds);
                node.Protection.Health.BeatPublisher(board.Clock.UptimeMicroseconds);
                nextPumpMicroseconds = board.Clock.UptimeMicroseconds + (Slowness * PumpIntervalMicroseconds);
            }

            OnTurn?.Invoke();
        }
    }
}
