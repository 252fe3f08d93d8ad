namespace PouchMonitor.Simulation;

/// <summary>
/// Pauses of a cycler as a seeded process: an operator, a lost link or an interlock stops the programme at random, and it
/// goes on in the same step later.
/// </summary>
internal sealed class PauseProcess(double pausesPerDay, double longestS, ulong seed)
{
    private const double LeastS = 60;
    private const double SecondsPerDay = 86_400;

    private readonly SeededNoise noise = new(seed ^ 0x9A05_E000_9A05_E000);
    private double leftS;

    /// <summary>Pauses begun so far.</summary>
    public int Count { get; private set; }

    /// <summary>True when the step that begins now is spent in a pause.</summary>
    public bool IsPaused(double stepS)
    {
        if (pausesPerDay <= 0)
        {
            return false;
        }

        if (leftS > 0)
        {
            leftS -= stepS;
            return leftS > 0;
        }

        if (noise.NextUnit() >= pausesPerDay * stepS / SecondsPerDay)
        {
            return false;
        }

        leftS = LeastS + (Math.Max(0, longestS - LeastS) * noise.NextUnit());
        Count++;
        return true;
    }
}
