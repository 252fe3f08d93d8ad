using System.Runtime.CompilerServices;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>What a dip was.</summary>
internal readonly record struct Dip(long StartMicroseconds, double DepthV);

/// <summary>
/// Finds falls that recover: the level before is the median of five records, the level after that of three (the look-ahead),
/// and the depth counts from the lower of the two, so that neither a trend nor a step makes a dip. A plain value.
/// </summary>
internal struct DipTracker
{
    private const int Before = 5;
    private const int After = 3;
    private const double NearShare = 0.5;
    private const double RecoveredShare = 1.0 / 3;

    /// <summary>A single record counts where its own value fell by less than this share of the lowest reading's fall: it was brief.</summary>
    private const double BriefShare = 0.8;
    private const double DeepestBriefV = 0.1;

    private BeforeRing before;
    private AfterRing after;
    private double lastV;
    private double levelV;
    private double lowestV;
    private double firstV;
    private long startMicroseconds;
    private int beforeCount;
    private int next;
    private int lowCount;
    private int afterCount;
    private bool isLow;

    /// <summary>The course was interrupted: nothing before it is compared.</summary>
    public void Break()
    {
        beforeCount = 0;
        next = 0;
        isLow = false;
    }

    /// <summary>Takes the next record; true when it ends a dip.</summary>
    /// <param name="microseconds">Its time.</param>
    /// <param name="valueV">Its value; a dip goes down.</param>
    /// <param name="extremeV">How far the lowest reading since the record before lies below it; 0 where not known.</param>
    /// <param name="leastV">Least depth that counts.</param>
    /// <param name="longestMicroseconds">What lasts longer is no dip but a new level.</param>
    /// <param name="dip">Receives the dip.</param>
    public bool Take(long microseconds, double valueV, double extremeV, double leastV, long longestMicroseconds, out Dip dip)
    {
        dip = default;
        if (!isLow)
        {
            double lowV = valueV - extremeV;
            if (beforeCount < Before || lowV >= lastV - (NearShare * leastV) || !Begin(microseconds, valueV, lowV, leastV))
            {
                Remember(valueV);
            }

            return false;
        }

        return Follow(microseconds, valueV, extremeV, leastV, longestMicroseconds, out dip);
    }

    private bool Begin(long microseconds, double valueV, double lowV, double leastV)
    {
        double level = MedianBefore();
        if (level - lowV < leastV)
        {
            return false;
        }

        isLow = true;
        levelV = level;
        lowestV = lowV;
        startMicroseconds = microseconds;
        firstV = valueV;
        lowCount = 1;
        afterCount = 0;
        return true;
    }

    private bool Follow(
        long microseconds, double valueV, double extremeV, double leastV, long longestMicroseconds, out Dip dip)
    {
        dip = default;
        double lowV = valueV - extremeV;
        if (lowV <= levelV - (NearShare * leastV))
        {
            lowCount++;
            afterCount = 0;
            lowestV = Math.Min(lowestV, lowV);
            if (microseconds - startMicroseconds > longestMicroseconds)
            {
                Break();
            }

            return false;
        }

        after[afterCount++] = valueV;
        if (afterCount < After)
        {
            return false;
        }

        double afterV = MedianOf(after[0], after[1], after[2]);
        double depth = Math.Min(levelV, afterV) - lowestV;
        bool recovered = afterV >= levelV - (RecoveredShare * depth);
        bool counts = lowCount >= 2 || (depth <= DeepestBriefV && levelV - firstV < BriefShare * depth);
        isLow = false;
        for (int i = 0; i < After; i++)
        {
            Remember(after[i]);
        }

        dip = new Dip(startMicroseconds, depth);
        return recovered && counts && depth >= leastV;
    }

    private void Remember(double valueV)
    {
        before[next] = valueV;
        next = next + 1 == Before ? 0 : next + 1;
        beforeCount = Math.Min(Before, beforeCount + 1);
        lastV = valueV;
    }

    private readonly double MedianBefore()
    {
        BeforeRing sorted = before;
        Span<double> values = sorted;
        values.Sort();
        return values[Before / 2];
    }

    private static double MedianOf(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    [InlineArray(Before)]
    private struct BeforeRing
    {
        private double first;
    }

    [InlineArray(After)]
    private struct AfterRing
    {
        private double first;
    }
}
