using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Counters;

/// <summary>
/// Follows the instrument's charge counters along the rows of a series, as runs of one direction, and compares them with the
/// cycles that the analysis found. Memory is bounded by the number of runs.
/// </summary>
public sealed class CounterLog
{
    /// <summary>Most changes of direction that are followed.</summary>
    public const int MaximumRuns = 200_000;

    private readonly CounterReading charge = new(1, isNet: false);
    private readonly CounterReading discharge = new(-1, isNet: false);
    private readonly CounterReading undirected = new(0, isNet: false);
    private readonly CounterReading net = new(0, isNet: true);
    private readonly List<Run> runs = [];
    private readonly int mostRuns;
    private double lastStep = double.NaN;
    private double lastCycle = double.NaN;
    private long lastMicroseconds = long.MinValue;
    private bool mayRestart;
    private int decimals = -1;
    private long dropped;

    public CounterLog()
        : this(MaximumRuns)
    {
    }

    internal CounterLog(int mostRuns) => this.mostRuns = mostRuns;

    /// <summary>Takes the next good row.</summary>
    public void Add(RecordedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.IsPresent(SampleColumns.Current))
        {
            double currentA = row.Value(SampleColumns.Current)!.Value;
            decimals = Math.Max(decimals, row.WrittenCurrentDecimals);
            if (lastMicroseconds != long.MinValue && currentA != 0)
            {
                double flowAh = currentA * Math.Max(row.TimeMicroseconds - lastMicroseconds, 0) / 3.6e9;
                charge.Flow(flowAh);
                discharge.Flow(flowAh);
                undirected.Flow(flowAh);
                net.Flow(flowAh);
            }
        }

        lastMicroseconds = row.TimeMicroseconds;
        mayRestart |= Changes(row.InstrumentStep, ref lastStep) | Changes(row.InstrumentCycle, ref lastCycle);
        if (row.InstrumentChargeCapacityAh is null && row.InstrumentDischargeCapacityAh is null
            && row.InstrumentCapacityAh is null && row.InstrumentNetCapacityAh is null)
        {
            return;
        }

        (double ChargeAh, double DischargeAh) added = default;
        Take(charge, row.InstrumentChargeCapacityAh, ref added);
        Take(discharge, row.InstrumentDischargeCapacityAh, ref added);
        if (!charge.IsKnown && !discharge.IsKnown)
        {
            Take(net, row.InstrumentNetCapacityAh, ref added);
            if (!net.IsKnown)
            {
                Take(undirected, row.InstrumentCapacityAh, ref added);
            }
        }

        mayRestart = false;
        Extend(row.TimeMicroseconds, 1, added.ChargeAh);
        Extend(row.TimeMicroseconds, -1, added.DischargeAh);
    }

    /// <summary>Compares with the cycles of the same rows; null where the series carries no counter.</summary>
    /// <param name="cycles">As the analysis gave them.</param>
    /// <param name="kind">Half cells open their cycles with the discharge.</param>
    public InstrumentCounters? Compare(IReadOnlyList<CycleSummary> cycles, CellKind kind)
    {
        ArgumentNullException.ThrowIfNull(cycles);
        if (!charge.IsKnown && !discharge.IsKnown && !net.IsKnown && !undirected.IsKnown)
        {
            return null;
        }

        double? resolutionA = decimals < 0 ? null : Math.Pow(10, -decimals);
        var comparer = new HalfCycleComparer(resolutionA, kind == CellKind.Half ? -1 : 1);
        int at = 0;
        foreach (CycleSummary cycle in cycles)
        {
            while (at < runs.Count && runs[at].Middle < cycle.StartMicroseconds)
            {
                at++;
            }

            int first = at;
            while (at < runs.Count && runs[at].Middle <= cycle.EndMicroseconds)
            {
                at++;
            }

            comparer.Add(cycle, runs[first..at]);
        }

        return new InstrumentCounters
        {
            Compared = comparer.Compared, Excepted = comparer.Excepted, CurrentResolutionA = resolutionA, DroppedRunCount = dropped,
        };
    }

    private void Take(CounterReading counter, double? value, ref (double ChargeAh, double DischargeAh) added)
    {
        if (value is { } known && double.IsFinite(known))
        {
            (double chargeAh, double dischargeAh) = counter.Take(known, mayRestart, mayFall: ReferenceEquals(counter, charge) && !discharge.IsKnown);
            added.ChargeAh += chargeAh;
            added.DischargeAh += dischargeAh;
        }
    }

    private void Extend(long microseconds, int direction, double addedAh)
    {
        if (addedAh <= 0)
        {
            return;
        }

        if (runs.Count > 0 && runs[^1].Direction == direction)
        {
            runs[^1] = runs[^1] with { Last = microseconds, Ah = runs[^1].Ah + addedAh };
        }
        else if (runs.Count < mostRuns)
        {
            runs.Add(new Run(direction, microseconds, microseconds, addedAh));
        }
        else
        {
            dropped++;
        }
    }

    private static bool Changes(double? value, ref double last)
    {
        bool changed = value is { } known && !double.IsNaN(last) && known != last;
        last = value ?? last;
        return changed;
    }

    /// <summary>Readings that added to the same direction, one after the other.</summary>
    internal readonly record struct Run(int Direction, long First, long Last, double Ah)
    {
        public long Middle => First + ((Last - First) / 2);
    }
}
