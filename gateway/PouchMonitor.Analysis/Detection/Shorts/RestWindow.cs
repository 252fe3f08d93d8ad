namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Straight line through the voltages of a stretch of rest, by least squares in one pass, with the standard error of its
/// slope from what is left over. A plain value.
/// </summary>
internal struct RestWindow
{
    private const int LeastRecords = 8;

    private const double LargestFlickerShare = 0.1;

    private double count;
    private double flickers;
    private double meanS;
    private double meanV;
    private double sumSS;
    private double sumSV;
    private double sumVV;

    public double FirstC;
    public double LastC;

    /// <param name="seconds">Since the rest began.</param>
    /// <param name="voltageV">Voltage.</param>
    /// <param name="temperatureC">Of the cell; NaN where none.</param>
    /// <param name="isFlicker">True where the current passed for one: many of those are a small current, not noise at rest.</param>
    public void Add(double seconds, double voltageV, double temperatureC, bool isFlicker)
    {
        flickers += isFlicker ? 1 : 0;
        if (count == 0)
        {
            FirstC = temperatureC;
        }

        LastC = temperatureC;
        count++;
        double offS = seconds - meanS;
        double offV = voltageV - meanV;
        meanS += offS / count;
        meanV += offV / count;
        sumSS += offS * (seconds - meanS);
        sumSV += offS * (voltageV - meanV);
        sumVV += offV * (voltageV - meanV);
    }

    /// <summary>Slope in V/s and its standard error; false where there are too few records, or a current flowed.</summary>
    public readonly bool TryFit(out double slope, out double error)
    {
        slope = sumSV / sumSS;
        error = Math.Sqrt(Math.Max(0, sumVV - (slope * sumSV)) / ((count - 2) * sumSS));
        return count >= LeastRecords && sumSS > 0 && flickers <= LargestFlickerShare * count;
    }
}
