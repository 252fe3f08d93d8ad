using System;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>One channel of an emulated node: a cell on its cycler and the front end between it and the bus.</summary>
internal sealed class EmulatedPlace
{
    private readonly EmulatedNodeOptions node;
    private double overSinceS = double.NaN;

    public EmulatedPlace(EmulatedNodeOptions node, EmulatedCellOptions cell)
    {
        this.node = node;
        EmulatedCellProfile profile = EmulatedCells.Create(cell.CellName);
        Options = cell;
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

    /// <summary>Shunt of the channel: 50 mOhm for large pouches, else 100 mOhm.</summary>
    public int ShuntMicroohms => Profile.NominalCapacityAh > 1.5 ? 50_000 : 100_000;

    /// <summary>True once the programme is over and, where the cycler gave up on the cell, it has been watched long enough.</summary>
    public bool IsOver
    {
        get
        {
            if (!Run.Cycler.IsOver)
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

    /// <summary>Solders the front end on, to the board's bus or behind its multiplexer.</summary>
    public EmulatedCellRig Connect(EmulatedBoard board, ChannelConfiguration channel)
    {
        IEmulatedWires wires = channel.MultiplexerOutput < 0
            ? board.Bus
            : board.Bus.Multiplexer!.Segment(channel.MultiplexerOutput);
        return new EmulatedCellRig(wires, board.Time, channel, Run, Options.Seed);
    }
}
