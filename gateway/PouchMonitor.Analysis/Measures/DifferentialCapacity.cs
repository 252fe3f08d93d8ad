using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// What the differential capacity dQ/dV of one half cycle shows: its peaks, or why it has none to show. Compared from cycle
/// to cycle only at one rate, since polarization moves every peak.
/// </summary>
public sealed record DifferentialCapacity
{
    /// <summary>Peaks kept of one half; the most prominent ones.</summary>
    public const int MostPeaks = 6;

    public required int Cycle { get; init; }

    /// <summary>The half: charge or discharge.</summary>
    public required StepKind Half { get; init; }

    /// <summary>Time of the first sample of the step that was measured, microseconds; null where none was.</summary>
    public long? StartMicroseconds { get; init; }

    /// <summary>Mean current of the measured stretch, a magnitude, A; null where nothing was measured.</summary>
    public double? RateA { get; init; }

    /// <summary>Rising in voltage.</summary>
    public IReadOnlyList<DifferentialPeak> Peaks { get; init; } = [];

    /// <summary>Why nothing was measured, in words for a person; empty where it was.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>One peak of dQ/dV. Heights and areas are magnitudes in both directions.</summary>
public sealed record DifferentialPeak
{
    /// <summary>Where the smoothed curve is highest, V.</summary>
    public required double PositionV { get; init; }

    /// <summary>Height of the smoothed curve, Ah/V.</summary>
    public required double HeightAhPerV { get; init; }

    /// <summary>
    /// Charge from foot to foot, Ah: no baseline is taken off. A foot is the lowest point towards the next peak, or nearer
    /// where the curve has fallen to 1 % of the height.
    /// </summary>
    public required double AreaAh { get; init; }

    /// <summary>Full width at half height, V, the smoothing included; null where the curve does not fall to half of it.</summary>
    public double? WidthV { get; init; }
}
