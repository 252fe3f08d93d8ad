namespace PouchMonitor.Simulation;

/// <summary>Paper C, Adv. Funct. Mater. 2024, 10.1002/adfm.202409492: solid-state cells with ISPN-PTA and with Base-PTA (baseline).</summary>
internal static class IspnCells
{
    private const int ToTheEnd = 100_000;

    private static readonly RateBlock[] FiveThenFast = [new(5, 1, 1), new(ToTheEnd, 5, 5)];
    private static readonly RateBlock[] FiftyFastFiveSlow = [new(50, 10, 10), new(5, 1, 1)];
    private static readonly RateBlock[] UpTo12C = [new(5, 1, 1), new(5, 3, 3), new(5, 6, 6), new(5, 9, 9), new(5, 12, 12), new(ToTheEnd, 1, 1)];
    private static readonly RateBlock[] UpTo20C =
        [new(5, 2, 2), new(5, 5, 5), new(5, 9, 9), new(5, 12, 12), new(5, 16, 16), new(5, 20, 20), new(ToTheEnd, 2, 2)];

    public static readonly EmulatedCellProfile[] All =
    [
        .. Array.ConvertAll<CoinCell, EmulatedCellProfile>(
        [
            Ncm622("ispn-622-5c", "C: Li||NCM622, five cycles at 1 C, then 5 C: 149.9 to 146.1 mAh/g at 165.", 5, 149.9,
                new RetentionCurve((1, 1), (6, 1), (165, 146.1 / 149.9))) with
            {
                OverpotentialAt1CV = 0.012, Blocks = FiveThenFast, Capacities = [(1, 165), (5, 149.9)],
            },
            Ncm622("ispn-622-2c", "C: Li||NCM622, 2 C: 80 % at 435, coulombic efficiency 99.4 %.", 2, 160, CoinCell.FadesTo(435, 0.80)) with
            {
                CoulombicEfficiency = 0.9945, GrowthPerCycle = 0.0003,
            },
            Ncm622("ispn-622-1c", "C: Li||NCM622, 1 C: 75.4 % at 600.", 1, 165, CoinCell.FadesTo(600, 0.754)) with { GrowthPerCycle = 0.0006 },
            Ncm622("ispn-622-1c-baseline", "C: Li||NCM622, 1 C: 58 % after 185.", 1, 165, CoinCell.FadesTo(185, 0.58)) with
            {
                GrowthPerCycle = 0.008, CoulombicEfficiency = 0.99,
            },
            Ncm622("ispn-622-rate", "C: Li||NCM622, 1, 3, 6, 9, 12 C and back: 165, 157.5, 151.5, 147.1, 143.3 mAh/g, no decay over 50.", 1, 165,
                CoinCell.FadesTo(50, 0.999)) with
            {
                OverpotentialAt1CV = 0.006, Blocks = UpTo12C, Capacities = [(1, 165), (3, 157.5), (6, 151.5), (9, 147.1), (12, 143.3)],
            },
            Ncm622("ispn-622-rate-baseline", "C: Li||NCM622, 1 to 12 C and back: 70 % after 50; capacities at the rates lower (no figure).", 1, 160,
                CoinCell.FadesTo(50, 0.70)) with
            {
                OverpotentialAt1CV = 0.006, GrowthPerCycle = 0.02, CoulombicEfficiency = 0.99, Blocks = UpTo12C,
                Capacities = [(1, 160), (3, 145), (6, 130), (9, 115), (12, 100)],
            },
            Ncm811("ispn-811", "C: Li||NCM811, 0.5 C: 81.18 % at 150.", 0.5, 185, CoinCell.FadesTo(150, 0.8118)),
            Ncm811("ispn-811-thick", "C: Li||NCM811, 10.8 mg/cm2, 0.3 C: 82.5 % at 90.", 0.3, 185, CoinCell.FadesTo(90, 0.825)) with
            {
                ActiveMassMg = 12.2,
            },
            Lfp("ispn-lfp-10c", "C: Li||LFP, 2.5-4.0 V, five at 1 C after every 50 at 10 C: 79.57 % at 850.", 10, 105.6,
                CoinCell.FadesTo(850, 0.7957)) with
            {
                OverpotentialAt1CV = 0.006, Blocks = FiftyFastFiveSlow, Capacities = [(1, 143), (10, 105.6)], GrowthPerCycle = 0.0002,
            },
            Lfp("ispn-lfp-10c-baseline", "C: Li||LFP, 2.5-4.0 V, five at 1 C after every 50 at 10 C: 46.2 % at 300.", 10, 90,
                CoinCell.FadesTo(300, 0.462)) with
            {
                OverpotentialAt1CV = 0.006, Blocks = FiftyFastFiveSlow, Capacities = [(1, 130), (10, 90)], GrowthPerCycle = 0.004,
                CoulombicEfficiency = 0.99,
            },
            Lfp("ispn-lfp-2c", "C: Li||LFP, 2 C: 132 mAh/g, coulombic efficiency 99.9 %, 87.51 % at 1300.", 2, 132, CoinCell.FadesTo(1300, 0.8751)) with
            {
                CoulombicEfficiency = 0.9991, GrowthPerCycle = 0.0002,
            },
            Lfp("ispn-lfp-2c-baseline", "C: Li||LFP, 2 C: 120 mAh/g, coulombic efficiency 95.4 %.", 2, 120, CoinCell.FadesTo(200, 0.75)) with
            {
                CoulombicEfficiency = 0.9541, GrowthPerCycle = 0.006,
            },
            Lfp("ispn-lfp-rate", "C: Li||LFP, 2, 5, 9, 12, 16, 20 C: 139, 124, 108.9, 99, 89.2, 81.9 mAh/g.", 2, 139, CoinCell.FadesTo(60, 0.998)) with
            {
                OverpotentialAt1CV = 0.005, Blocks = UpTo20C,
                Capacities = [(2, 139), (5, 124), (9, 108.9), (12, 99), (16, 89.2), (20, 81.9)],
            },
            Lfp("ispn-lfp-rate-baseline", "C: Li||LFP, 2 to 20 C: lower, with a marked fall (no figure).", 2, 122, CoinCell.FadesTo(60, 0.93)) with
            {
                OverpotentialAt1CV = 0.005, CoulombicEfficiency = 0.97, Blocks = UpTo20C,
                Capacities = [(2, 122), (5, 101), (9, 80), (12, 73), (16, 68), (20, 65)],
            },
        ],
        cell => cell.ToProfile()),
        Abused,
    ];

