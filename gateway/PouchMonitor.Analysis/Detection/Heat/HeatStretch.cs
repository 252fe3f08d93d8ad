namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>What earlier cycles gave in one stretch. A plain value.</summary>
internal struct UsualHeat
{
    private const int LeastCycles = 3;
    private const double Memory = 0.2;
    private const double SameCurrentShare = 0.15;
    private const double SameVoltageV = 0.060;
    private const int UnlikeBeforeReset = 3;

    /// <summary>C dT/dt + hA (T - Tambient) over C, K/s.</summary>
    public double RateKPerS;
    public double VoltageV;
    private double variance;
    private double currentA;
    private int count;
    private int unlike;

    public readonly bool IsKnown => count >= LeastCycles;

    /// <summary>Variance of the rate from cycle to cycle.</summary>
    public readonly double Variance => variance;

    /// <summary>True where the stretch ran at the same current, so that its heat can be told from what its voltage explains.</summary>
    public readonly bool IsComparable(double meanA, bool rests) =>
        count == 0 || rests || Math.Abs(meanA - currentA) <= SameCurrentShare * Math.Abs(currentA);

    /// <summary>
    /// True where it ran at the same voltage too, so that it may be learned from; after three in a row that did not, it begins anew.
    /// </summary>
    public bool IsLike(double meanA, double meanV, bool rests)
    {
        if (count == 0 || (Math.Abs(meanV - VoltageV) <= SameVoltageV && IsComparable(meanA, rests)))
        {
            unlike = 0;
            return true;
        }

        if (++unlike >= UnlikeBeforeReset)
        {
            this = default;
            return true;
        }

        return false;
    }

    public void Learn(double rate, double meanA, double meanV)
    {
        double weight = Math.Max(Memory, 1.0 / ++count);
        double off = rate - RateKPerS;
        variance = count == 1 ? 0 : (1 - weight) * (variance + (weight * off * off));
        RateKPerS += weight * off;
        VoltageV += weight * (meanV - VoltageV);
        currentA += weight * (meanA - currentA);
        count = Math.Min(count, 1000);
    }
}

/// <summary>Sums of the stretch that is running. A plain value.</summary>
internal struct HeatStretch
{
    public double Seconds;
    public double RiseKs;
    public double VoltageVs;
    public double CurrentAs;

    /// <summary>Temperature by which it began and by which it ends so far, and when, C and s.</summary>
    public double FirstC;
    public double LastC;
    public double SpanSeconds;
    public int Bin;
    public bool IsVoid;
}
