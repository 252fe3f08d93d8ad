namespace PouchMonitor.Simulation;

/// <summary>Paper E, Energy Environ. Sci. 2025, 18, 4690: Li||LFP coin cells with lithium under MOF@CoPc and bare (baseline).</summary>
internal static class CopcCells
{
    private static readonly RateBlock[] UpTo5C = [new(5, 0.5, 0.5), new(5, 1, 1), new(5, 2, 2), new(5, 5, 5), new(100_000, 1, 1)];

    public static readonly EmulatedCellProfile[] All = Array.ConvertAll<CoinCell, EmulatedCellProfile>(
    [
        At("copc-lfp", "E: Li||LFP 11.05 mg/cm2, 1 C: above 90 % at 1000.", 1, 149.81, CoinCell.FadesTo(1000, 0.91)) with { GrowthPerCycle = 0.00025 },
        At("copc-lfp-baseline", "E: Li||LFP 11.05 mg/cm2, 1 C, bare lithium: ends much earlier (no figure).", 1, 148,
            new RetentionCurve((1, 1), (200, 0.92), (320, 0.40))) with { GrowthPerCycle = 0.006, CoulombicEfficiency = 0.99 },
        At("copc-lfp-thick", "E: Li||LFP 19.26 mg/cm2, 1 C: above 90 % at 350, 0.02 % a cycle.", 1, 145, CoinCell.FadesTo(351, 0.93)) with
        {
            ActiveMassMg = 21.8, OverpotentialAt1CV = 0.08, GrowthPerCycle = 0.0004,
        },
        At("copc-lfp-3c", "E: Li||LFP, 3 C: 97.58 % at 600.", 3, 130, CoinCell.FadesTo(600, 0.9758)) with { GrowthPerCycle = 0.0002 },
        At("copc-lfp-20c", "E: Li||LFP, 20 C: 95.18 % at 9000.", 20, 80, CoinCell.FadesTo(9000, 0.9518)) with
        {
            OverpotentialAt1CV = 0.006, GrowthPerCycle = 1e-5,
        },
        At("copc-lfp-rate", "E: Li||LFP, 0.5, 1, 2, 5 C and back to 1 C: 162.65, 149.81, 137.71, 118.05, back 149.57 mAh/g.", 0.5, 162.65,
            CoinCell.FadesTo(22, 0.9984)) with
        {
            OverpotentialAt1CV = 0.02, Blocks = UpTo5C, Capacities = [(0.5, 162.65), (1, 149.81), (2, 137.71), (5, 118.05)],
        },
        At("copc-lfp-rate-baseline", "E: Li||LFP, 0.5 to 5 C and back to 1 C, bare lithium: at 5 C 1/1.4 of 118.05 mAh/g.", 0.5, 158,
            CoinCell.FadesTo(22, 0.985)) with
        {
            OverpotentialAt1CV = 0.02, CoulombicEfficiency = 0.985, Blocks = UpTo5C, Capacities = [(0.5, 158), (1, 140), (2, 118), (5, 118.05 / 1.4)],
        },
    ],
    cell => cell.ToProfile());

    private static CoinCell At(string name, string description, double rate, double mahPerG, RetentionCurve retention) => new()
    {
        Name = name, Description = description, OpenCircuit = OpenCircuitCurves.Lfp(4.2), LowerV = 2.5, UpperV = 4.2, RateC = rate,
        OneCMaPerG = 170, FirstMahPerG = mahPerG, Retention = retention, ActiveMassMg = 12.5, OverpotentialAt1CV = 0.04,
    };
}
