namespace PouchMonitor.Simulation.Abuse;

/// <summary>
/// The pouch of an <see cref="AbuseScript"/> on a fixed grid of <see cref="StepS"/> from the moment of the event: charge, open-circuit
/// voltage behind an ohmic resistance with shorts inside and outside, stack and surface as two heat nodes with loss by convection
/// and radiation, one Arrhenius reaction that transport limits, the separator's collapse, and the vent: mass and heat that leave with
/// the expanding gas (the electrolyte's evaporation and the Joule-Thomson effect), and the voltage that dips as the stack loosens.
/// </summary>
public sealed class AbuseCell
{
    /// <summary>Step of the equations, s.</summary>
    public const double StepS = 0.002;

    private const double ZeroCelsiusK = 273.15;
    private const double JPerGK = 1.0;
    private const double SurfaceShare = 0.16;
    private const double CoreWPerK = 3;

    // Both faces of a 2 Ah pouch, 0.01 m2, of a foil with an emissivity of 0.3.
    private const double RadiationWPerK4 = 0.3 * 5.67e-8 * 0.01;

    // As in CellPhysics; beyond some 170 C gas and melt have to leave before more can react.
    private const double RatePerS = 3e11;
    private const double ActivationK = 12_500;
    private const double FastestPerS = 0.5;
    private const double FullJ = 15_000;
    private const double CollapseC = 165;
    private const double CollapsedOhm = 0.003;

    private const double VentW = 260;
    private const double VentTimeS = 1;
    private const double VentMassShare = 0.12;
    private const double RunawayMassShare = 0.22;
    private const double VentDipV = 0.06;
    private const double VentDipTimeS = 0.3;

    private readonly AbuseScript script;
    private readonly double coreJPerK;
    private readonly double surfaceJPerK;
    private double chargeAh;
    private double leftJ;
    private bool isCollapsed;
    private long steps;

    public AbuseCell(AbuseScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        this.script = script;
        coreJPerK = script.MassG * JPerGK * (1 - SurfaceShare);
        surfaceJPerK = script.MassG * JPerGK * SurfaceShare;
        chargeAh = script.StateOfCharge * script.CapacityAh;
        leftJ = script.DecompositionJ;
        VoltageV = RestingVoltageV;
    }

    /// <summary>Seconds since the event at which the present state holds.</summary>
    public double TimeS => steps * StepS;

    public double VoltageV { get; private set; }

    /// <summary>Positive charges.</summary>
    public double CurrentA { get; private set; }

    /// <summary>Temperature of the stack, which no sensor sees.</summary>
    public double CoreC { get; private set; } = AbuseScript.RoomC;

    public double SurfaceC { get; private set; } = AbuseScript.RoomC;

    public double ChamberC { get; private set; } = AbuseScript.RoomC;

    /// <summary>Heat of decomposition now, W.</summary>
    public double DecompositionW { get; private set; }

    /// <summary>When the pouch opened, s; null while it is closed.</summary>
    public double? VentedAtS { get; private set; }

    public double MassLostG { get; private set; }

    /// <summary>True while the relay between cell and source is open.</summary>
    public bool IsDisconnected { get; set; }

    private double RestingVoltageV => OpenCircuitV(chargeAh / script.CapacityAh);

    /// <summary>Share of what a full cell has in it that has reacted.</summary>
    private double Reacted => (script.DecompositionJ - leftJ) / FullJ;

    /// <summary>Moves one step.</summary>
    public void Step()
    {
        double t = TimeS;
        bool isExposed = t < script.ExposureS && !IsDisconnected;
        double stateOfCharge = chargeAh / script.CapacityAh;
        double openCircuit = RestingVoltageV * Math.Clamp(1.3 - (1.3 * Reacted), 0, 1);
        double ohmic = script.OhmicOhm * (1 + (6 * Math.Max(0, stateOfCharge - 1)));
        isCollapsed |= CoreC >= CollapseC;
        double inside = isCollapsed ? Math.Min(CollapsedOhm, script.ShortOhm(t)) : script.ShortOhm(t);
        double forced = isExposed ? script.ForcedA : 0;
        double outside = isExposed ? script.ExternalOhm : double.PositiveInfinity;
        double conductance = (1 / inside) + (1 / outside) + (1 / ohmic);
        double volts = Math.Min(5.4, (forced + (openCircuit / ohmic)) / conductance);
        double through = (volts - openCircuit) / ohmic;
        CurrentA = forced - (volts / outside);
        chargeAh += through * StepS / 3600;
        double shortW = volts * volts / inside;
        double ohmicW = through * through * ohmic;
        StepHeat(t, shortW + ohmicW + SideW(stateOfCharge, forced));
        VoltageV = volts - VentDip(t);
        steps++;
    }

    /// <summary>
    /// Open-circuit voltage of a layered oxide against lithium, with what happens past both ends: it rises to where electrolyte
    /// is oxidised, and falls through zero to where the copper dissolves.
    /// </summary>
    private static double OpenCircuitV(double stateOfCharge) => stateOfCharge switch
    {
        > 1 => 4.18 + (1.3 * (stateOfCharge - 1)),
        < 0 => Math.Max(-1, 2 + (60 * stateOfCharge)),
        < 0.08 => 2 + (stateOfCharge / 0.08 * 1.4),
        _ => 3.4 + (0.78 * (stateOfCharge - 0.08) / 0.92),
    };

    /// <summary>Heat of what the current does past both ends: oxidised electrolyte and plated lithium, or dissolved copper.</summary>
    private static double SideW(double stateOfCharge, double forcedA) => stateOfCharge switch
    {
        > 1 when forcedA > 0 => forcedA * Math.Min(3.2, 6.5 * (stateOfCharge - 1)),
        < 0 when forcedA < 0 => -forcedA * Math.Min(1.05, -30 * stateOfCharge),
        _ => 0,
    };

    private void StepHeat(double t, double heatW)
    {
        double rate = Math.Min(FastestPerS, RatePerS * Math.Exp(-ActivationK / (CoreC + ZeroCelsiusK)));
        double reactedJ = leftJ * (1 - Math.Exp(-rate * StepS));
        leftJ -= reactedJ;
        DecompositionW = reactedJ / StepS;
        if (VentedAtS is null && CoreC >= script.VentC)
        {
            VentedAtS = t;
            MassLostG += VentMassShare * script.MassG;
        }

        double ventW = VentedAtS is { } at ? VentW * Math.Exp(-(t - at) / VentTimeS) : 0;
        if (script.Outcome == EmulatedAbuseOutcome.Runaway)
        {
            MassLostG += RunawayMassShare * script.MassG * reactedJ / script.DecompositionJ;
        }

        ChamberC = script.ChamberC(t);
        double across = CoreWPerK * (CoreC - SurfaceC);
        double surfaceK = SurfaceC + ZeroCelsiusK;
        double chamberK = ChamberC + ZeroCelsiusK;
        double lossW = (script.HeatLossWPerK * (SurfaceC - ChamberC))
            + (RadiationWPerK4 * ((surfaceK * surfaceK * surfaceK * surfaceK) - (chamberK * chamberK * chamberK * chamberK)));
        CoreC += (heatW + DecompositionW - ventW - across) / coreJPerK * StepS;
        SurfaceC += (across + script.NeighbourW(t, SurfaceC) - lossW) / surfaceJPerK * StepS;
    }

    private double VentDip(double t) =>
        VentedAtS is { } at && VoltageV > 2 * VentDipV ? VentDipV * Math.Exp(-(t - at) / VentDipTimeS) : 0;
}
