namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// Peaks of a smoothed curve by topographic prominence: how far the curve must fall before it rises higher again. A peak
/// counts from 5 % of the highest one; maxima nearer to an end than the smoothing reaches are none, since there the
/// window ends and not the reaction.
/// </summary>
internal sealed class PeakFinder(double[] voltageV, double[] heights, double[] capacityAh)
{
    private const double LeastProminenceShare = 0.05;
    private const double FootShare = 0.01;
    private const int EndPoints = 3;

    public IReadOnlyList<DifferentialPeak> Find()
    {
        List<int> maxima = [];
        for (int i = EndPoints; i < heights.Length - EndPoints; i++)
        {
            if (heights[i] > heights[i - 1] && heights[i] >= heights[i + 1])
            {
                maxima.Add(i);
            }
        }

        if (maxima.Count == 0)
        {
            return [];
        }

        double least = LeastProminenceShare * maxima.Max(at => heights[at]);
        int[] kept =
        [
            .. maxima.Select(at => (At: at, Prominence: Prominence(at)))
                .Where(peak => peak.Prominence >= least)
                .OrderByDescending(peak => peak.Prominence)
                .Take(DifferentialCapacity.MostPeaks)
                .Select(peak => peak.At)
                .Order(),
        ];
        List<DifferentialPeak> peaks = [];
        for (int i = 0; i < kept.Length; i++)
        {
            int before = i == 0 ? 0 : kept[i - 1];
            int after = i == kept.Length - 1 ? heights.Length - 1 : kept[i + 1];
            peaks.Add(Measure(kept[i], before, after));
        }

        return peaks;
    }

    private double Prominence(int at)
    {
        return heights[at] - Math.Max(LowestTowards(-1), LowestTowards(1));

        double LowestTowards(int direction)
        {
            double lowest = heights[at];
            for (int i = at + direction; i >= 0 && i < heights.Length && heights[i] <= heights[at]; i += direction)
            {
                lowest = Math.Min(lowest, heights[i]);
            }

            return lowest;
        }
    }

    private DifferentialPeak Measure(int at, int before, int after)
    {
        int left = Foot(at, before);
        int right = Foot(at, after);
        double area = 0;
        for (int i = left; i <= right; i++)
        {
            // Where two peaks meet, each has half of the point between them.
            bool shared = (i == left && left > 0) || (i == right && right < heights.Length - 1);
            area += (shared ? 0.5 : 1) * capacityAh[i];
        }

        double shift = TopShift(at);
        double? leftHalf = HalfHeight(at, left);
        double? rightHalf = HalfHeight(at, right);
        return new DifferentialPeak
        {
            PositionV = voltageV[at] + (shift * DifferentialCurve.GridV),
            HeightAhPerV = heights[at] - (0.25 * (heights[at - 1] - heights[at + 1]) * shift),
            AreaAh = area,
            WidthV = rightHalf - leftHalf,
        };
    }

    private int Foot(int at, int towards)
    {
        int direction = Math.Sign(towards - at);
        int lowest = at;
        for (int i = at; i != towards + direction; i += direction)
        {
            if (heights[i] < heights[lowest])
            {
                lowest = i;
            }

            if (heights[i] <= FootShare * heights[at])
            {
                break;
            }
        }

        return lowest;
    }

    /// <summary>Where the parabola through the highest point and its neighbours has its top, in points.</summary>
    private double TopShift(int at)
    {
        double curvature = heights[at - 1] - (2 * heights[at]) + heights[at + 1];
        return curvature < 0 ? 0.5 * (heights[at - 1] - heights[at + 1]) / curvature : 0;
    }

    /// <summary>Voltage at which the curve has fallen to half, towards a foot; null where it has not by then.</summary>
    private double? HalfHeight(int at, int foot)
    {
        double half = 0.5 * heights[at];
        int direction = Math.Sign(foot - at);
        for (int i = at; direction != 0 && i != foot; i += direction)
        {
            int next = i + direction;
            if (heights[next] <= half)
            {
                double share = (heights[i] - half) / (heights[i] - heights[next]);
                return voltageV[i] + (share * (voltageV[next] - voltageV[i]));
            }
        }

        return null;
    }
}
