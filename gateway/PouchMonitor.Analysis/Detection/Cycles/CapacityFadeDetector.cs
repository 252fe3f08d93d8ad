using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Follows the retention of the main capacity. Flags ahead that the trend will cross the end of life, then the crossing
/// itself at the cycle that made it, once one of the next two comparable cycles confirms it. A retention nearer to the
/// limit than its own uncertainty gives no verdict.
/// </summary>
internal sealed class CapacityFadeDetector(
    IFindingSink findings, CellProfile profile, string measure, CurveDepartureDetector? departure)
{
    private const int WindowCycles = 30;
    private const int LeastCycles = 10;
    private const int HorizonCycles = 50;

    /// <summary>A projection counts once a quarter of the way to the end of life is lost.</summary>
    private const double LeastLostShare = 0.25;

    private readonly double[] x = new double[WindowCycles];
    private readonly double[] y = new double[WindowCycles];
    private readonly double[] scratch = new double[WindowCycles * (WindowCycles - 1) / 2];
    private readonly double endOfLifeRetention = profile.EndOfLifeRetention;
    private readonly CycleRule crossing = CycleRule.EndOfLife.For(profile);
    private readonly CycleRule projected = CycleRule.ProjectedEndOfLife.For(profile);
    private readonly KneeDetector knee = new(findings, CycleRule.Knee.For(profile));
    private Memory state;
    private Ahead ahead;

    /// <summary>Retention of the last comparable cycle; null before one.</summary>
    public double? Retention => state.Any ? state.Retention : null;

    /// <summary>Where the trend of the last cycles crosses the end of life; null before there is one, and once it has.</summary>
    public EndOfLifeProjection? Projection
    {
        get => ahead.IsKnown ? ahead.Now : null;
        private set => (ahead.IsKnown, ahead.Now) = (value is not null, value.GetValueOrDefault());
    }

    /// <summary>Takes a comparable cycle.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="reference">The cycle whose capacity is <paramref name="inheritedRetention"/>.</param>
    /// <param name="inheritedRetention">Retention that cycles of another kind had reached by then; 1 where there were none.</param>
    public void Take(in CycleMeasures cycle, in CycleMeasures reference, double inheritedRetention)
    {
        double retention = inheritedRetention * cycle.MainCapacityAh / reference.MainCapacityAh;
        double own = cycle.MainCapacityUncertaintyAh / cycle.MainCapacityAh;
        double other = reference.MainCapacityUncertaintyAh / reference.MainCapacityAh;
        double uncertainty = cycle.Index == reference.Index ? 0 : retention * Math.Sqrt((own * own) + (other * other));
        state.Retention = retention;
        state.Any = true;
        Append(cycle.Index, retention);
        if (state.HasCrossed)
        {
            Projection = null;
            return;
        }

        Cross(cycle, reference, retention, uncertainty, inheritedRetention);
        Projection = null;
        if (!state.HasCrossed)
        {
            if (departure is null)
            {
                knee.Take(cycle, retention);
            }

            departure?.Take(cycle, reference.Index, retention / inheritedRetention, uncertainty);
            Project(cycle, reference);
        }
    }

    /// <summary>What it was held against was no cycle: ends what is raised and begins anew.</summary>
    public void Forget(long microseconds)
    {
        EndProjection(microseconds);
        departure?.Forget(microseconds);
        knee.Forget();
        ahead = default;
        state = default;
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        StateBlock.Write(writer, ahead);
        departure?.Save(writer);
        knee.Save(writer);
    }

    /// <param name="reader">Where it was saved.</param>
    /// <param name="hasAhead">False for a snapshot of before projections were kept.</param>
    /// <param name="hasKnee">False for one of before knees were looked for.</param>
    public void Load(BinaryReader reader, bool hasAhead, bool hasKnee)
    {
        StateBlock.Read(reader, ref state);
        if (hasAhead)
        {
            StateBlock.Read(reader, ref ahead);
            departure?.Load(reader);
        }

        if (hasKnee)
        {
            knee.Load(reader);
        }
        else
        {
            knee.Forget();
        }
    }

    private void Cross(
        in CycleMeasures cycle, in CycleMeasures reference, double retention, double uncertainty, double inheritedRetention)
    {
        bool below = retention + uncertainty < endOfLifeRetention;
        if (state.CandidateCycle > 0)
        {
            if (below)
            {
                ReportCrossing(reference, inheritedRetention);
                EndProjection(state.CandidateMicroseconds);
                departure?.Forget(state.CandidateMicroseconds);
                state.HasCrossed = true;
                return;
            }

            if (--state.CandidateLeft == 0)
            {
                state.CandidateCycle = 0;
            }
        }
        else if (below)
        {
            state.CandidateCycle = cycle.Index;
            state.CandidateMicroseconds = cycle.EndMicroseconds;
            state.CandidateRetention = retention;
            state.CandidateCapacityAh = cycle.MainCapacityAh;
            state.CandidateLeft = crossing.HoldCycles;
        }
    }

    private void Project(in CycleMeasures cycle, in CycleMeasures reference)
    {
        if (state.Count < LeastCycles)
        {
            return;
        }

        for (int i = 0; i < state.Count; i++)
        {
            x[i] = state.Points[i].Cycle;
            y[i] = state.Points[i].Retention;
        }

        (double intercept, double slope) = TheilSen.Fit(x.AsSpan(0, state.Count), y.AsSpan(0, state.Count), scratch);
        Projection = EndOfLifeProjection.Of(
            x.AsSpan(0, state.Count), y.AsSpan(0, state.Count), (intercept, slope), endOfLifeRetention, scratch);
        if (departure is not null)
        {
            return; // Beside a reference curve only departure from it warns; the projection is shown all the same.
        }

        double now = intercept + (slope * cycle.Index);
        double then = intercept + (slope * (cycle.Index + HorizonCycles));
        bool lost = 1 - now >= LeastLostShare * (1 - endOfLifeRetention);
        double clearMargin = projected.ClearLevel - projected.RaiseLevel;
        HoldChange change = state.Projection.Take(
            lost && then < endOfLifeRetention,
            then >= endOfLifeRetention + clearMargin,
            projected.HoldCycles,
            cycle.EndMicroseconds,
            cycle.Index);
        if (change == HoldChange.Raised)
        {
            state.ProjectedCycle = (endOfLifeRetention - intercept) / slope;
            ahead.Told = ahead.Now;
            state.ProjectedRetention = then;
            state.ProjectedReferenceCycle = reference.Index;
            ReportProjection(null);
        }
        else if (change == HoldChange.Cleared)
        {
            ReportProjection(cycle.EndMicroseconds);
        }
    }

    /// <summary>The crossing takes the place of its projection.</summary>
    private void EndProjection(long microseconds)
    {
        if (state.Projection.IsRaised)
        {
            ReportProjection(microseconds);
        }
    }

    private void ReportCrossing(in CycleMeasures reference, double inheritedRetention) => findings.OnFinding(new Finding
    {
        Rule = RuleNames.CapacityFade,
        OnsetMicroseconds = state.CandidateMicroseconds,
        Severity = crossing.Severity,
        Cycle = state.CandidateCycle,
        Measure = measure,
        Observed = state.CandidateRetention,
        Limit = endOfLifeRetention,
        Unit = crossing.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Capacity of {state.CandidateCapacityAh:0.#####} Ah is {100 * state.CandidateRetention / inheritedRetention:0.##} % of cycle {reference.Index} ({reference.MainCapacityAh:0.#####} Ah){Inherited(state.CandidateRetention, inheritedRetention)}, below {100 * endOfLifeRetention:0.##} %."),
    });

    private void ReportProjection(long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = RuleNames.CapacityFade,
        OnsetMicroseconds = state.Projection.OnsetMicroseconds,
        Severity = projected.Severity,
        Cycle = state.Projection.OnsetCycle,
        Measure = projected.Measure,
        Observed = state.ProjectedRetention,
        Limit = endOfLifeRetention,
        Unit = projected.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"The trend of {WindowCycles} cycles reaches {100 * endOfLifeRetention:0.##} % of cycle {state.ProjectedReferenceCycle} about cycle {state.ProjectedCycle:0}{Interval()}; in {HorizonCycles} cycles {100 * state.ProjectedRetention:0.#} %."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    private string Interval() => (ahead.Told.LowCycle > 0, double.IsFinite(ahead.Told.HighCycle)) switch
    {
        (false, _) => "", // Raised before intervals were kept.
        (_, true) => string.Create(CultureInfo.InvariantCulture, $" (95 %: {ahead.Told.LowCycle:0} to {ahead.Told.HighCycle:0})"),
        _ => string.Create(CultureInfo.InvariantCulture, $" (95 %: {ahead.Told.LowCycle:0} or later)"),
    };

    private static string Inherited(double retention, double inherited) => inherited == 1 ? "" : string.Create(
        CultureInfo.InvariantCulture, $", the first of its kind after others had fallen to {100 * inherited:0.##} %: {100 * retention:0.##} % in all");

    private void Append(int cycle, double retention)
    {
        if (state.Count == WindowCycles)
        {
            for (int i = 1; i < WindowCycles; i++)
            {
                state.Points[i - 1] = state.Points[i];
            }

            state.Count--;
        }

        state.Points[state.Count++] = new Point { Cycle = cycle, Retention = retention };
    }

    private struct Point
    {
        public double Cycle;
        public double Retention;
    }

    [InlineArray(WindowCycles)]
    private struct Points
    {
        private Point first;
    }

    private struct Ahead
    {
        public EndOfLifeProjection Now;
        public EndOfLifeProjection Told;
        public bool IsKnown;
    }

    private struct Memory
    {
        public Points Points;
        public CycleHold Projection;
        public double Retention;
        public double ProjectedCycle;
        public double ProjectedRetention;
        public double CandidateRetention;
        public double CandidateCapacityAh;
        public long CandidateMicroseconds;
        public int ProjectedReferenceCycle;
        public int CandidateCycle;
        public int CandidateLeft;
        public int Count;
        public bool HasCrossed;
        public bool Any;
    }
}
