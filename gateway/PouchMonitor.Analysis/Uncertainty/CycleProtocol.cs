namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>One cycle at constant currents.</summary>
/// <param name="Name">Which protocol.</param>
/// <param name="CapacityAh">Discharged, ampere-hours.</param>
/// <param name="ChargeA">Charging current, a magnitude.</param>
/// <param name="DischargeA">Discharging current, a magnitude.</param>
/// <param name="Efficiency">Coulombic efficiency.</param>
public sealed record CycleProtocol(string Name, double CapacityAh, double ChargeA, double DischargeA, double Efficiency)
{
    private const double SecondsPerHour = 3600;

    /// <summary>1 Ah pouch, 0.2 C charge and 0.5 C discharge (reference cell dne-pouch).</summary>
    public static CycleProtocol OneAmpereHour { get; } = new("1 Ah, 0.2 C / 0.5 C", 1, 0.2, 0.5, 0.998);

    /// <summary>3 Ah pouch, 0.2 C charge and 1 C discharge (reference cell tve-pouch).</summary>
    public static CycleProtocol ThreeAmpereHours { get; } = new("3 Ah, 0.2 C / 1 C", 3, 0.6, 3, 0.998);

    /// <summary>Anode-free 1 Ah pouch at 0.1 C (reference cell copc-anode-free).</summary>
    public static CycleProtocol AnodeFree { get; } = new("1 Ah anode-free, 0.1 C / 0.1 C", 1, 0.1, 0.1, 0.995);

    /// <summary>Charge out, coulombs.</summary>
    public double DischargeC => CapacityAh * SecondsPerHour;

    /// <summary>Charge in, coulombs.</summary>
    public double ChargeC => DischargeC / Efficiency;

    /// <summary>Time of the discharge, seconds.</summary>
    public double DischargeSeconds => DischargeC / DischargeA;

    /// <summary>Time of the charge, seconds.</summary>
    public double ChargeSeconds => ChargeC / ChargeA;
}
