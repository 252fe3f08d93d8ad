namespace PouchMonitor.Simulation;

/// <summary>
/// Reproducible random numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), the same on every machine and runtime.
/// </summary>
public sealed class SeededNoise
{
    private ulong state;
    private double spareGaussian;
    private bool hasSpare;

    public SeededNoise(ulong seed) => state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [-<paramref name="half"/>, <paramref name="half"/>).</summary>
    public double NextWithin(double half) => ((2 * NextUnit()) - 1) * half;

    /// <summary>Normally distributed with standard deviation 1 (polar method).</summary>
    public double NextGaussian()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spareGaussian;
        }

        double a, b, square;
        do
        {
            a = NextWithin(1);
            b = NextWithin(1);
            square = (a * a) + (b * b);
        }
        while (square >= 1 || square == 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        spareGaussian = b * scale;
        hasSpare = true;
        return a * scale;
    }
}
