namespace PouchMonitor.Simulation;

/// <summary>Paper B, Angew. Chem. 2025, pseudo-charge-transfer complex: Li||NCM90 coin cells with TVE and without (baseline).</summary>
internal static class TveCells
{
    public static readonly EmulatedCellProfile[] All = Array.ConvertAll<CoinCell, EmulatedCellProfile>(
    [
        At("tve-4v6", "B: Li||NCM90 coin, 4.6 V, 1 C: 238.9 mAh/g, 81.0 % at 300.", 4.6, 238.9, 0.0008, CoinCell.FadesTo(300, 0.81)),
        At("tve-4v6-baseline", "B: Li||NCM90 coin, 4.6 V, 1 C: 239.1 mAh/g, 80.0 % at 119.", 4.6, 239.1, 0.006, CoinCell.FadesTo(119, 0.80)),
        At("tve-50c", "B: Li||NCM90 coin at 50 C, 1 C: 80.2 % at 300.", 4.3, 215, 0.0008, CoinCell.FadesTo(300, 0.802)) with { AmbientC = 50 },
        At("tve-50c-baseline", "B: Li||NCM90 coin at 50 C, 1 C: abnormal discharge curves after 100 cycles (no figure).", 4.3, 215, 0.030,
            new RetentionCurve((1, 1), (100, 0.85), (130, 0.40))) with { AmbientC = 50, CoulombicEfficiency = 0.99 },
        At("tve-cold", "B: Li||NCM90 coin at -30 C: 81.8 mAh/g after 1000 cycles.", 4.3, 91, 0.0002, CoinCell.FadesTo(1000, 81.8 / 91)) with
        {
            AmbientC = -30, RateC = 0.5, OverpotentialAt1CV = 0.35,
        },
        At("tve-cold-40c", "B: Li||NCM90 coin at -40 C: 87.9 mAh/g held for 160 cycles.", 4.3, 87.9, 0.0001, CoinCell.FadesTo(160, 0.995)) with
        {
            AmbientC = -40, RateC = 0.1, OverpotentialAt1CV = 0.6,
        },
        At("tve-6c", "B: Li||NCM90 coin, 4.6 V, 6 C: 160.8 mAh/g.", 4.6, 160.8, 0.001, CoinCell.FadesTo(200, 0.95)) with
        {
            RateC = 6, OverpotentialAt1CV = 0.03,
        },
    ],
    cell => cell.ToProfile());

    private static CoinCell At(string name, string description, double upperV, double mahPerG, double growth, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Ncm(2.7, upperV), LowerV = 2.8, UpperV = upperV, RateC = 1,
        OneCMaPerG = 200, FirstMahPerG = mahPerG, Retention = retention, GrowthPerCycle = growth,
    };
}
