namespace PouchMonitor.Simulation;

/// <summary>
/// The cells of the reference table that have no cathode; the letters are those of <see cref="EmulatedCells"/>. A name with
/// a current density beside the table's is the same row at that density.
/// </summary>
public static class EmulatedLithiumCells
{
    private static readonly LithiumCellProfile[] Catalogue = [.. CopperCells.All, .. SymmetricCells.All];

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<LithiumCellProfile> All => Catalogue;

    /// <summary>The profile of a cell, or null when there is none of that name.</summary>
    public static LithiumCellProfile? Find(string name) =>
        Array.Find(Catalogue, cell => string.Equals(cell.Name, name, StringComparison.Ordinal));

    /// <summary>The profile of a cell.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static LithiumCellProfile Create(string name) => Find(name) ?? throw new ArgumentException(
        $"There is no emulated cell '{name}'. There are: {string.Join(", ", Catalogue.Select(cell => cell.Name))}.", nameof(name));
}
