using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Looks through the steps and cycles of a whole series for the tests that the papers name. A test is recognised only where
/// its whole pattern is there; a person may declare one, and then hears why where its pattern is not.
/// </summary>
public static class NamedTestFinder
{
    /// <summary>Most tests given of one series, so that a long one does not fill a report.</summary>
    public const int MostTests = 64;

    private static readonly (NamedTestKind Kind, Func<NamedTestInput, IEnumerable<NamedTest>> Find)[] Table =
    [
        (NamedTestKind.RateCapability, RateCapability.Find),
        (NamedTestKind.AurbachEfficiency, AurbachEfficiency.Find),
        (NamedTestKind.PlatingEfficiency, PlatingEfficiency.Find),
        (NamedTestKind.SymmetricLife, SymmetricLife.Find),
        (NamedTestKind.CriticalCurrent, CriticalCurrent.Find),
        (NamedTestKind.Gitt, Titration.Find),
        (NamedTestKind.Floating, Floating.Find),
        (NamedTestKind.Storage, Storage.Find),
        (NamedTestKind.TemperatureSeries, TemperatureSeries.Find),
    ];

    /// <summary>The named tests of a series, in order of their start. Bounded by <see cref="MostTests"/>.</summary>
    public static IReadOnlyList<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        List<NamedTest> found = [];
        foreach ((NamedTestKind kind, Func<NamedTestInput, IEnumerable<NamedTest>> find) in Table)
        {
            bool isDeclared = input.Declared == kind;
            found.AddRange(find(input).Take(MostTests).Select(test => test with { IsDeclared = isDeclared }));
        }

        // Parts of a reservoir, and many cycles at each of rising currents, are no lives.
        found.RemoveAll(test => test.Kind == NamedTestKind.SymmetricLife && !test.IsDeclared
            && found.Exists(whole => whole.Kind is NamedTestKind.CriticalCurrent or NamedTestKind.AurbachEfficiency
                && whole.StartMicroseconds <= test.StartMicroseconds && test.EndMicroseconds <= whole.EndMicroseconds));
        if (input.Declared is { } declared && !found.Exists(test => test.IsDeclared))
        {
            found.Add(NotShown(declared, input));
        }

        return [.. found.OrderBy(test => test.StartMicroseconds).ThenBy(test => test.Kind).Take(MostTests)];
    }

    private static NamedTest NotShown(NamedTestKind kind, NamedTestInput input) => new()
    {
        Kind = kind,
        IsDeclared = true,
        Why = "declared",
        StartMicroseconds = input.Steps.Count > 0 ? input.Steps[0].StartMicroseconds : 0,
        EndMicroseconds = input.Steps.Count > 0 ? input.Steps[^1].EndMicroseconds : 0,
        Quality = CycleQuality.Unusual,
        Reason = $"the series does not hold the steps of a {NamedTestNames.NameOf(kind)} test; nothing is computed",
    };
}
