namespace PouchMonitor.Simulation;

/// <summary>Paper D, Energy Environ. Sci. 2024, 17, 4519: cells with lithium under a POTA-NO3 layer and bare (baseline).</summary>
internal static class PotaCells
{
    private static readonly RateBlock[] UpTo3C =
        [new(3, 0.1, 0.1), new(3, 0.2, 0.2), new(3, 0.5, 0.5), new(3, 1, 1), new(3, 2, 2), new(3, 3, 3), new(100_000, 0.1, 0.1)];

    public static readonly EmulatedCellProfile[] All =
    [
        .. Array.ConvertAll<CoinCell, EmulatedCellProfile>(
        [
            Lco("pota-lco", "D: Li||LCO, 1 C: 80 % at 1400, coulombic efficiency above 98 %.", 1, 170, 0.00018, CoinCell.FadesTo(1400, 0.80)) with
            {
                CoulombicEfficiency = 0.993,
            },
            Lco("pota-lco-baseline", "D: Li||LCO, 1 C: 12 % at 220.", 1, 170, 0.010, CoinCell.FadesTo(220, 0.12)) with { CoulombicEfficiency = 0.975 },
            Lco("pota-lco-lean", "D: Li||LCO, N/P 4.28, 0.5 C: 96 % at 100.", 0.5, 175, 0.002, CoinCell.FadesTo(100, 0.96)),
            Lco("pota-lco-lean-baseline", "D: Li||LCO, N/P 4.28, 0.5 C: 51 % at 100.", 0.5, 175, 0.015, CoinCell.FadesTo(100, 0.51)) with
            {
                CoulombicEfficiency = 0.985,
            },
            Lco("pota-lco-rate", "D: Li||LCO, 0.1 to 3 C: 186.2 to 154.2 mAh/g.", 0.1, 186.2, 0, CoinCell.FadesTo(100, 0.995)) with
            {
                OverpotentialAt1CV = 0.02, Blocks = UpTo3C,
                Capacities = [(0.1, 186.2), (0.2, 183), (0.5, 177), (1, 170), (2, 161), (3, 154.2)],
            },
            Lco("pota-lco-rate-baseline", "D: Li||LCO, 0.1 to 3 C: lower (no figure).", 0.1, 180, 0, CoinCell.FadesTo(100, 0.93)) with
            {
                OverpotentialAt1CV = 0.02, Blocks = UpTo3C,
                Capacities = [(0.1, 180), (0.2, 174), (0.5, 164), (1, 150), (2, 130), (3, 110)],
            },
            Ncm("pota-811", "D: Li||NCM811, 1 C: 70 % at 1000, 110 mAh/g then, coulombic efficiency above 99 %.", 110 / 0.70, 0.0006,
                CoinCell.FadesTo(1000, 0.70)) with { CoulombicEfficiency = 0.9955 },
            Ncm("pota-811-baseline", "D: Li||NCM811, 1 C: degrades after 150 (no figure).", 157, 0.004,
                new RetentionCurve((1, 1), (150, 0.88), (220, 0.35))) with { CoulombicEfficiency = 0.985 },
        ],
        cell => cell.ToProfile()),
        Impedance("pota-811-eis", "D: Li||NCM811 over 100 cycles: interphase 9.77 to 17.21 Ohm, charge transfer 29.72 to 49.55 Ohm.",
            9.77, 17.21, 29.72, 49.55, 0.97),
        Impedance("pota-811-eis-baseline", "D: Li||NCM811 over 100 cycles: interphase 34.31 to 70.35 Ohm, charge transfer 51.82 to 146.05 Ohm.",
            34.31, 70.35, 51.82, 146.05, 0.80),
    ];

    private static CoinCell Lco(string name, string description, double rate, double mahPerG, double growth, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Lco(3.0, 4.5), LowerV = 3.1, UpperV = 4.5, RateC = rate,
        OneCMaPerG = 170, FirstMahPerG = mahPerG, Retention = retention, GrowthPerCycle = growth,
    };

    private static CoinCell Ncm(string name, string description, double mahPerG, double growth, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), LowerV = 2.8, UpperV = 4.3, RateC = 1,
        OneCMaPerG = 200, FirstMahPerG = mahPerG, Retention = retention, GrowthPerCycle = growth,
    };

    /// <summary>
    /// What impedance separates by frequency a current step separates by time: the interphase answers at once, the charge
    /// transfer within some seconds.
    /// </summary>
    private static EmulatedCellProfile Impedance(
        string name, string description, double interphaseOhm, double agedInterphaseOhm, double transferOhm, double agedTransferOhm, double retention)
    {
        const double Cycles = 99;
        EmulatedCellProfile cell = Ncm(name, description, 190, 0, CoinCell.FadesTo(100, retention)).ToProfile();
        return cell with
        {
            Protocol = cell.Protocol with { ChargeRateC = 0.5, DischargeRateC = 0.5, RestS = 600 },
            OhmicResistanceOhm = interphaseOhm,
            ResistanceGrowthPerCycle = ((agedInterphaseOhm / interphaseOhm) - 1) / Cycles,
            FastResistanceOhm = transferOhm,
            FastTimeConstantS = 2,
            FastGrowthPerCycle = ((agedTransferOhm / transferOhm) - 1) / Cycles,
            SlowResistanceOhm = 0,
        };
    }
}
