namespace PouchMonitor.Analysis.Profiles;

/// <summary>
/// The catalogue of known cells: the published reference cells (<c>reference-cells.json</c>). An improved cell and its
/// baseline are the same kind of cell and share one profile, so a name may end in <c>-baseline</c>.
/// </summary>
public static class CellProfiles
{
    private const string BaselineSuffix = "-baseline";

    private static readonly Lazy<Dictionary<string, CellProfile>> Catalogue = new(LoadCatalogue);

    /// <summary>
    /// What is held against a cell of which nothing is known: no window and no warning, but 90 C, above the working
    /// temperature of every published cell (polymer cells work at up to 80 C) and at the onset of an interphase's
    /// self-heating; and 1 C/s, the rate of GB 38031-2025.
    /// </summary>
    public static CellProfile Default { get; } = new()
    {
        Name = "default",
        Description = "a cell of which nothing is known",
        MaximumWorkingTemperatureC = 90,
        MaximumHeatingRateCPerS = 1,
    };

    /// <summary>Names of all profiles, in order.</summary>
    public static IReadOnlyList<string> Names => [.. Catalogue.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The profile of a name (or of its baseline), false where there is none.</summary>
    public static bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CellProfile? profile)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.Equals(name, Default.Name, StringComparison.Ordinal))
        {
            profile = Default;
            return true;
        }

        string key = name.EndsWith(BaselineSuffix, StringComparison.Ordinal) ? name[..^BaselineSuffix.Length] : name;
        return Catalogue.Value.TryGetValue(key, out profile);
    }

    private static Dictionary<string, CellProfile> LoadCatalogue()
    {
        const string Resource = "PouchMonitor.Analysis.Profiles.reference-cells.json";
        using Stream stream = typeof(CellProfiles).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        return ProfileFile.Parse(reader.ReadToEnd(), "reference-cells.json").ToDictionary(p => p.Name, StringComparer.Ordinal);
    }
}
