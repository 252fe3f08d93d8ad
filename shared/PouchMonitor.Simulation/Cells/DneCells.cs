namespace PouchMonitor.Simulation;

/// <summary>Paper A, Angew. Chem. 2025, e202513321: Li||NCM811 coin cells with the additive DNE and without (baseline).</summary>
internal static class DneCells
{
    public static readonly EmulatedCellProfile[] All = Array.ConvertAll<CoinCell, EmulatedCellProfile>(
    [
        At("dne-4v7", "A: Li||NCM811 coin, 2.8-4.7 V, 1 C: 85.76 % at 100, 77.43 % at 200.", 4.7, 220, 0.0012,
            new RetentionCurve((1, 1), (100, 0.8576), (200, 0.7743))),
        At("dne-4v7-baseline", "A: Li||NCM811 coin, 2.8-4.7 V, 1 C: 67.84 % at 100, internal short after 102.", 4.7, 220, 0.012,
            new RetentionCurve((1, 1), (100, 0.6784), (200, 0.35))) with { ShortsAfterCycle = 102 },
        At("dne-60c", "A: Li||NCM811 coin at 60 C, 1 C: 82 % at 250.", 4.3, 200, 0.001, CoinCell.FadesTo(250, 0.82)) with { AmbientC = 60 },
        At("dne-60c-baseline", "A: Li||NCM811 coin at 60 C, 1 C: 33 % at 250.", 4.3, 200, 0.010, CoinCell.FadesTo(250, 0.33)) with
        {
            AmbientC = 60, CoulombicEfficiency = 0.99,
        },
        At("dne-60c-4v5", "A: Li||NCM811 coin at 60 C, 2.8-4.5 V, 1 C: 70 % at 300.", 4.5, 210, 0.0008, CoinCell.FadesTo(300, 0.70)) with { AmbientC = 60 },
        At("dne-4v5", "A: Li||NCM811 coin, 4.5 V, 1 C: 83 % at 300.", 4.5, 210, 0.0008, CoinCell.FadesTo(300, 0.83)),
        At("dne-5c", "A: Li||NCM811 coin, 5 C: 156 mAh/g, 76.22 % at 500.", 4.3, 156, 0.0003, CoinCell.FadesTo(500, 0.7622)) with
        {
            RateC = 5, OverpotentialAt1CV = 0.03,
        },
        At("dne-5c-baseline", "A: Li||NCM811 coin, 5 C: 142 mAh/g, 34.96 %, internal short after 331.", 4.3, 142, 0.003,
            CoinCell.FadesTo(331, 0.3496)) with { RateC = 5, OverpotentialAt1CV = 0.03, ShortsAfterCycle = 331 },
        At("dne-dqdv", "A: Li||NCM811 coin over 100 cycles: the H1-M and H2-H3 peaks hold (no figure).", 4.3, 190, 0.0005,
            CoinCell.FadesTo(100, 0.97)) with { RateC = 0.5 },
        At("dne-dqdv-baseline", "A: Li||NCM811 coin over 100 cycles: the peaks fall and the H2-H3 polarization grows (no figure).", 4.3, 190,
            0.025, CoinCell.FadesTo(100, 0.72)) with { RateC = 0.5 },
    ],
    cell => cell.ToProfile());

    private static CoinCell At(string name, string description, double upperV, double mahPerG, double growth, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Ncm(2.7, upperV), LowerV = 2.8, UpperV = upperV, RateC = 1,
        OneCMaPerG = 200, FirstMahPerG = mahPerG, Retention = retention, GrowthPerCycle = growth,
    };
}
