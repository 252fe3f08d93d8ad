namespace PouchMonitor.Simulation;

/// <summary>
/// Coin cells of the reference table for which improved and baseline have figures. Their currents lie below what the
/// Ah-class node resolves, so they serve as recorded series.
/// </summary>
internal static class CoinCells
{
    private const double CoinAh = 0.002;

    public static readonly EmulatedCellProfile[] All =
    [
        Ncm("dne-4v7", "A: Li||NCM811 coin, 2.8-4.7 V, 1 C: 85.76 % at 100, 77.43 % at 200.", 4.7, 0.003,
            null, (1, 1), (100, 0.8576), (200, 0.7743)),
        Ncm("dne-4v7-baseline", "A: Li||NCM811 coin, 2.8-4.7 V, 1 C: 67.84 % at 100, internal short after 102.", 4.7, 0.012,
            102, (1, 1), (100, 0.6784), (200, 0.35)),
        Ncm("tve-4v6", "B: Li||NCM90 coin, 4.6 V, 1 C: 81.0 % at 300.", 4.6, 0.002, null, (1, 1), (300, 0.81)),
        Ncm("tve-4v6-baseline", "B: Li||NCM90 coin, 4.6 V, 1 C: 80.0 % at 119.", 4.6, 0.006, null, (1, 1), (119, 0.80)),
        Lco("pota-lco-lean", "D: Li||LCO, N/P 4.28, 0.5 C: 96 % at 100.", 0.5, 0.002, (1, 1), (100, 0.96)),
        Lco("pota-lco-lean-baseline", "D: Li||LCO, N/P 4.28, 0.5 C: 51 % at 100.", 0.5, 0.015, (1, 1), (100, 0.51)),
        Lco("pota-lco", "D: Li||LCO, 1 C: 80 % at 1400.", 1, 0.0004, (1, 1), (1400, 0.80)),
        Lco("pota-lco-baseline", "D: Li||LCO, 1 C: 12 % at 220.", 1, 0.010, (1, 1), (220, 0.12)),
    ];

    private static EmulatedCellProfile Ncm(
        string name, string description, double upperV, double growth, int? shortsAfterCycle, params (double, double)[] retention) =>
        Coin(name, description, growth, retention) with
        {
            OpenCircuit = OpenCircuitCurves.Ncm(2.7, upperV),
            Protocol = new CyclerProtocol { LowerVoltageV = 2.8, UpperVoltageV = upperV, ChargeRateC = 1, DischargeRateC = 1, RestS = 60 },
            ShortsAfterCycle = shortsAfterCycle,
        };

    private static EmulatedCellProfile Lco(
        string name, string description, double rate, double growth, params (double, double)[] retention) =>
        Coin(name, description, growth, retention) with
        {
            OpenCircuit = OpenCircuitCurves.Lco(3.0, 4.5),
            Protocol = new CyclerProtocol
            {
                LowerVoltageV = 3.1, UpperVoltageV = 4.5, ChargeRateC = rate, DischargeRateC = rate, RestS = 60,
            },
        };

    private static EmulatedCellProfile Coin(string name, string description, double growth, (double, double)[] retention) => new()
    {
        Name = name,
        Description = description,
        NominalCapacityAh = CoinAh,
        MassG = 3,
        OpenCircuit = OpenCircuitCurves.Lfp(),
        Protocol = new CyclerProtocol { LowerVoltageV = 2.5, UpperVoltageV = 3.65, ChargeRateC = 1, DischargeRateC = 1 },
        Retention = new RetentionCurve(retention),
        OhmicResistanceOhm = 10,
        FastResistanceOhm = 6,
        SlowResistanceOhm = 4,
        ResistanceGrowthPerCycle = growth,
        HeatCapacityJPerK = 3,
        HeatLossWPerK = 0.01,
    };
}
