using System;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// One channel's front end whose quantities are functions of the world's time in seconds: for tests of the measurement
/// itself, where an emulated cell would be in the way. Errors of the front end (what a calibration has to find) and noise
/// can be set. Positive current charges the cell.
/// </summary>
public sealed class ScriptedRig
{
    private readonly ChannelConfiguration channel;
    private readonly VirtualClock clock;
    private readonly SeededNoise noise;

    public ScriptedRig(IEmulatedWires wires, VirtualClock clock, ChannelConfiguration channel, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(wires);
        ArgumentNullException.ThrowIfNull(channel);
        this.clock = clock;
        this.channel = channel;
        BetaKelvin = channel.ThermistorBetaKelvin;
        noise = new SeededNoise(seed);
        VoltageConverter = new EmulatedAds1115(clock, pin => pin == 0 ? VoltagePin() : 0);
        CurrentConverter = new EmulatedAds1115(clock, pin => pin == 0 ? ShuntPin() : 0);
        DividerConverter = new EmulatedAds1115(clock, DividerPin);
        Infrared = new EmulatedMlx90614(channel.InfraredAddress, () => InfraredC(Now), () => AmbientC(Now));
        Thermocouple = new EmulatedMcp9600(clock, () => ThermocoupleC(Now));
        Array = new EmulatedAmg8833(pixel => PixelC(pixel, Now));
        Attach(wires, channel.VoltageAddress, VoltageConverter);
        Attach(wires, channel.CurrentAddress, CurrentConverter);
        Attach(wires, channel.DividerAddress, DividerConverter);
        Attach(wires, channel.InfraredAddress, Infrared);
        Attach(wires, channel.ThermocoupleAddress, Thermocouple);
        Attach(wires, channel.ArrayAddress, Array);
    }

    public Func<double, double> VoltageV { get; set; } = _ => 3.7;

    public Func<double, double> CurrentA { get; set; } = _ => 0;

    public Func<double, double> SurfaceC { get; set; } = _ => 25;

    public Func<double, double> AmbientC { get; set; } = _ => 25;

    public Func<double, double> InfraredC { get; set; } = _ => 25;

    public Func<double, double> ThermocoupleC { get; set; } = _ => 25;

    /// <summary>Temperature of a pixel (0 to 63) at a time.</summary>
    public Func<int, double, double> PixelC { get; set; } = (_, _) => 25;

    /// <summary>Standard deviation of the noise at the voltage's and the shunt's inputs.</summary>
    public double VoltageNoiseV { get; set; }

    public double ShuntNoiseV { get; set; }

    /// <summary>What the voltage's front end adds, and the share by which it amplifies too much.</summary>
    public double VoltageOffsetV { get; set; }

    public double VoltageGainError { get; set; }

    /// <summary>What the shunt's front end adds at the converter, and the share by which the shunt is too large.</summary>
    public double ShuntOffsetV { get; set; }

    public double ShuntGainError { get; set; }

    /// <summary>Beta of the thermistors; the configured one unless set.</summary>
    public double BetaKelvin { get; set; }

    /// <summary>Share by which the surface thermistor's resistance is too large.</summary>
    public double ThermistorError { get; set; }

    public EmulatedAds1115 VoltageConverter { get; }

    public EmulatedAds1115 CurrentConverter { get; }

    public EmulatedAds1115 DividerConverter { get; }

    public EmulatedMlx90614 Infrared { get; }

    public EmulatedMcp9600 Thermocouple { get; }

    public EmulatedAmg8833 Array { get; }

    private double Now => clock.UptimeMicroseconds / 1e6;

    private static void Attach(IEmulatedWires wires, int address, IEmulatedPart part)
    {
        if (address != 0)
        {
            wires.Attach(address, part);
        }
    }

    private double VoltagePin()
    {
        double divided = VoltageV(Now) * 1e6 / channel.VoltageRatioMillionths;
        return (divided * (1 + VoltageGainError)) + VoltageOffsetV + (VoltageNoiseV * noise.NextGaussian());
    }

    private double ShuntPin()
    {
        double drop = CurrentA(Now) * channel.ShuntMicroohms / 1e6 * (1 + ShuntGainError);
        return drop + ShuntOffsetV + (ShuntNoiseV * noise.NextGaussian());
    }

    private double DividerPin(int pin) => pin switch
    {
        0 => EmulatedFrontEnd.DividerVolts(channel, SurfaceC(Now), BetaKelvin, 1 + ThermistorError),
        1 => EmulatedFrontEnd.DividerVolts(channel, AmbientC(Now), BetaKelvin),
        2 => EmulatedFrontEnd.DividerSupplyV,
        _ => 0,
    };
}
