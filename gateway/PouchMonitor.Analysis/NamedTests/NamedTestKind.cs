namespace PouchMonitor.Analysis.NamedTests;

/// <summary>The tests that the papers name, and that are recognised in a series or declared for it.</summary>
public enum NamedTestKind
{
    /// <summary>Capacity by rate, and its recovery.</summary>
    RateCapability = 0,

    /// <summary>Average coulombic efficiency of lithium on copper after Aurbach, with a reservoir.</summary>
    AurbachEfficiency = 1,

    /// <summary>Coulombic efficiency of lithium on copper, the same charge plated each time and stripped to a limit.</summary>
    PlatingEfficiency = 2,

    /// <summary>Lithium against lithium, the same charge back and forth until it fails.</summary>
    SymmetricLife = 3,

    /// <summary>Lithium against lithium, at a current that rises by steps.</summary>
    CriticalCurrent = 4,

    /// <summary>Galvanostatic intermittent titration.</summary>
    Gitt = 5,

    /// <summary>Voltage held at rising levels, and the current that it takes.</summary>
    Floating = 6,

    /// <summary>Capacity after a long rest, and what a new charge brings back.</summary>
    Storage = 7,

    /// <summary>Capacity by temperature.</summary>
    TemperatureSeries = 8,
}

/// <summary>The names of named tests in JSON and on the command line.</summary>
public static class NamedTestNames
{
    private static readonly (NamedTestKind Kind, string Name)[] Table =
    [
        (NamedTestKind.RateCapability, "rate-capability"),
        (NamedTestKind.AurbachEfficiency, "aurbach-efficiency"),
        (NamedTestKind.PlatingEfficiency, "plating-efficiency"),
        (NamedTestKind.SymmetricLife, "symmetric-life"),
        (NamedTestKind.CriticalCurrent, "critical-current-density"),
        (NamedTestKind.Gitt, "gitt"),
        (NamedTestKind.Floating, "floating"),
        (NamedTestKind.Storage, "storage"),
        (NamedTestKind.TemperatureSeries, "temperature-series"),
    ];

    /// <summary>All names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> All { get; } = Array.ConvertAll(Table, entry => entry.Name);

    public static string NameOf(NamedTestKind kind) => Table[(int)kind].Name;

    /// <summary>The kind of a name; null where no test has it.</summary>
    public static NamedTestKind? Find(string name)
    {
        foreach ((NamedTestKind kind, string known) in Table)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }
}
