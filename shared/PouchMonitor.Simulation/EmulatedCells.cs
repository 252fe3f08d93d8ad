namespace PouchMonitor.Simulation;

/// <summary>
/// The catalogue of emulated cells. Letters name the papers the project was created from: A Angew. Chem. 2025, e202513321;
/// B Angew. Chem. 2025, pseudo-charge-transfer complex; C Adv. Funct. Mater. 2024, 10.1002/adfm.202409492; D Energy Environ.
/// Sci. 2024, 17, 4519; E Energy Environ. Sci. 2025, 18, 4690. Where a paper gives a figure the retention curve passes through it; where it gives none (said in the
/// description) the curve shows the tendency alone.
/// </summary>
public static class EmulatedCells
{
    private static readonly EmulatedCellProfile[] Catalogue =
    [
        .. PouchCells.All,
        .. DneCells.All,
        .. TveCells.All,
        .. IspnCells.All,
        .. PotaCells.All,
        .. CopcCells.All,
    ];

    /// <summary>Names of all emulated cells.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Catalogue, profile => profile.Name);

    /// <summary>The profile of an emulated cell.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static EmulatedCellProfile Create(string name) =>
        Find(name) ?? throw new ArgumentException(
            $"There is no emulated cell '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The profile of an emulated cell, or null when there is none of that name.</summary>
    public static EmulatedCellProfile? Find(string name) =>
        Array.Find(Catalogue, profile => string.Equals(profile.Name, name, StringComparison.Ordinal));

    /// <summary>
    /// The same kind of cell as made by hand: capacity within 2 %, resistances within 10 %, chamber within 2 K, by seed.
    /// </summary>
    public static EmulatedCellProfile Varied(EmulatedCellProfile profile, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var noise = new SeededNoise(seed ^ 0xCE11_CE11_CE11_CE11);
        double capacity = 1 + noise.NextWithin(0.02);
        double resistance = 1 + noise.NextWithin(0.10);
        double ambientC = profile.AmbientC + noise.NextWithin(2);
        return profile with
        {
            NominalCapacityAh = profile.NominalCapacityAh * capacity,
            OhmicResistanceOhm = profile.OhmicResistanceOhm * resistance,
            FastResistanceOhm = profile.FastResistanceOhm * resistance,
            SlowResistanceOhm = profile.SlowResistanceOhm * resistance,
            AmbientC = ambientC,
        };
    }
}
