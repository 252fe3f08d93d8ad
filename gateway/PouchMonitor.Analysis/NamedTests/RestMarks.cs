using System.Runtime.CompilerServices;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Voltage of a rest 10 s, 60 s and 10 min after its edge, V, read between the two samples around each mark; NaN where the rest
/// is shorter, or sampled too slowly to tell: the edge, or the samples around the mark, farther apart than half of its time.
/// </summary>
internal struct RestMarks
{
    public const int Count = 3;
    private const double LeastSpacingSeconds = 1.5;

    private Values volts;
    private double edgeSeconds;
    private int next;

    public readonly bool IsDone => next >= Count;

    public static double SecondsOf(int mark) => mark switch { 0 => 10, 1 => 60, _ => 600 };

    public readonly double VoltsAt(int mark) => volts[mark];

    /// <summary>Begins a rest whose edge is known to so many seconds.</summary>
    public static RestMarks Begin(double edgeKnownToSeconds)
    {
        var marks = new RestMarks { edgeSeconds = edgeKnownToSeconds };
        for (int i = 0; i < Count; i++)
        {
            marks.volts[i] = double.NaN;
        }

        return marks;
    }

    /// <summary>Takes two samples of the rest in a row; times since the edge.</summary>
    public void Take(double fromSeconds, double fromV, double toSeconds, double toV)
    {
        while (next < Count && toSeconds >= SecondsOf(next))
        {
            double wanted = SecondsOf(next);
            double spacing = toSeconds - fromSeconds;
            if (edgeSeconds <= 0.5 * wanted && spacing <= Math.Max(LeastSpacingSeconds, 0.5 * wanted))
            {
                double share = spacing > 0 ? (wanted - fromSeconds) / spacing : 1;
                volts[next] = fromV + (Math.Clamp(share, 0, 1) * (toV - fromV));
            }

            next++;
        }
    }

    [InlineArray(Count)]
    private struct Values
    {
        private double first;
    }
}
