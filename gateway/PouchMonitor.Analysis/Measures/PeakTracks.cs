using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Measures;

/// <summary>One peak followed over the cycles of a test, in one direction.</summary>
public sealed record PeakTrack
{
    public required StepKind Half { get; init; }

    /// <summary>Cycle and peak, rising in cycles; cycles in which it was not seen are missing.</summary>
    public required IReadOnlyList<(int Cycle, DifferentialPeak Peak)> Points { get; init; }
}

/// <summary>A peak of a charge and the peak of the discharge after it that is the same reaction.</summary>
public sealed record PeakSeparation(int Cycle, DifferentialPeak Charge, DifferentialPeak Discharge)
{
    /// <summary>Charge position less discharge position, V; in NCM811 cells a growing one near 4.2 V is read as cracking.</summary>
    public double SeparationV => Charge.PositionV - Discharge.PositionV;
}

/// <summary>Which peak is which, from cycle to cycle and between the two directions.</summary>
public static class PeakTracks
{
    /// <summary>Peaks further apart than this are not the same, V.</summary>
    public const double MatchV = 0.060;
    private const double LargestRateDifference = 0.1;

    /// <summary>
    /// Follows each peak of one direction: a peak belongs to the track whose last position is nearest, within
    /// <see cref="MatchV"/>, nearest pairs first; else it opens a track. Halves at another rate than the first
    /// (by more than 10 %) are passed over, since their polarization moves every peak.
    /// </summary>
    public static IReadOnlyList<PeakTrack> Follow(IEnumerable<DifferentialCapacity> halves, StepKind half)
    {
        ArgumentNullException.ThrowIfNull(halves);
        List<List<(int Cycle, DifferentialPeak Peak)>> tracks = [];
        double? rateA = null;
        foreach (DifferentialCapacity one in halves.Where(one => one.Half == half && one.RateA is not null).OrderBy(one => one.Cycle))
        {
            double ownA = one.RateA!.Value;
            double firstA = rateA ??= ownA;
            if (Math.Abs(ownA - firstA) > LargestRateDifference * firstA)
            {
                continue;
            }

            double[] last = [.. tracks.Select(track => track[^1].Peak.PositionV)];
            int[] matches = Match([.. one.Peaks.Select(peak => peak.PositionV)], last);
            for (int i = 0; i < matches.Length; i++)
            {
                if (matches[i] < 0)
                {
                    tracks.Add([]);
                }

                tracks[matches[i] < 0 ? ^1 : matches[i]].Add((one.Cycle, one.Peaks[i]));
            }
        }

        return [.. tracks.Select(points => new PeakTrack { Half = half, Points = points })];
    }

    /// <summary>
    /// Pairs the peaks of a cycle's charge with those of its discharge: nearest first, within <see cref="MatchV"/> of where
    /// the cycle's mean-voltage gap would put them. Empty where the gap is not known.
    /// </summary>
    public static IReadOnlyList<PeakSeparation> Separate(DifferentialCapacity charge, DifferentialCapacity discharge, CycleSummary cycle)
    {
        ArgumentNullException.ThrowIfNull(charge);
        ArgumentNullException.ThrowIfNull(discharge);
        ArgumentNullException.ThrowIfNull(cycle);
        if (cycle.PolarizationV is not { } gapV)
        {
            return [];
        }

        int[] matches = Match(
            [.. charge.Peaks.Select(peak => peak.PositionV - gapV)], [.. discharge.Peaks.Select(peak => peak.PositionV)]);
        return
        [
            .. matches.Select((to, from) => (From: from, To: to)).Where(pair => pair.To >= 0)
                .Select(pair => new PeakSeparation(cycle.Index, charge.Peaks[pair.From], discharge.Peaks[pair.To])),
        ];
    }

    /// <summary>For each of the first the index of its partner among the second; -1 where it has none.</summary>
    private static int[] Match(double[] first, double[] second)
    {
        int[] partner = [.. Enumerable.Repeat(-1, first.Length)];
        var pairs = first.SelectMany((a, i) => second.Select((b, j) => (Distance: Math.Abs(a - b), I: i, J: j)))
            .Where(pair => pair.Distance <= MatchV).OrderBy(pair => pair.Distance);
        HashSet<int> taken = [];
        foreach ((_, int i, int j) in pairs)
        {
            if (partner[i] < 0 && taken.Add(j))
            {
                partner[i] = j;
            }
        }

        return partner;
    }
}