    /// <summary>No figure but that it neither burned nor went dark: what is bent, pierced and cut keeps a leak at most.</summary>
    private static EmulatedCellProfile Abused => new()
    {
        Name = "ispn-pouch-abuse",
        Description = "C: solid-state Li||NCM622 pouch that is bent, pierced and cut: no fire, the load stays powered (no figure).",
        NominalCapacityAh = 0.1, MassG = 4, OpenCircuit = OpenCircuitCurves.Ncm(2.6, 4.3),
        Protocol = new CyclerProtocol { LowerVoltageV = 2.7, UpperVoltageV = 4.3, ChargeRateC = 0.2, DischargeRateC = 0.2 },
        Retention = CoinCell.FadesTo(100, 0.97),
        OhmicResistanceOhm = 0.4, FastResistanceOhm = 0.2, SlowResistanceOhm = 0.2, ResistanceGrowthPerCycle = 0.001,
        HeatCapacityJPerK = 5, HeatLossWPerK = 0.02,
    };

    private static CoinCell Ncm622(string name, string description, double rate, double mahPerG, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Ncm(2.6, 4.3), LowerV = 2.7, UpperV = 4.3, RateC = rate,
        OneCMaPerG = 170, FirstMahPerG = mahPerG, Retention = retention,
    };

    private static CoinCell Ncm811(string name, string description, double rate, double mahPerG, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), LowerV = 2.8, UpperV = 4.3, RateC = rate,
        OneCMaPerG = 200, FirstMahPerG = mahPerG, Retention = retention, GrowthPerCycle = 0.001,
    };

    private static CoinCell Lfp(string name, string description, double rate, double mahPerG, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Lfp(4.0), LowerV = 2.5, UpperV = 4.0, RateC = rate,
        OneCMaPerG = 170, FirstMahPerG = mahPerG, Retention = retention, OverpotentialAt1CV = 0.02,
    };
}
