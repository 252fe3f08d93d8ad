using System.Globalization;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>One point of a reference curve.</summary>
/// <param name="Cycle">Cycle, from 1.</param>
/// <param name="Ratio">The measure over that of the reference cycle.</param>
public readonly record struct ReferencePoint(int Cycle, double Ratio);

/// <summary>
/// How a measure of cells of this kind goes over their cycles: straight lines between given points. A cell with such a
/// curve is held against it; only departure from it warns. Beyond the last point the curve says nothing.
/// </summary>
public sealed class ReferenceCurve : IEquatable<ReferenceCurve>
{
    /// <summary>Most points of a curve.</summary>
    public const int MostPoints = 1000;

    /// <summary>Most that a ratio can be.</summary>
    public const double MostRatio = 10;

    private readonly ReferencePoint[] points;

    /// <param name="points">Two to <see cref="MostPoints"/> points, cycles rising, ratios above 0 and at most <see cref="MostRatio"/>.</param>
    /// <exception cref="ArgumentException">They are not; the message says what is wrong.</exception>
    public ReferenceCurve(IReadOnlyList<ReferencePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        this.points = [.. points];
        if (Problem(this.points, MostRatio) is { } problem)
        {
            throw new ArgumentException(problem, nameof(points));
        }
    }

    public IReadOnlyList<ReferencePoint> Points => points;

    /// <summary>What is wrong with the points, whose ratios may be as large as is said; null where nothing is.</summary>
    public static string? Problem(IReadOnlyList<ReferencePoint> points, double mostRatio)
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

            if (!(points[i].Ratio > 0 && points[i].Ratio <= mostRatio))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"has ratio {points[i].Ratio} at cycle {points[i].Cycle}, above 0 and at most {mostRatio} is possible");
            }
        }

        return null;
    }

    /// <summary>Ratio at a cycle; null before the first and beyond the last point.</summary>
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

        ReferencePoint from = points[at - 1];
        ReferencePoint to = points[at];
        return from.Ratio + ((to.Ratio - from.Ratio) * (cycle - from.Cycle) / (to.Cycle - from.Cycle));
    }

    public bool Equals(ReferenceCurve? other) => other is not null && points.AsSpan().SequenceEqual(other.points);

    public override bool Equals(object? obj) => Equals(obj as ReferenceCurve);

    public override int GetHashCode() => HashCode.Combine(points.Length, points[0], points[^1]);
}
