namespace PouchMonitor.Analysis.Profiles;

/// <summary>One figure of a profile: what it is, in which unit and between which bounds it is plausible.</summary>
/// <param name="Name">Name of the field in a file.</param>
/// <param name="Title">For a person.</param>
/// <param name="Unit">Its unit; empty where it has none.</param>
/// <param name="Least">Smallest that is possible.</param>
/// <param name="Most">Largest that is possible.</param>
/// <param name="Meaning">What is done with it, in a sentence.</param>
/// <param name="Of">The figure of a profile; null where it is not known.</param>
public sealed record ProfileFigure(
    string Name, string Title, string Unit, double Least, double Most, string Meaning, Func<CellProfile, double?> Of)
{
    /// <summary>Every figure, in the order of a file.</summary>
    public static IReadOnlyList<ProfileFigure> All { get; } =
    [
        new("nominalCapacityAh", "Nominal capacity", "Ah", 1e-6, 1000,
            "What the maker says it holds: rates are counted against it.", profile => profile.NominalCapacityAh),
        new("massG", "Mass", "g", 0.01, 100_000, "For gravimetric energy and the heat balance.", profile => profile.MassG),
        new("minimumVoltageV", "Lowest voltage", "V", -6, 6, "Below it voltage-limit raises.", profile => profile.MinimumVoltageV),
        new("maximumVoltageV", "Highest voltage", "V", -6, 6, "Above it voltage-limit raises.", profile => profile.MaximumVoltageV),
        new("warningTemperatureC", "Warning temperature", "C", -60, 200, "Surface temperature at which thermal-limit warns.",
            profile => profile.WarningTemperatureC),
        new("maximumWorkingTemperatureC", "Highest working temperature", "C", -60, 200,
            "The maker's maximum: thermal-limit is critical there, and the criterion of thermal runaway begins there.",
            profile => profile.MaximumWorkingTemperatureC),
        new("maximumHeatingRateCPerS", "Highest heating rate", "C/s", 0.01, 100, "Over 1 s; heating-rate raises there.",
            profile => profile.MaximumHeatingRateCPerS),
        new("referenceCycle", "Reference cycle", "", 1, 100_000, "Its discharge capacity is 100 %; taken after formation.",
            profile => profile.ReferenceCycle),
        new("endOfLifeRetention", "End of life", "", 0.01, 1, "Share of the reference capacity at which life ends.",
            profile => profile.EndOfLifeRetention),
    ];
}

/// <summary>What is wrong with one field of a profile.</summary>
/// <param name="Field">Name of the field in a file; empty where the whole is meant.</param>
/// <param name="Message">The field, the value and the limit.</param>
public sealed record ProfileProblem(string Field, string Message);
