using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>Slopes of the rests of one direction, window by window, and what makes a rest like them. A plain value.</summary>
internal struct RestHistory
{
    /// <summary>Windows kept, each twice as long as the one before.</summary>
    public const int Octaves = 8;
    private const int Rests = 8;
    private const int LeastRests = 3;
    private const int UnlikeBeforeReset = 3;
    private const double SameEndV = 0.030;
    private const double SameDriftK = 0.5;
    private const double LargestUnlikeShare = 1.5;

    /// <summary>Median absolute deviation of a normal distribution to its standard deviation.</summary>
    private const double DeviationPerMedian = 1.4826;

    private AllOctaves octaves;

    public int CountOf(int octave) => octaves[octave].Count;

    /// <summary>
    /// True when the rest may be compared with those kept: it follows the same end voltage and its temperature drifts alike.
    /// After three in a row that may not, what is kept makes room for the new kind.
    /// </summary>
    public bool IsLike(int octave, in Interval before, double driftK, out double unlikeShare)
    {
        ref Slopes kept = ref octaves[octave];
        double currentA = Math.Abs(before.CurrentA);
        unlikeShare = kept.Count > 0 ? Math.Abs(currentA - kept.CurrentA) / kept.CurrentA : 0;
        bool alike = kept.Count > 0 && Math.Abs(before.VoltageV - kept.EndV) <= SameEndV
            && !(Math.Abs(driftK - kept.DriftK) > SameDriftK) && unlikeShare <= LargestUnlikeShare;
        if (alike)
        {
            kept.Unlike = 0;
            return true;
        }

        if (kept.Count > 0 && ++kept.Unlike < UnlikeBeforeReset)
        {
            return false;
        }

        kept = default;
        kept.EndV = before.VoltageV;
        kept.CurrentA = currentA;
        kept.DriftK = driftK;
        unlikeShare = 0;
        return true;
    }

    /// <summary>Median slope of the rests kept and their scatter, V/s; false before there are enough.</summary>
    public bool TryBaseline(int octave, out double usual, out double scatter)
    {
        ref Slopes kept = ref octaves[octave];
        usual = 0;
        scatter = 0;
        if (kept.Count < LeastRests)
        {
            return false;
        }

        SlopeRing sorted = kept.Ring;
        Span<double> values = ((Span<double>)sorted)[..kept.Count];
        usual = TheilSen.Median(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Abs(values[i] - usual);
        }

        scatter = DeviationPerMedian * TheilSen.Median(values);
        return true;
    }

    public void Append(int octave, double slope, double driftK)
    {
        ref Slopes kept = ref octaves[octave];
        if (kept.Count == Rests)
        {
            for (int i = 1; i < Rests; i++)
            {
                kept.Ring[i - 1] = kept.Ring[i];
            }

            kept.Count--;
        }

        kept.Ring[kept.Count++] = slope;
        kept.DriftK += double.IsNaN(driftK) ? 0 : (driftK - kept.DriftK) / kept.Count;
    }

    [InlineArray(Rests)]
    private struct SlopeRing
    {
        private double first;
    }

    private struct Slopes
    {
        public SlopeRing Ring;
        public double EndV;
        public double CurrentA;
        public double DriftK;
        public int Count;
        public int Unlike;
    }

    [InlineArray(Octaves)]
    private struct AllOctaves
    {
        private Slopes first;
    }
}
