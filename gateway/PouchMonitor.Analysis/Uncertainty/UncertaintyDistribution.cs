namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>How a component is spread about its estimate; decides the divisor that makes a half-width a standard uncertainty.</summary>
public enum UncertaintyDistribution
{
    /// <summary>Given as a standard uncertainty; divisor 1.</summary>
    Normal,

    /// <summary>Anywhere between two bounds with equal chance; divisor sqrt 3 (JCGM 100:2008, 4.3.7).</summary>
    Rectangular,

    /// <summary>Sum of two equal rectangular ones; divisor sqrt 6 (JCGM 100:2008, 4.3.9).</summary>
    Triangular,

    /// <summary>A sine of unknown phase; divisor sqrt 2 (JCGM 101:2008, 6.4.6).</summary>
    ArcSine,
}
