namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>All kinds of cases.</summary>
internal static class CaseKinds
{
    public static IReadOnlyList<CaseKind> All { get; } =
        [.. HealthyCases.All, .. FadeCases.All, .. ShortCases.All, .. HeatCases.All, .. SensorCases.All, .. AdversarialCases.All, .. MeasuredCases.All];

    /// <summary>Those and the lives of the reference cells, which are judged one by one and are in no figure.</summary>
    private static IEnumerable<CaseKind> Named =>
        [.. All, .. ReferenceLives.Improved.Select(ReferenceLives.Whole), .. ReferenceLives.Baselines.Select(ReferenceLives.Baseline)];

    /// <summary>The kind and the seed of a case by its name.</summary>
    public static (CaseKind Kind, ulong Seed) Parse(string caseName)
    {
        int slash = caseName.LastIndexOf('/');
        string kindName = slash < 0 ? caseName : caseName[..slash];
        CaseKind kind = Named.FirstOrDefault(each => string.Equals(each.Name, kindName, StringComparison.Ordinal))
            ?? throw new ArgumentException($"There is no kind of case '{kindName}'. There are: {string.Join(", ", Named.Select(each => each.Name))}.");
        return (kind, slash < 0 ? 1 : ulong.Parse(caseName[(slash + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
