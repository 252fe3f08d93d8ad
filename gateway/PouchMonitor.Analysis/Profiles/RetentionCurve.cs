namespace PouchMonitor.Analysis.Profiles;

/// <summary>One point of a reference curve.</summary>
/// <param name="Cycle">Cycle, from 1.</param>
/// <param name="Retention">Capacity over that of the first point, a ratio.</param>
public readonly record struct RetentionPoint(int Cycle, double Retention);

/// <summary>
/// How the capacity of cells of this kind goes over their cycles: straight lines between given points. A cell with such a
/// curve is held against it; only departure from it warns. Beyond the last point the curve says nothing.
/// </summary>
public sealed class RetentionCurve : IEquatable<RetentionCurve>
{
    /// <summary>Most points of a curve.</summary>
    public const int MostPoints = 1000;

    private readonly RetentionPoint[] points;

    /// <param name="points">Two to <see cref="MostPoints"/> points, cycles rising, retentions above 0 and at most 1.5.</param>
    /// <exception cref="ArgumentException">They are not; the message says what is wrong.</exception>
    public RetentionCurve(IEnumerable<RetentionPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        this.points = [.. points];
        if (Problem(this.points) is { } problem)
        {
            throw new ArgumentException(problem, nameof(points));
        }
    }

    public IReadOnlyList<RetentionPoint> Points => points;

    /// <summary>What is wrong with the points; null where nothing is.</summary>
    public static string? Problem(IReadOnlyList<RetentionPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count is < 2 or > MostPoints)
        {
            return $"has {points.Count} points, 2 to {MostPoints} are possible";
        }

        for (int i = 0; i < points.Count; i++)
        {
            if (points[i].Cycle < 1 || (i > 0 && points[i].Cycle <= points[i - 1].Cycle))
            {
                return $"has cycle {points[i].Cycle} at point {i + 1}, cycles rise from 1";
            }

            if (points[i].Retention is not (> 0 and <= 1.5))
            {
                return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"has retention {points[i].Retention} at cycle {points[i].Cycle}, above 0 and at most 1.5 is possible");
            }
        }

        return null;
    }

    /// <summary>Retention at a cycle; null before the first and beyond the last point.</summary>
    public double? At(double cycle)
    {
        if (cycle < points[0].Cycle || cycle > points[^1].Cycle)
        {
            return null;
        }

        int at = 1;
        while (cycle > points[at].Cycle)
        {
            at++;
        }

        RetentionPoint from = points[at - 1];
        RetentionPoint to = points[at];
        return from.Retention + ((to.Retention - from.Retention) * (cycle - from.Cycle) / (to.Cycle - from.Cycle));
    }

    public bool Equals(RetentionCurve? other) => other is not null && points.AsSpan().SequenceEqual(other.points);

    public override bool Equals(object? obj) => Equals(obj as RetentionCurve);

    public override int GetHashCode() => HashCode.Combine(points.Length, points[0], points[^1]);
}
