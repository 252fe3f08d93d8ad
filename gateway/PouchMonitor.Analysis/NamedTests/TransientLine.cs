namespace PouchMonitor.Analysis.NamedTests;

/// <summary>A straight line through means of a transient, by least squares weighted with their length.</summary>
/// <param name="Intercept">At zero.</param>
/// <param name="Slope">Per unit of the abscissa.</param>
/// <param name="SlopeError">Standard error of the slope, from the scatter about the line.</param>
/// <param name="Scatter">Standard deviation about the line.</param>
/// <param name="Count">Means that it goes through.</param>
internal readonly record struct TransientLine(double Intercept, double Slope, double SlopeError, double Scatter, int Count)
{
    private const int Least = 4;

    /// <summary>Null with fewer than four means, or all at one place.</summary>
    public static TransientLine? Of(IEnumerable<TransientBin> bins, Func<TransientBin, double> x, Func<TransientBin, double> y)
    {
        (double X, double Y, double W)[] points = [.. bins.Select(bin => (x(bin), y(bin), bin.Seconds))];
        double weight = points.Sum(point => point.W);
        if (points.Length < Least || !(weight > 0))
        {
            return null;
        }

        double meanX = points.Sum(point => point.W * point.X) / weight;
        double meanY = points.Sum(point => point.W * point.Y) / weight;
        double xx = points.Sum(point => point.W * (point.X - meanX) * (point.X - meanX)) / weight;
        if (!(xx > 0))
        {
            return null;
        }

        double slope = points.Sum(point => point.W * (point.X - meanX) * (point.Y - meanY)) / weight / xx;
        double rest = points.Sum(point => point.W * Square(point.Y - meanY - (slope * (point.X - meanX)))) / weight
            * points.Length / (points.Length - 2);
        return new TransientLine(meanY - (slope * meanX), slope, Math.Sqrt(rest / xx / points.Length), Math.Sqrt(rest), points.Length);
    }

    private static double Square(double value) => value * value;
}
