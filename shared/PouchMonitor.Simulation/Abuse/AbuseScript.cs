namespace PouchMonitor.Simulation.Abuse;

/// <summary>
/// One emulated abuse of a 2 Ah pouch: what is done when, counted in seconds from the moment at which the event physically begins, and
/// what the cell has in it. Everything follows from kind, outcome and seed. Immutable.
/// <para>
/// The sizes are those of published tests: pouches that run away peak between some 400 and 700 C at their surface, begin to heat
/// themselves near 90 to 110 C, open near 110 to 130 C and lose a tenth to a third of their mass (Feng et al., Energy Storage
/// Materials 10, 2018, 246; Lamb et al., J. Power Sources 283, 2015, 517; Ren et al., Applied Energy 228, 2018, 633).
/// </para>
/// </summary>
public sealed record AbuseScript
{
    /// <summary>Temperature of the chamber before anything is done, C.</summary>
    public const double RoomC = 25;

    public required EmulatedAbuseKind Kind { get; init; }

    public required EmulatedAbuseOutcome Outcome { get; init; }

    public EmulatedAbuseFault Fault { get; init; }

    public required ulong Seed { get; init; }

    public double CapacityAh { get; init; } = 2;

    public double MassG { get; init; } = 38;

    /// <summary>State of charge before the event, 0 to 1.</summary>
    public required double StateOfCharge { get; init; }

    /// <summary>Resistance that follows the current at once, Ohm.</summary>
    public double OhmicOhm { get; init; } = 0.03;

    /// <summary>Heat to the chamber, W/K, radiation not included.</summary>
    public double HeatLossWPerK { get; init; } = 0.12;

    /// <summary>Heat that decomposition can release, J.</summary>
    public required double DecompositionJ { get; init; }

    /// <summary>Temperature of the stack at which the pouch opens, C; infinite where it does not.</summary>
    public double VentC { get; init; } = double.PositiveInfinity;

    /// <summary>Resistance across the inside from a time on, Ohm; the last one that has begun holds, infinite before the first.</summary>
    public IReadOnlyList<(double AtS, double Ohm)> Shorts { get; init; } = [];

    /// <summary>Resistance across the terminals while the exposure lasts, Ohm; infinite for none.</summary>
    public double ExternalOhm { get; init; } = double.PositiveInfinity;

    /// <summary>Current that a source forces while the exposure lasts, A; positive charges.</summary>
    public double ForcedA { get; init; }

    /// <summary>End of the exposure: short opened, source off, oven's hold over; infinite where there is none to end.</summary>
    public double ExposureS { get; init; } = double.PositiveInfinity;

    /// <summary>Rate of the oven, C/min, and where it stops.</summary>
    public double OvenCPerMinute { get; init; }

    public double OvenC { get; init; } = RoomC;

    /// <summary>Surface of the neighbour that runs away at the start, C, which falls with <see cref="NeighbourTimeS"/>.</summary>
    public double NeighbourC { get; init; } = RoomC;

    public double NeighbourTimeS { get; init; } = 120;

    /// <summary>Through the spacer to this cell's surface, W/K.</summary>
    public double NeighbourWPerK { get; init; }

    /// <summary>Makes one of a kind. <paramref name="ovenCPerMinute"/>: rate of the oven, 5 C/min as in the standards unless given.</summary>
    public static AbuseScript Create(
        EmulatedAbuseKind kind, EmulatedAbuseOutcome outcome, EmulatedAbuseFault fault = EmulatedAbuseFault.None, ulong seed = 1,
        double ovenCPerMinute = 5) =>
        AbuseScripts.Create(kind, outcome, fault, seed, ovenCPerMinute);

    /// <summary>Resistance across the inside at a time, Ohm.</summary>
    public double ShortOhm(double timeS)
    {
        double ohm = double.PositiveInfinity;
        for (int i = 0; i < Shorts.Count && timeS >= Shorts[i].AtS; i++)
        {
            ohm = Shorts[i].Ohm;
        }

        return ohm;
    }

    /// <summary>Temperature of the chamber at a time, C.</summary>
    public double ChamberC(double timeS) => timeS >= ExposureS || timeS <= 0 || OvenCPerMinute == 0
        ? RoomC
        : Math.Min(OvenC, RoomC + (OvenCPerMinute / 60 * timeS));

    /// <summary>Heat from the neighbour into the surface at a time, W.</summary>
    public double NeighbourW(double timeS, double surfaceC) => timeS < 0
        ? 0
        : NeighbourWPerK * Math.Max(0, RoomC + ((NeighbourC - RoomC) * Math.Exp(-timeS / NeighbourTimeS)) - surfaceC);
}
