namespace PouchMonitor.Firmware.Protection;

/// <summary>The words by which kinds of test, causes and their units are published (an enum prints as a number on the device).</summary>
public static class ProtectionNames
{
    /// <summary>Kinds of test that there are, <see cref="TestKind.None"/> included.</summary>
    public const int KindCount = 7;

    private static readonly string[] Kinds =
    {
        "none", "cycling", "overcharge", "external-short", "heating", "nail", "crush",
    };

    private static readonly string[] Causes =
    {
        "none", "over-voltage", "under-voltage", "over-charge-current", "over-discharge-current", "over-temperature",
        "under-temperature", "heating-rate", "sensor-loss", "comparator", "restart", "gateway-loss", "stalled", "record-damaged",
        "ordered",
    };

    private static readonly string[] Units =
    {
        "1", "uV", "uV", "uA", "uA", "mC", "mC", "mK/min", "ms", "1", "1", "ms", "ms", "1", "1",
    };

    /// <summary>Name of a kind of test.</summary>
    public static string OfKind(TestKind kind) => Kinds[(int)kind];

    /// <summary>Name of a cause.</summary>
    public static string OfCause(ProtectionCause cause) => Causes[(int)cause];

    /// <summary>Unit of the value and limit that go with a cause.</summary>
    public static string UnitOf(ProtectionCause cause) => Units[(int)cause];

    /// <summary>True for a number that stands for a kind of test.</summary>
    public static bool IsKind(int number) => number >= 0 && number < Kinds.Length;

    /// <summary>True for a number that stands for a cause.</summary>
    public static bool IsCause(int number) => number >= 0 && number < Causes.Length;

    /// <summary>The kind of that name; false when there is none.</summary>
    public static bool TryKind(string name, out TestKind kind)
    {
        for (int i = 0; i < Kinds.Length; i++)
        {
            if (Kinds[i] == name)
            {
                kind = (TestKind)i;
                return true;
            }
        }

        kind = TestKind.None;
        return false;
    }

    /// <summary>All kinds that can be armed, for a message.</summary>
    public static string ListOfKinds()
    {
        string list = Kinds[1];
        for (int i = 2; i < Kinds.Length; i++)
        {
            list += ", " + Kinds[i];
        }

        return list;
    }
}
