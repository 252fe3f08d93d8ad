namespace PouchMonitor.Simulation.Abuse;

/// <summary>
/// The events by kind and outcome, within spans that the seed chooses from. A pouch vents without running away when it is nearly
/// empty or when what heats it ends in time; what heats it then stays below 1 C/s, as a slow leak or a current through a resistance does.
/// </summary>
internal static class AbuseScripts
{
    // Heat of decomposition of a full 2 Ah pouch, an emptied one, and one that only gives off gas, J.
    private const double FullJ = 15_000;
    private const double PoorJ = 900;

    public static AbuseScript Create(
        EmulatedAbuseKind kind, EmulatedAbuseOutcome outcome, EmulatedAbuseFault fault, ulong seed, double ovenCPerMinute)
    {
        SeededNoise noise = new(seed ^ ((ulong)(((int)kind * 8) + (int)outcome + 1) * 0x9E37_79B9_7F4A_7C15));
        bool runsAway = outcome == EmulatedAbuseOutcome.Runaway;
        AbuseScript cell = new()
        {
            Kind = kind,
            Outcome = outcome,
            Fault = fault,
            Seed = seed,
            StateOfCharge = outcome == EmulatedAbuseOutcome.Vent ? Within(noise, 0.42, 0.5) : Within(noise, 0.95, 1),
            DecompositionJ = (runsAway ? FullJ : PoorJ) * Within(noise, 0.9, 1.15),
            VentC = outcome == EmulatedAbuseOutcome.NearMiss ? double.PositiveInfinity : Within(noise, 106, 114),
        };
        return kind switch
        {
            EmulatedAbuseKind.ExternalShort => ExternalShort(cell, noise),
            EmulatedAbuseKind.Overcharge => Overcharge(cell, noise),
            EmulatedAbuseKind.OverDischarge => OverDischarge(cell, noise),
            EmulatedAbuseKind.Oven => Oven(cell, noise, ovenCPerMinute),
            EmulatedAbuseKind.Propagation => Propagation(cell, noise),
            _ => cell with { Shorts = InternalShort(kind, outcome, noise) },
        };
    }

    private static double Within(SeededNoise noise, double low, double high) => low + ((high - low) * noise.NextUnit());

    private static (double AtS, double Ohm)[] InternalShort(EmulatedAbuseKind kind, EmulatedAbuseOutcome outcome, SeededNoise noise) => outcome switch
    {
        EmulatedAbuseOutcome.Runaway => Lasting(kind, noise),
        EmulatedAbuseOutcome.Vent => Leaking(kind, noise),
        _ => Passing(kind, noise),
    };

    /// <summary>A hard short that stays: at once under a nail or a blade, in stages where layers tear one after the other.</summary>
    private static (double AtS, double Ohm)[] Lasting(EmulatedAbuseKind kind, SeededNoise noise)
    {
        double ohm = Within(noise, 0.015, 0.03);
        return kind switch
        {
            EmulatedAbuseKind.Crush => [(0, 0.5), (Within(noise, 0.3, 0.5), 0.12), (Within(noise, 0.7, 1.1), 0.05), (Within(noise, 1.3, 1.8), ohm)],
            EmulatedAbuseKind.Bend => [(0, 0.9), (Within(noise, 1.5, 2.5), 0.15), (Within(noise, 4, 8), ohm)],
            _ => [(0, ohm)],
        };
    }

    /// <summary>A short that burns itself free: deep for moments, then a leak that goes away.</summary>
    private static (double AtS, double Ohm)[] Passing(EmulatedAbuseKind kind, SeededNoise noise)
    {
        double deepS = Within(noise, 0.2, 0.5);
        double leak = Within(noise, 1, 2);
        double healedS = Within(noise, 40, 80);
        return kind switch
        {
            EmulatedAbuseKind.Bend => [(0, 0.3), (deepS, 20), (deepS + 2, 0.4), (deepS + 2.5, leak), (healedS, 500)],
            EmulatedAbuseKind.Crush => [(0, 0.4), (0.4, 0.05), (0.4 + (deepS / 2), leak), (healedS, 500)],
            _ => [(0, Within(noise, 0.02, 0.04)), (deepS, leak), (healedS, 500)],
        };
    }

