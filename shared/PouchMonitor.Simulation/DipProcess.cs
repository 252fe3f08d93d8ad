namespace PouchMonitor.Simulation;

/// <summary>
/// Voltage dips as a seeded process: they begin at random, last 2 to 8 s and are 20 to 30 mV deep (arXiv 2505.14283). Gives the
/// mean over a step and the lowest moment within it, as a node publishes them.
/// </summary>
internal sealed class DipProcess(double dipsPerHour, ulong seed)
{
    private const double LeastS = 2;
    private const double MostS = 8;
    private const double LeastV = 0.020;
    private const double MostV = 0.030;

    private readonly SeededNoise noise = new(seed ^ 0xD1B5_D1B5_D1B5_D1B5);
    private double leftS;
    private double depthV;

    /// <summary>Mean depth over the last step.</summary>
    public double MeanV { get; private set; }

    /// <summary>Depth at its lowest moment.</summary>
    public double DeepestV { get; private set; }

    /// <summary>Dips begun so far.</summary>
    public int Count { get; private set; }

    public void Step(double stepS)
    {
        MeanV = 0;
        DeepestV = 0;
        double startS = 0;
        if (leftS <= 0 && noise.NextUnit() < dipsPerHour * stepS / 3600)
        {
            leftS = LeastS + ((MostS - LeastS) * noise.NextUnit());
            depthV = LeastV + ((MostV - LeastV) * noise.NextUnit());
            startS = stepS * noise.NextUnit();
            Count++;
        }

        if (leftS > 0)
        {
            double lasts = Math.Min(leftS, stepS - startS);
            leftS -= lasts;
            DeepestV = depthV;
            MeanV = depthV * lasts / stepS;
        }
    }

    /// <summary>The charge was interrupted, and the dip with it.</summary>
    public void Stop()
    {
        leftS = 0;
        MeanV = 0;
        DeepestV = 0;
    }
}
