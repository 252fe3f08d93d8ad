namespace PouchMonitor.Simulation;

/// <summary>
/// Discharge capacity against completed cycles, as a share of the first: straight lines through given points, going on
/// with the last slope and never below 2 %.
/// </summary>
public sealed class RetentionCurve
{
    private const double Floor = 0.02;
    private readonly double[] cycles;
    private readonly double[] shares;

    /// <summary>Makes a curve from points (cycle, share), starting at cycle 1 with share 1.</summary>
    public RetentionCurve(params (double Cycle, double Share)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Length < 2 || points[0] is not (1, 1))
        {
            throw new ArgumentException("A retention curve starts with share 1 at cycle 1 and has a second point.", nameof(points));
        }

        cycles = Array.ConvertAll(points, point => point.Cycle);
        shares = Array.ConvertAll(points, point => point.Share);
    }

    /// <summary>Share of the first discharge capacity that cycle <paramref name="cycle"/> (1, 2, ...) gives.</summary>
    public double At(double cycle)
    {
        int at = 0;
        while (at < cycles.Length - 2 && cycle > cycles[at + 1])
        {
            at++;
        }

        double slope = (shares[at + 1] - shares[at]) / (cycles[at + 1] - cycles[at]);
        return Math.Max(Floor, shares[at] + (slope * (cycle - cycles[at])));
    }
}
