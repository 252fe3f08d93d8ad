namespace PouchMonitor.Simulation;

/// <summary>What is done with a cell that has no cathode.</summary>
public enum LithiumTest
{
    /// <summary>Li||Li, the same charge back and forth.</summary>
    Symmetric = 0,

    /// <summary>Li||Cu, the same charge plated each time and stripped until the voltage limit.</summary>
    PlateAndStrip,

    /// <summary>
    /// Li||Cu, average coulombic efficiency after Aurbach in the form of Adams et al., Adv. Energy Mater. 8, 1702097 (2018):
    /// condition, plate a reservoir, strip and plate a part of it so many times, strip to the limit.
    /// </summary>
    Aurbach,

    /// <summary>Li||Li, each cycle at a higher current density, until it shorts.</summary>
    CriticalCurrent,
}

/// <summary>
/// An emulated cell of lithium against lithium or copper. Immutable. Positive current charges, so lithium is plated on
/// copper at negative current and negative voltage.
/// </summary>
public sealed record LithiumCellProfile
{
    public required string Name { get; init; }

    /// <summary>One sentence: cell, condition, where the figures come from.</summary>
    public required string Description { get; init; }

    public required LithiumTest Test { get; init; }

    /// <summary>A disc of 12 mm.</summary>
    public double AreaCm2 { get; init; } = 1.131;

    public required double CurrentDensityMaPerCm2 { get; init; }

    /// <summary>Charge of each half cycle.</summary>
    public double ArealCapacityMahPerCm2 { get; init; } = 1;

    /// <summary>Settled overpotential at the current density by age in hours, straight between the points and level after them, mV.</summary>
    public required IReadOnlyList<(double Hours, double Millivolts)> Plateau { get; init; }

    /// <summary>Largest overpotential as plating on copper begins, mV; null where it does not stand out.</summary>
    public double? NucleationMv { get; init; }

    /// <summary>Share of the plated lithium that can be stripped, by cycle, straight between the points and level after them.</summary>
    public IReadOnlyList<(double Cycle, double Share)> Efficiency { get; init; } = [(1, 1)];

    /// <summary>Plated once before the cycles of an Aurbach test.</summary>
    public double ReservoirMahPerCm2 { get; init; } = 4;

    /// <summary>Age at which lithium bridges the cell, hours; null for never.</summary>
    public double? ShortsAtHours { get; init; }

    /// <summary>Current density at which it shorts in a test of the critical one, mA/cm2.</summary>
    public double? CriticalDensityMaPerCm2 { get; init; }

    /// <summary>Part of the resistance that answers at once, ohms, and its growth; null takes nine tenths of the plateau.</summary>
    public double? InterfaceOhm { get; init; }

    /// <summary>Rest after each half cycle.</summary>
    public double RestS { get; init; }

    public double AmbientC { get; init; } = 25;

    public bool IsSymmetric => Test is LithiumTest.Symmetric or LithiumTest.CriticalCurrent;

    /// <summary>Settled overpotential at an age, volts.</summary>
    public double PlateauV(double hours) => At(Plateau, hours) / 1000;

    /// <summary>Share of what is plated in a cycle that can be stripped.</summary>
    public double EfficiencyAt(int cycle) => At(Efficiency, cycle);

    private static double At(IReadOnlyList<(double X, double Y)> points, double x)
    {
        if (x <= points[0].X)
        {
            return points[0].Y;
        }

        for (int i = 1; i < points.Count; i++)
        {
            if (x < points[i].X)
            {
                double part = (x - points[i - 1].X) / (points[i].X - points[i - 1].X);
                return points[i - 1].Y + (part * (points[i].Y - points[i - 1].Y));
            }
        }

        return points[^1].Y;
    }
}
