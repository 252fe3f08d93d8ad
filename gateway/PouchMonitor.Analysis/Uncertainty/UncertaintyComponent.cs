namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// One independent input quantity of a measurement (JCGM 100:2008, 4.1). What acts on the result in two places, such as the
/// zero of a converter on charge and on discharge, is one component with one sensitivity: so correlation needs no matrix.
/// </summary>
public sealed record UncertaintyComponent
{
    /// <param name="name">What it is.</param>
    /// <param name="distribution">How it is spread.</param>
    /// <param name="halfWidth">Half-width of the bounds, or the standard uncertainty where normal; unit of the input.</param>
    /// <param name="sensitivity">Partial derivative of the result by the input, in the result's unit per <paramref name="halfWidth"/>'s.</param>
    /// <param name="unit">Unit of the half-width; empty for a ratio.</param>
    /// <param name="source">Where the half-width comes from.</param>
    public UncertaintyComponent(
        string name, UncertaintyDistribution distribution, double halfWidth, double sensitivity, string unit, string source)
    {
        if (!(halfWidth >= 0) || double.IsInfinity(halfWidth))
        {
            throw new ArgumentOutOfRangeException(nameof(halfWidth), halfWidth, $"The half-width of '{name}' must be 0 or more.");
        }

        if (!double.IsFinite(sensitivity))
        {
            throw new ArgumentOutOfRangeException(nameof(sensitivity), sensitivity, $"The sensitivity to '{name}' must be a number.");
        }

        Name = name;
        Distribution = distribution;
        HalfWidth = halfWidth;
        Sensitivity = sensitivity;
        Unit = unit;
        Source = source;
    }

    public string Name { get; }

    public UncertaintyDistribution Distribution { get; }

    public double HalfWidth { get; }

    public double Sensitivity { get; }

    public string Unit { get; }

    public string Source { get; }

    /// <summary>Degrees of freedom of the standard uncertainty; infinite for bounds from a datasheet (JCGM 100:2008, G.4.3).</summary>
    public double DegreesOfFreedom { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// True for what is the same in every cycle of one channel between two calibrations, so that it cancels from the
    /// difference of two cycles with the same protocol.
    /// </summary>
    public bool IsSameInEveryCycle { get; init; }

    /// <summary>Half-width over standard uncertainty.</summary>
    public double Divisor => Distribution switch
    {
        UncertaintyDistribution.Rectangular => Math.Sqrt(3),
        UncertaintyDistribution.Triangular => Math.Sqrt(6),
        UncertaintyDistribution.ArcSine => Math.Sqrt(2),
        _ => 1,
    };

    /// <summary>u(x), unit of the input.</summary>
    public double StandardUncertainty => HalfWidth / Divisor;

    /// <summary>|c| u(x), unit of the result.</summary>
    public double Contribution => Math.Abs(Sensitivity) * StandardUncertainty;
}
