using System;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// One channel's front end with an emulated cell in it: turns the cell's state into the voltages at the converters' pins
/// (shunt drop, thermistor dividers), with the noise of a good board, and lets faults of sensors happen.
/// </summary>
public sealed class EmulatedCellRig
{
    private readonly ChannelConfiguration channel;
    private readonly VirtualClock clock;
    private readonly CellOnCycler run;
    private readonly SeededNoise noise;
    private readonly IEmulatedWires bus;
    private bool infraredIsGone;

    public EmulatedCellRig(IEmulatedWires bus, VirtualClock clock, ChannelConfiguration channel, CellOnCycler run, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(channel);
        this.bus = bus;
        this.clock = clock;
        this.channel = channel;
        this.run = run;
        noise = new SeededNoise(seed ^ 0xB0A2_D000_B0A2_D000);
        VoltageConverter = new EmulatedAds1115(clock, VoltagePin);
        CurrentConverter = new EmulatedAds1115(clock, ShuntPin);
        DividerConverter = new EmulatedAds1115(clock, DividerPin);
        Infrared = new EmulatedMlx90614(channel.InfraredAddress, ObjectC, () => Now().AmbientC);
        bus.Attach(channel.VoltageAddress, VoltageConverter);
        bus.Attach(channel.CurrentAddress, CurrentConverter);
        bus.Attach(channel.DividerAddress, DividerConverter);
        bus.Attach(channel.InfraredAddress, Infrared);
    }

    public EmulatedAds1115 VoltageConverter { get; }

    public EmulatedAds1115 CurrentConverter { get; }

    public EmulatedAds1115 DividerConverter { get; }

    public EmulatedMlx90614 Infrared { get; }

    /// <summary>
    /// Whether current can flow through the channel's relay; null where cell and cycler are wired past it, as for a node that
    /// only watches. Judged when the cell's state is asked for, for the steps since it was asked before.
    /// </summary>
    public Func<bool>? Conducts { get; set; }

    /// <summary>The cell and its cycler at the board's present time.</summary>
    public CellOnCycler Now()
    {
        run.IsDisconnected = Conducts is { } conducts && !conducts();
        run.AdvanceTo(clock.UptimeMicroseconds / 1e6);
        if (run.ActiveFault == EmulatedFaultKind.InfraredAbsent && !infraredIsGone)
        {
            infraredIsGone = true;
            bus.Detach(channel.InfraredAddress);
        }

        return run;
    }

    private double VoltagePin(int pin) => pin == 0 ? Now().VoltageV + (EmulatedFrontEnd.VoltageNoiseV * noise.NextGaussian()) : 0;

    private double ShuntPin(int pin) =>
        pin == 0 ? (Now().CurrentA * channel.ShuntMicroohms / 1e6) + (EmulatedFrontEnd.ShuntNoiseV * noise.NextGaussian()) : 0;

    private double ObjectC() => Now().SurfaceC + (EmulatedFrontEnd.InfraredNoiseK * noise.NextGaussian());

    private double DividerPin(int pin)
    {
        CellOnCycler now = Now();
        return pin switch
        {
            0 when now.ActiveFault == EmulatedFaultKind.SurfaceSensorOpen => EmulatedFrontEnd.DividerSupplyV,
            0 when now.ActiveFault == EmulatedFaultKind.SurfaceSensorShort => 0,
            0 => DividerVolts(now.SurfaceC),
            1 => DividerVolts(now.AmbientC),
            2 => EmulatedFrontEnd.DividerSupplyV,
            _ => 0,
        };
    }

    private double DividerVolts(double celsius) => EmulatedFrontEnd.DividerVolts(
        channel, celsius + (EmulatedFrontEnd.ContactNoiseK * noise.NextGaussian()), channel.ThermistorBetaKelvin);
}
