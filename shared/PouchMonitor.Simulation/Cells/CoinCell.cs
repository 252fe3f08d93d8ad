namespace PouchMonitor.Simulation;

/// <summary>
/// What the table of reference cells says of a coin cell with a cathode, from which the emulated one is made. Rates are in
/// C, capacities in mAh per gram of cathode. Where a paper gives no figure the usual one of the cathode stands here.
/// </summary>
internal sealed record CoinCell
{
    /// <summary>A disc of 12 mm with 8.8 mg/cm2.</summary>
    public const double UsualActiveMassMg = 10;

    private const double OhmicShare = 0.5;
    private const double FastShare = 0.3;

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required OpenCircuitCurve OpenCircuit { get; init; }

    public required double LowerV { get; init; }

    public required double UpperV { get; init; }

    /// <summary>Rate of charge and discharge for which capacity and retention are stated.</summary>
    public required double RateC { get; init; }

    /// <summary>Current of 1 C, mA/g.</summary>
    public required double OneCMaPerG { get; init; }

    /// <summary>Discharge capacity of the first cycle at <see cref="RateC"/>, mAh/g.</summary>
    public required double FirstMahPerG { get; init; }

    public required RetentionCurve Retention { get; init; }

    public double ActiveMassMg { get; init; } = UsualActiveMassMg;

    /// <summary>Sum of all polarizations at 1 C in the first cycle.</summary>
    public double OverpotentialAt1CV { get; init; } = 0.04;

    /// <summary>
    /// Growth of all resistances per cycle, as a share of the first cycle's. Where the paper prints none, those of an improved
    /// cell grow by about a quarter over the printed life and those of a baseline several times.
    /// </summary>
    public double GrowthPerCycle { get; init; }

    public double AmbientC { get; init; } = 25;

    public double CoulombicEfficiency { get; init; } = 0.998;

    public IReadOnlyList<RateBlock>? Blocks { get; init; }

    /// <summary>Capacities by rate, in C and mAh/g, rates rising; empty where none are stated.</summary>
    public IReadOnlyList<(double RateC, double MahPerG)> Capacities { get; init; } = [];

    public int? ShortsAfterCycle { get; init; }

    public EmulatedCellProfile ToProfile()
    {
        double oneCA = OneCMaPerG * ActiveMassMg / 1e6;
        double resistance = OverpotentialAt1CV / oneCA;
        EmulatedCellProfile cell = new()
        {
            Name = Name,
            Description = Description,
            NominalCapacityAh = FirstMahPerG * ActiveMassMg / 1e6,
            OneCCurrentA = oneCA,
            ActiveMassMg = ActiveMassMg,
            MassG = 3,
            OpenCircuit = OpenCircuit,
            Protocol = new CyclerProtocol
            {
                LowerVoltageV = LowerV, UpperVoltageV = UpperV, ChargeRateC = RateC, DischargeRateC = RateC, RestS = 60,
                Blocks = Blocks,
            },
            Retention = Retention,
            OhmicResistanceOhm = OhmicShare * resistance,
            FastResistanceOhm = FastShare * resistance,
            SlowResistanceOhm = (1 - OhmicShare - FastShare) * resistance,
            SlowTimeConstantS = 100,
            ResistanceGrowthPerCycle = GrowthPerCycle,
            ChargeAcceptance = CoulombicEfficiency,
            HeatCapacityJPerK = 3,
            HeatLossWPerK = 0.01,
            AmbientC = AmbientC,
            ShortsAfterCycle = ShortsAfterCycle,
        };
        return Capacities.Count == 0
            ? cell
            : cell with { RateLag = RateLag.Of(cell, [.. Capacities.Select(point => (point.RateC, point.MahPerG * ActiveMassMg / 1e6))]) };
    }

    /// <summary>A straight fade from the first cycle through one figure.</summary>
    public static RetentionCurve FadesTo(double cycle, double share) => new((1, 1), (cycle, share));
}
