using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Whether lithium was stripped from copper to the end: only then does the voltage climb from tens of millivolts to the limit
/// of the protocol, mostly 0.5 to 1 V.
/// </summary>
internal static class StripLimit
{
    /// <summary>No lithium on copper has more overpotential than this on the whole; a cell with a cathode has.</summary>
    public const double LargestOverpotentialV = 0.5;

    /// <summary>Charges this near each other are the same.</summary>
    public const double SameChargeShare = 0.01;
    private const double LeastEndV = 0.1;
    private const double LeastFactor = 3;
    private const double LimitShare = 0.9;

    /// <summary>True where the voltage at the end stands far above the overpotential that such a current has.</summary>
    public static bool IsReachedBy(FlowHalf strip, double usualOverpotentialV) =>
        strip.LastOverpotentialV >= Math.Max(LeastEndV, LeastFactor * Math.Abs(usualOverpotentialV));

    /// <summary>The same where another stripping shows the limit, V.</summary>
    public static bool IsReachedBy(FlowHalf strip, FlowHalf conditioning) =>
        strip.LastOverpotentialV >= LimitShare * conditioning.LastOverpotentialV;

    public static bool IsSameCharge(FlowHalf a, FlowHalf b) => Math.Abs(a.Ah - b.Ah) <= SameChargeShare * Math.Max(a.Ah, b.Ah);

    /// <summary>True where the voltage follows the current and stays small: neither side is a cathode.</summary>
    public static bool IsWithoutCathode(IEnumerable<FlowHalf> halves)
    {
        double[] overpotentials = [.. halves.Select(half => half.OverpotentialV)];
        return overpotentials.Length > 0 && TheilSen.Median(overpotentials) is > 0 and <= LargestOverpotentialV
            && overpotentials.Count(volts => volts is > 0 and <= 2 * LargestOverpotentialV) >= 0.9 * overpotentials.Length;
    }
}
