using System;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>What every emulated front end has in common: the noise of a good board, and the thermistor's divider.</summary>
internal static class EmulatedFrontEnd
{
    /// <summary>At the voltage converter's input, V.</summary>
    public const double VoltageNoiseV = 60e-6;

    /// <summary>At the shunt's input, V.</summary>
    public const double ShuntNoiseV = 4e-6;

    public const double ContactNoiseK = 0.015;

    public const double InfraredNoiseK = 0.06;

    /// <summary>Supply of the dividers, V.</summary>
    public const double DividerSupplyV = 3.3;

    private const double RoomKelvin = 298.15;
    private const double ZeroCelsiusKelvin = 273.15;

    /// <summary>Voltage at a divider's pin, V.</summary>
    /// <param name="channel">Its resistors.</param>
    /// <param name="celsius">Temperature of the thermistor, C.</param>
    /// <param name="betaKelvin">Its beta, K.</param>
    /// <param name="factor">By which its resistance is too large.</param>
    public static double DividerVolts(ChannelConfiguration channel, double celsius, double betaKelvin, double factor = 1)
    {
        double ohms = channel.ThermistorOhmsAt25C * factor
            * Math.Exp(betaKelvin * ((1 / (celsius + ZeroCelsiusKelvin)) - (1 / RoomKelvin)));
        return DividerSupplyV * ohms / (ohms + channel.ThermistorSeriesOhms);
    }
}
