namespace PouchMonitor.Analysis.Profiles;

/// <summary>What kind of cell it is, since that decides what charging means.</summary>
public enum CellKind
{
    Full = 0,
    AnodeFree = 1,
    Symmetric = 2,
    Half = 3,
}

/// <summary>
/// What is known of a cell beforehand: its figures and its limits. Null means not known; a rule whose limit is not known
/// does not judge.
/// </summary>
public sealed record CellProfile
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public CellKind Kind { get; init; }

    public double? NominalCapacityAh { get; init; }

    public double? MassG { get; init; }

    public double? MinimumVoltageV { get; init; }

    public double? MaximumVoltageV { get; init; }

    /// <summary>Surface temperature at which <c>thermal-limit</c> warns.</summary>
    public double? WarningTemperatureC { get; init; }

    /// <summary>The maker's maximum, used by GB 38031's runaway criterion and as the critical thermal limit.</summary>
    public double? MaximumWorkingTemperatureC { get; init; }

    /// <summary>Heating rate over 1 s at which <c>heating-rate</c> is raised.</summary>
    public double? MaximumHeatingRateCPerS { get; init; }

    /// <summary>Cycle whose discharge capacity is 100 %, taken after formation.</summary>
    public int ReferenceCycle { get; init; } = 1;

    /// <summary>Retention at which life ends.</summary>
    public double EndOfLifeRetention { get; init; } = 0.8;

    /// <summary>
    /// How cells of this kind fade, where that is known (a cohort's, or an improved cell's for its baseline too): then only
    /// departure from it warns, and the trend alone does not.
    /// </summary>
    public ReferenceCurve? ReferenceRetention { get; init; }

    /// <summary>How the mean-voltage gap of cells of this kind grows, likewise: then only what it is above that counts.</summary>
    public ReferenceCurve? ReferencePolarization { get; init; }

    /// <summary>What it changes in the rules that are not about danger at once.</summary>
    public RuleChanges RuleChanges { get; init; } = RuleChanges.None;

    /// <summary>Reads the one profile of a JSON file (fields as here, with a small first letter).</summary>
    /// <exception cref="ProfileFileException">Missing, not JSON, or a figure outside its limits; one clear line.</exception>
    public static CellProfile Load(string path) => ProfileFile.LoadOne(path);

    /// <summary>Reads one profile's JSON; <paramref name="source"/> stands for it in messages.</summary>
    /// <exception cref="ProfileFileException">Not JSON, not exactly one profile, or a figure outside its limits; one clear line.</exception>
    public static CellProfile Parse(string text, string source) => ProfileFile.ParseOne(text, source);

    /// <summary>Everything that is wrong with one profile's JSON, field by field, by the same rules; empty where it can be taken.</summary>
    public static IReadOnlyList<ProfileProblem> Check(string text) => ProfileCheck.Problems(text);
}
