using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>What a profile changes in one row of the rules (<see cref="EditableRules"/>); null keeps what the row has.</summary>
/// <param name="Row">Rule and measure, as <c>polarization-rise/polarization</c>.</param>
/// <param name="Raise">Level at which it raises, in the row's unit.</param>
/// <param name="Clear">Level at which it clears.</param>
/// <param name="Hold">Verdicts in a row that raise it.</param>
/// <param name="Severity">Severity of its findings.</param>
public sealed record RuleChange(string Row, double? Raise, double? Clear, int? Hold, FindingSeverity? Severity);

/// <summary>All changes of a profile, one a row. Equal where all of them are.</summary>
public sealed class RuleChanges : IEquatable<RuleChanges>
{
    /// <summary>The rules as they are.</summary>
    public static readonly RuleChanges None = new([]);

    private readonly RuleChange[] rows;

    /// <exception cref="ArgumentException">A change is not possible; the message says which and why.</exception>
    public RuleChanges(IReadOnlyList<RuleChange> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        this.rows = [.. rows.OrderBy(row => row.Row, StringComparer.Ordinal)];
        if (Problem(this.rows) is { } problem)
        {
            throw new ArgumentException(problem, nameof(rows));
        }
    }

    /// <summary>In order of their rows.</summary>
    public IReadOnlyList<RuleChange> Rows => rows;

    /// <summary>What is wrong with changes; null where nothing is.</summary>
    public static string? Problem(IReadOnlyCollection<RuleChange> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string? twice = rows.GroupBy(row => row.Row, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is not null ? $"{twice} is there twice" : rows.Select(EditableRules.Problem).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>The change of a row; null where there is none.</summary>
    public RuleChange? Of(string row) => Array.Find(rows, each => string.Equals(each.Row, row, StringComparison.Ordinal));

    public bool Equals(RuleChanges? other) => other is not null && rows.AsSpan().SequenceEqual(other.rows);

    public override bool Equals(object? obj) => Equals(obj as RuleChanges);

    public override int GetHashCode() => HashCode.Combine(rows.Length, rows.FirstOrDefault());
}
