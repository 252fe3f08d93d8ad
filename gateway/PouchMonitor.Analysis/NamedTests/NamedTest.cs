using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// One named test found in a series: why it was taken for one, its figures, and how far they can be believed. The unit is the
/// last word of every figure's name; a share of one has none. Null is not known, and the reason says why.
/// </summary>
public sealed record NamedTest
{
    public required NamedTestKind Kind { get; init; }

    /// <summary>True where a person said which test it is, false where the sequence of steps shows it.</summary>
    public bool IsDeclared { get; init; }

    /// <summary>What in the steps or cycles was taken for this test, in words for a person.</summary>
    public required string Why { get; init; }

    /// <summary>Time of the first sample that counts, microseconds.</summary>
    public long StartMicroseconds { get; init; }

    /// <summary>Time of the last sample that counts, microseconds.</summary>
    public long EndMicroseconds { get; init; }

    public CycleQuality Quality { get; init; }

    /// <summary>Why the quality is what it is, and why a figure is null; empty where all is known.</summary>
    public string Reason { get; init; } = "";

    public IReadOnlyList<NamedValue> Values { get; init; } = [];

    /// <summary>What one group is: a rate, a pulse, a half cycle, a hold.</summary>
    public string GroupName { get; init; } = "";

    /// <summary>Names of the figures of each group, in order.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<NamedGroup> Groups { get; init; } = [];

    /// <summary>Groups that count in the figures but are not listed, since the series is long.</summary>
    public int OmittedGroupCount { get; init; }

    /// <summary>The figure of a name; null where it is not known.</summary>
    /// <exception cref="ArgumentException">The test has no figure of that name.</exception>
    public double? this[string name]
    {
        get
        {
            foreach (NamedValue value in Values)
            {
                if (string.Equals(value.Name, name, StringComparison.Ordinal))
                {
                    return value.Value;
                }
            }

            throw new ArgumentException($"A {NamedTestNames.NameOf(Kind)} test has no figure '{name}'.", nameof(name));
        }
    }

    /// <summary>A figure of each group, in order.</summary>
    /// <exception cref="ArgumentException">The groups have no figure of that name.</exception>
    public double?[] Column(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], name, StringComparison.Ordinal))
            {
                return [.. Groups.Select(group => group.Values[i])];
            }
        }

        throw new ArgumentException($"The groups of a {NamedTestNames.NameOf(Kind)} test have no figure '{name}'.", nameof(name));
    }
}

/// <summary>One figure, its unit the last word of its name.</summary>
public readonly record struct NamedValue(string Name, double? Value);

/// <summary>The figures of one group, as <see cref="NamedTest.Columns"/> names them.</summary>
public sealed record NamedGroup(IReadOnlyList<double?> Values, CycleQuality Quality, string Reason);