    /// <summary>A short that heats steadily, below 1 C/s, until the pouch has opened and it burns free.</summary>
    private static (double AtS, double Ohm)[] Leaking(EmulatedAbuseKind kind, SeededNoise noise)
    {
        double ohm = Within(noise, 0.44, 0.52);
        double burntS = Within(noise, 190, 205);
        return kind is EmulatedAbuseKind.Crush or EmulatedAbuseKind.Bend
            ? [(0, 2), (Within(noise, 0.5, 1.5), ohm), (burntS, 500)]
            : [(0, ohm), (burntS, 500)];
    }

    private static AbuseScript ExternalShort(AbuseScript cell, SeededNoise noise) => cell.Outcome switch
    {
        EmulatedAbuseOutcome.Runaway => cell with { ExternalOhm = Within(noise, 0.004, 0.006), ExposureS = 600 },
        EmulatedAbuseOutcome.NearMiss => cell with { ExternalOhm = Within(noise, 0.09, 0.1), ExposureS = Within(noise, 25, 35), OhmicOhm = 0.02 },
        _ => cell with
        {
            StateOfCharge = 1,
            ExternalOhm = Within(noise, 0.085, 0.095),
            ExposureS = 600,
            OhmicOhm = 0.024,
            VentC = Within(noise, 86, 90),
        },
    };

    /// <summary>At 3 C, as a charger that has lost its limit does.</summary>
    private static AbuseScript Overcharge(AbuseScript cell, SeededNoise noise) => cell with
    {
        StateOfCharge = 1,
        ForcedA = 3 * cell.CapacityAh,
        ExposureS = cell.Outcome switch
        {
            EmulatedAbuseOutcome.Runaway => 1800,
            EmulatedAbuseOutcome.NearMiss => Within(noise, 200, 260),
            _ => Within(noise, 470, 510),
        },
        VentC = cell.Outcome == EmulatedAbuseOutcome.Vent ? Within(noise, 80, 86) : cell.VentC,
    };

    /// <summary>
    /// Driven backwards at 5 C by the cells in series with it. An empty cell that runs away is rare: copper that was dissolved has
    /// to short it while the string goes on heating.
    /// </summary>
    private static AbuseScript OverDischarge(AbuseScript cell, SeededNoise noise) => cell with
    {
        StateOfCharge = Within(noise, 0.1, 0.14),
        ForcedA = -5 * cell.CapacityAh,
        ExposureS = cell.Outcome switch
        {
            EmulatedAbuseOutcome.Runaway => 1800,
            EmulatedAbuseOutcome.NearMiss => Within(noise, 180, 220),
            _ => Within(noise, 680, 720),
        },
        VentC = cell.Outcome == EmulatedAbuseOutcome.Vent ? Within(noise, 80, 86) : cell.VentC,
    };

    private static AbuseScript Oven(AbuseScript cell, SeededNoise noise, double ovenCPerMinute)
    {
        const double HoldS = 1800;
        return cell with
        {
            StateOfCharge = Within(noise, 0.97, 1),
            HeatLossWPerK = 0.3,
            OvenCPerMinute = ovenCPerMinute,
            OvenC = 130,
            ExposureS = ((130 - AbuseScript.RoomC) / ovenCPerMinute * 60) + HoldS,
            DecompositionJ = cell.Outcome == EmulatedAbuseOutcome.Vent ? 2 * PoorJ : cell.DecompositionJ,
            VentC = cell.Outcome == EmulatedAbuseOutcome.NearMiss ? double.PositiveInfinity : Within(noise, 116, 122),
        };
    }

    private static AbuseScript Propagation(AbuseScript cell, SeededNoise noise) => cell with
    {
        StateOfCharge = Within(noise, 0.97, 1),
        NeighbourC = Within(noise, 480, 560),
        NeighbourWPerK = cell.Outcome switch
        {
            EmulatedAbuseOutcome.Runaway => Within(noise, 0.2, 0.26),
            EmulatedAbuseOutcome.NearMiss => Within(noise, 0.025, 0.035),
            _ => Within(noise, 0.062, 0.066),
        },
        NeighbourTimeS = cell.Outcome == EmulatedAbuseOutcome.Vent ? 250 : cell.NeighbourTimeS,
        VentC = cell.Outcome == EmulatedAbuseOutcome.Vent ? Within(noise, 76, 80) : cell.VentC,
    };
}
