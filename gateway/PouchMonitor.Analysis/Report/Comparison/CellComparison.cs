namespace PouchMonitor.Analysis.Report.Comparison;

/// <summary>What is compared between cells, and how near two cells must be to count as the same.</summary>
/// <param name="Name">Name in the JSON.</param>
/// <param name="Title">For a person.</param>
/// <param name="Floor">Least spread that is believed: repeated tests of one cell differ by as much.</param>
/// <param name="IsWorseAbove">True where a larger value is the worse one.</param>
public sealed record ComparedMeasure(string Name, string Title, double Floor, bool IsWorseAbove)
{
    /// <summary>Main capacity over that of the cell's own reference cycle; 0.2 % is what a kelvin and step edges do to it.</summary>
    public static ComparedMeasure Retention { get; } = new("retention", "Retention", 0.002, IsWorseAbove: false);

    /// <summary>Coulombic efficiency of complete cycles; 0.05 % is a current offset of some tens of microamperes at 1 Ah.</summary>
    public static ComparedMeasure CoulombicEfficiency { get; } = new("coulombicEfficiency", "Coulombic efficiency", 0.0005, IsWorseAbove: false);

    /// <summary>Mean-voltage gap over that of the cell's own first complete comparable cycle; 1 %.</summary>
    public static ComparedMeasure PolarizationGrowth { get; } = new("polarizationGrowth", "Polarization growth", 0.01, IsWorseAbove: true);

    public static IReadOnlyList<ComparedMeasure> All { get; } = [Retention, CoulombicEfficiency, PolarizationGrowth];
}

/// <summary>One cycle of a cell beside its cohort.</summary>
/// <param name="Cycle">Number of the cycle.</param>
/// <param name="Value">The cell's value.</param>
/// <param name="Median">Of the cohort's cells that have this cycle; null where none has.</param>
/// <param name="Spread">1.4826 times their median absolute deviation, at least the measure's floor; null below two cells.</param>
public sealed record ComparedCycle(int Cycle, double Value, double? Median, double? Spread)
{
    /// <summary>Value less median, in multiples of the spread; null without one.</summary>
    public double? Departure => (Value - Median) / Spread;
}

/// <summary>One measure of a cell beside its cohort.</summary>
public sealed record MeasureComparison
{
    public required ComparedMeasure Measure { get; init; }

    /// <summary>The cell's comparable cycles, in order.</summary>
    public required IReadOnlyList<ComparedCycle> Cycles { get; init; }

    /// <summary>The first cycle of those that depart to the last; null where none do, or there is no verdict.</summary>
    public int? DepartsFromCycle { get; init; }

    /// <summary>What is to be said of it, a sentence.</summary>
    public required string Verdict { get; init; }
}

/// <summary>A cell beside the cohort it is held against.</summary>
public sealed record CellComparison
{
    /// <summary>Names of the cohort's cells.</summary>
    public required IReadOnlyList<string> Cohort { get; init; }

    /// <summary>True for a cell of the cohort itself.</summary>
    public required bool IsReference { get; init; }

    /// <summary>Why no verdict is given on this cell, a sentence; empty where one is.</summary>
    public required string NoVerdict { get; init; }

    public required IReadOnlyList<MeasureComparison> Measures { get; init; }
}
