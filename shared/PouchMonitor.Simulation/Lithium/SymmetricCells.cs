namespace PouchMonitor.Simulation;

/// <summary>Lithium against lithium: life, interphase and critical current density.</summary>
internal static class SymmetricCells
{
    public static readonly LithiumCellProfile[] All =
    [
        Life("tve-li-li", "B: Li||Li, 1 mA/cm2: 30 mV, stable for 1300 h.", 1, (0, 30)),

        // 10 mm discs: then the printed voltage and the printed interface are those of one cell.
        Life("ispn-li-li", "C: Li||Li, 0.1 mA/cm2: 0.02 V for 1900 h; interface 231.91 Ohm after 200 h.", 0.1, (0, 20)) with
        {
            AreaCm2 = 0.785, ArealCapacityMahPerCm2 = 0.1, InterfaceOhm = 231.91, RestS = 60,
        },
        Life("ispn-li-li-baseline", "C: Li||Li, 0.1 mA/cm2: 0.05 V, short just after 500 h; interface 410.92 Ohm after 200 h.", 0.1, (0, 50)) with
        {
            AreaCm2 = 0.785, ArealCapacityMahPerCm2 = 0.1, InterfaceOhm = 410.92, RestS = 60, ShortsAtHours = 501,
        },
        Life("pota-li-li", "D: Li||Li, 1 mA/cm2: 6250 h.", 1, (0, 30), (6250, 60)),
        Life("pota-li-li-baseline", "D: Li||Li, 1 mA/cm2: 40 mV rising to 1700 mV, short at 308 h.", 1, (0, 40), (150, 90), (250, 500), (306, 1700)) with
        {
            ShortsAtHours = 308,
        },
        Life("pota-li-li-2ma", "D: Li||Li, 2 mA/cm2: 6600 h at 75 mV.", 2, (0, 75)),
        Life("pota-li-li-5ma", "D: Li||Li, 5 mA/cm2: 6300 h.", 5, (0, 160)),
        Life("pota-li-li-5ma-baseline", "D: Li||Li, 5 mA/cm2: short at 390 h.", 5, (0, 190), (390, 420)) with { ShortsAtHours = 390 },
        Life("copc-li-li", "E: Li||Li, 1 mA/cm2: 2000 h.", 1, (0, 35)),
        Life("copc-li-li-mof", "E: Li||Li under MOF alone, 1 mA/cm2: 1000 h.", 1, (0, 45)) with { ShortsAtHours = 1000 },
        Life("copc-li-li-baseline", "E: Li||Li bare, 1 mA/cm2: overvoltage after five cycles.", 1, (0, 60), (10, 70), (12, 400), (40, 900)),
        Critical("ispn-ccd", "C: Li||Li, critical current density 1.7 mA/cm2.", 1.7, 20),
        Critical("ispn-ccd-baseline", "C: Li||Li, critical current density 0.3 mA/cm2.", 0.3, 50),
    ];

    private static LithiumCellProfile Life(string name, string description, double density, params (double, double)[] plateau) => new()
    {
        Name = name, Description = description, Test = LithiumTest.Symmetric, CurrentDensityMaPerCm2 = density,
        ArealCapacityMahPerCm2 = density, Plateau = plateau,
    };

    private static LithiumCellProfile Critical(string name, string description, double density, double plateauMv) => new()
    {
        Name = name, Description = description, Test = LithiumTest.CriticalCurrent, CurrentDensityMaPerCm2 = 0.1,
        ArealCapacityMahPerCm2 = 0.05, Plateau = [(0, plateauMv)], CriticalDensityMaPerCm2 = density,
    };
}
