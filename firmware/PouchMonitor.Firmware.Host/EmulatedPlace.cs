using System;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Simulation;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Firmware.Host;

/// <summary>One channel of an emulated node: a cell on its cycler and the front end between it and the bus.</summary>
internal sealed class EmulatedPlace
{
    private readonly EmulatedNodeOptions node;
    private double overSinceS = double.NaN;

    public EmulatedPlace(EmulatedNodeOptions node, EmulatedCellOptions cell, AbuseScript? abuse = null)
    {
        this.node = node;
        EmulatedCellProfile profile = EmulatedCells.Create(cell.CellName);
        Options = cell;
        Abuse = abuse is null ? null : new AbuseRun(abuse);
        Profile = node.IsVaried ? EmulatedCells.Varied(profile, cell.Seed) : profile;
        Run = new CellOnCycler(new CellRunOptions
        {
            Profile = Profile,
            Protocol = cell.Protocol,
            Cycles = node.Cycles,
            Fault = cell.InjectedFault,
            Seed = cell.Seed,
            StepS = Math.Min(1, (node.AcquireInterval ?? node.SampleInterval).TotalSeconds),
        });
    }

    public EmulatedCellOptions Options { get; }

    public EmulatedCellProfile Profile { get; }

    public CellOnCycler Run { get; }

    /// <summary>What is done to the cell instead of cycling it; null for nothing.</summary>
    public AbuseRun? Abuse { get; }

    /// <summary>Shunt of the channel: 1 mOhm for short circuits, 50 mOhm for large pouches, else 100 mOhm.</summary>
    public int ShuntMicroohms => Abuse is not null ? 1000 : Profile.NominalCapacityAh > 1.5 ? 50_000 : 100_000;

    /// <summary>True once the programme is over and, where the cycler gave up on the cell, it has been watched long enough.</summary>
    public bool IsOver
    {
        get
        {
            if (Abuse is not null || !Run.Cycler.IsOver)
            {
                return false;
            }

            if (double.IsNaN(overSinceS))
            {
                overSinceS = Run.TimeS;
            }

            double watchS = Run.Cycler.Phase == CyclerPhase.Aborted ? node.WatchAfterAbort.TotalSeconds : 0;
            return Run.TimeS - overSinceS >= watchS;
        }
    }

    /// <summary>Solders the front end on, to the board's bus or behind its multiplexer; null for that of an abuse.</summary>
    public EmulatedCellRig? Connect(EmulatedBoard board, ChannelConfiguration channel, int channelIndex)
    {
        IEmulatedWires wires = channel.MultiplexerOutput < 0
            ? board.Bus
            : board.Bus.Multiplexer!.Segment(channel.MultiplexerOutput);
        if (Abuse is { } abuse)
        {
            _ = new AbuseRig(wires, board, channel, channelIndex, abuse);
            return null;
        }

        return new EmulatedCellRig(wires, board.Time, channel, Run, Options.Seed);
    }
}
