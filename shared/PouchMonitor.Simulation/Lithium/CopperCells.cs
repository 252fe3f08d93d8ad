namespace PouchMonitor.Simulation;

/// <summary>Lithium against copper: coulombic efficiency and nucleation.</summary>
internal static class CopperCells
{
    private const int Forever = 100_000;

    public static readonly LithiumCellProfile[] All =
    [
        Aurbach("dne-li-cu", "A: Li||Cu, Aurbach efficiency 98.5 %.", 0.985, 30),
        Aurbach("dne-li-cu-baseline", "A: Li||Cu, Aurbach efficiency 94.3 %.", 0.943, 45),
        Aurbach("tve-li-cu", "B: Li||Cu, modified Aurbach efficiency 98.9 %.", 0.989, 30),
        Aurbach("tve-li-cu-baseline", "B: Li||Cu, modified Aurbach efficiency 97.1 %.", 0.971, 40),
        Aurbach("pota-li-cu", "D: Li||Cu, Aurbach efficiency 98.81 %.", 0.9881, 33),
        Aurbach("pota-li-cu-baseline", "D: Li||Cu, Aurbach efficiency 90.64 %.", 0.9064, 45),
        Cycled("pota-li-cu-cycling", "D: Li||Cu, 1 mA/cm2: above 98 % for 120 cycles.", 33, (1, 0.987), (119, 0.986), (122, 0.975), (150, 0.90)),
        Cycled("pota-li-cu-cycling-baseline", "D: Li||Cu, 1 mA/cm2: falls after 43 cycles.", 45, (1, 0.984), (43, 0.982), (46, 0.95), (60, 0.75)),
        Cycled("copc-li-cu", "E: Li||Cu, 1 mA/cm2, 1 mAh/cm2: 650 cycles, average efficiency 98.85 %.", 30, (1, 0.9885), (650, 0.9885), (660, 0.70)),
        Cycled("copc-li-cu-baseline", "E: Li||Cu, 1 mA/cm2, 1 mAh/cm2: less than a third of the cycles.", 45, (1, 0.965), (200, 0.955), (210, 0.60)),
        Nucleation("pota-nucleation", "D: Li on copper: nucleation 49 mV, plateau 33 mV.", 1, 49, 33),
        Nucleation("pota-nucleation-baseline", "D: Li on copper: nucleation 59 mV, plateau 45 mV.", 1, 59, 45),
        Nucleation("copc-nucleation", "E: Li on copper, 3 mA/cm2: nucleation 59.7 mV.", 3, 59.7, 38),
        Nucleation("copc-nucleation-mof", "E: Li on copper under MOF alone, 3 mA/cm2: nucleation 73.6 mV.", 3, 73.6, 45),
        Nucleation("copc-nucleation-baseline", "E: Li on bare copper, 3 mA/cm2: nucleation 117.4 mV.", 3, 117.4, 60),
    ];

    private static LithiumCellProfile Aurbach(string name, string description, double efficiency, double plateauMv) => new()
    {
        Name = name, Description = description, Test = LithiumTest.Aurbach, CurrentDensityMaPerCm2 = 0.5,
        Plateau = [(0, plateauMv)], NucleationMv = 1.5 * plateauMv, Efficiency = [(1, efficiency)], RestS = 0,
    };

    private static LithiumCellProfile Cycled(
        string name, string description, double plateauMv, params (double, double)[] efficiency) => new()
        {
            Name = name, Description = description, Test = LithiumTest.PlateAndStrip, CurrentDensityMaPerCm2 = 1,
            Plateau = [(0, plateauMv)], NucleationMv = 1.5 * plateauMv, Efficiency = efficiency, RestS = 60,
        };

    private static LithiumCellProfile Nucleation(
        string name, string description, double density, double nucleationMv, double plateauMv) => new()
        {
            Name = name, Description = description, Test = LithiumTest.PlateAndStrip, CurrentDensityMaPerCm2 = density,
            Plateau = [(0, plateauMv)], NucleationMv = nucleationMv, Efficiency = [(1, 0.98), (Forever, 0.98)], RestS = 60,
        };
}
