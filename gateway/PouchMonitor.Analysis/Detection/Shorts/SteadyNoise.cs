namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Noise of a voltage at constant current from its second differences, which no trend reaches: for white noise their mean
/// magnitude is sqrt(6) * sqrt(2 / pi) = 1.954 standard deviations. Each is cut at five times the running mean, so that a
/// glitch weighs little. A plain value.
/// </summary>
internal struct SteadyNoise
{
    /// <summary>Mean magnitude of a second difference of white noise of deviation 1.</summary>
    public const double MagnitudePerDeviation = 1.954;
    private const int WarmUp = 16;
    private const double Memory = 1.0 / 64;
    private const double CutAt = 5;

    private double previousV;
    private double previousChangeV;
    private double meanV;
    private int inRow;
    private int count;

    /// <summary>Smallest change other than none between two records so far, V: no less than a step of the converter.</summary>
    public double LeastChangeV;

    /// <summary>Standard deviation of the noise, V; NaN before there is one.</summary>
    public readonly double DeviationV => count < WarmUp ? double.NaN : meanV / MagnitudePerDeviation;

    public void Break() => inRow = 0;

    /// <summary>Takes the next record of a steady course; gives the cut magnitude of its second difference, negative where none.</summary>
    public double Take(double valueV)
    {
        double change = valueV - previousV;
        double magnitude = Math.Abs(change - previousChangeV);
        previousV = valueV;
        previousChangeV = change;
        if (++inRow < 3)
        {
            inRow = Math.Max(inRow, 1);
            return -1;
        }

        inRow = 3;
        double least = Math.Abs(change);
        if (least > 0 && !(least >= LeastChangeV && LeastChangeV > 0))
        {
            LeastChangeV = least;
        }

        if (count < WarmUp)
        {
            meanV += (magnitude - meanV) / ++count;
            return magnitude;
        }

        double cut = Math.Min(magnitude, CutAt * meanV);
        meanV += Memory * ((meanV > 0 ? cut : magnitude) - meanV);
        return cut;
    }
}
