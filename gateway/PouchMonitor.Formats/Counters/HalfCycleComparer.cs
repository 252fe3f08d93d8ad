using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Formats.Counters;

/// <summary>Splits the runs of a cycle at its turning point, as the analysis does, and compares either half.</summary>
/// <param name="resolutionA">Smallest step of the current, A; null where there is none.</param>
/// <param name="leadDirection">1 where a cycle opens with its charge, -1 where with its discharge.</param>
internal sealed class HalfCycleComparer(double? resolutionA, int leadDirection)
{
    /// <summary>A current given more coarsely than this share of itself says nothing of a counter that sees it finer.</summary>
    public const double CoarsestShare = 0.001;

    public List<CounterDifference> Compared { get; } = [];

    public List<CounterException> Excepted { get; } = [];

    public void Add(CycleSummary cycle, List<CounterLog.Run> runs)
    {
        int turn = TurnOf(runs);
        foreach (int direction in (ReadOnlySpan<int>)[leadDirection, -leadDirection])
        {
            double? counted = direction > 0 ? cycle.ChargeCapacityAh : cycle.DischargeCapacityAh;
            double counterAh = 0;
            double seconds = 0;
            (int from, int to) = direction == leadDirection ? (0, turn) : (turn, runs.Count);
            for (int i = from; i < to; i++)
            {
                counterAh += runs[i].Direction == direction ? runs[i].Ah : 0;
                seconds += runs[i].Direction == direction ? (runs[i].Last - runs[i].First) / 1e6 : 0;
            }

            if (counted is not { } ah)
            {
                if (counterAh > 0 && cycle.Quality == CycleQuality.Gapped)
                {
                    Excepted.Add(new CounterException(cycle.Index, direction > 0, cycle.QualityReason));
                }
            }
            else if (ReasonNotTo(cycle, ah, counterAh, seconds) is { } reason)
            {
                Excepted.Add(new CounterException(cycle.Index, direction > 0, reason));
            }
            else
            {
                Compared.Add(new CounterDifference(cycle.Index, direction > 0, ah, counterAh));
            }
        }
    }

    private string? ReasonNotTo(CycleSummary cycle, double countedAh, double counterAh, double seconds)
    {
        if (cycle.Quality == CycleQuality.Gapped)
        {
            return cycle.QualityReason;
        }

        if (counterAh <= 0)
        {
            return "the instrument's counter does not move";
        }

        double meanA = seconds > 0 ? countedAh * 3600 / seconds : double.PositiveInfinity;
        return resolutionA > CoarsestShare * meanA
            ? string.Create(CultureInfo.InvariantCulture, $"the current is given in steps of {resolutionA:g3} A, coarser than {100 * CoarsestShare:g} % of its {meanA:g3} A")
            : null;
    }

    /// <summary>The run before which the net charge of the cycle is at its turning point.</summary>
    private int TurnOf(List<CounterLog.Run> runs)
    {
        double net = 0;
        double best = 0;
        int turn = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            net += leadDirection * runs[i].Direction * runs[i].Ah;
            if (net > best)
            {
                best = net;
                turn = i + 1;
            }
        }

        return turn;
    }
}
