namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>What is counted over the infrared images.</summary>
internal sealed class ImageTrack
{
    public int Count { get; private set; }

    /// <summary>Largest difference within one image, K; NaN before one.</summary>
    public double LargestSpreadK { get; private set; } = double.NaN;

    public double LargestSpreadAt { get; private set; }

    /// <summary>Highest pixel of all images, C; NaN before one.</summary>
    public double HighestC { get; private set; } = double.NaN;

    public double HighestAt { get; private set; }

    public void Add(AbuseImage image)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in image.TemperaturesC)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
        {
            return;
        }

        Count++;
        if (!(high - low <= LargestSpreadK))
        {
            LargestSpreadK = high - low;
            LargestSpreadAt = image.At;
        }

        if (!(high <= HighestC))
        {
            HighestC = high;
            HighestAt = image.At;
        }
    }
}
