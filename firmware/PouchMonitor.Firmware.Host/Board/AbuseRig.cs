using System;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Simulation;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The front end of an abuse test: a channel of the reference board with thermistor, thermocouple, infrared thermometer and array on the
/// surface of a cell that goes by an <see cref="AbuseRun"/>, with the noise of a good board.
/// </summary>
public sealed class AbuseRig
{
    private const double ThermocoupleNoiseK = 0.05;
    private const double PixelNoiseK = 0.15;

    // So cold that the divider shows an open circuit.
    private const double OpenC = -120;

    private readonly AbuseRun run;
    private readonly EmulatedBoard board;
    private readonly int channelIndex;
    private readonly SeededNoise noise;
    private readonly ScriptedRig rig;
    private bool wasClosed;

    public AbuseRig(IEmulatedWires wires, EmulatedBoard board, ChannelConfiguration channel, int channelIndex, AbuseRun run)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(run);
        this.run = run;
        this.board = board;
        this.channelIndex = channelIndex;
        noise = new SeededNoise(run.Script.Seed ^ 0xAB05_AB05_AB05_AB05);
        rig = new ScriptedRig(wires, board.Time, channel, run.Script.Seed)
        {
            VoltageV = at => At(at).VoltageV,
            CurrentA = at => At(at).CurrentA,
            SurfaceC = SurfaceC,
            AmbientC = at => Noisy(At(at).ChamberC, EmulatedFrontEnd.ContactNoiseK),
            InfraredC = at => Noisy(At(at).SurfaceC, EmulatedFrontEnd.InfraredNoiseK),
            ThermocoupleC = ThermocoupleC,
            PixelC = PixelC,
            VoltageNoiseV = EmulatedFrontEnd.VoltageNoiseV,
            ShuntNoiseV = EmulatedFrontEnd.ShuntNoiseV,
        };
    }

    private double Noisy(double value, double deviation) => value + (deviation * noise.NextGaussian());

    private double SurfaceC(double at)
    {
        AbuseCell cell = At(at);
        return run.IsThermistorOpen ? OpenC : Noisy(cell.SurfaceC, EmulatedFrontEnd.ContactNoiseK);
    }

    private double ThermocoupleC(double at)
    {
        AbuseCell cell = At(at);
        rig.Thermocouple.IsOpen = run.IsThermocoupleOpen;
        return Noisy(cell.SurfaceC, ThermocoupleNoiseK);
    }

    private double PixelC(int pixel, double at)
    {
        At(at);
        return Noisy(run.PixelC(pixel), PixelNoiseK);
    }

    /// <summary>
    /// The cell at a time. What a source does to it ends when the channel's relay opens after it was closed; a source that never was behind
    /// the relay is not cut by it.
    /// </summary>
    private AbuseCell At(double timeS)
    {
        bool isClosed = board.Lines.Conducts(channelIndex);
        wasClosed |= isClosed;
        run.Cell.IsDisconnected = wasClosed && !isClosed;
        run.AdvanceTo(timeS);
        return run.Cell;
    }
}
