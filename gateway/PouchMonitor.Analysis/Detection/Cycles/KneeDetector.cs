using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Looks for a knee in the whole course of the retention: the fade has become much faster and stays so. Keeps at most
/// <see cref="MostPoints"/> cycles; a longer life is thinned to every second one, every fourth and so on.
/// </summary>
internal sealed class KneeDetector(IFindingSink findings, CycleRule rule)
{
    private const int MostPoints = 96;

    /// <summary>Variance that the bend must explain over what is left: far beyond chance, since every place was tried.</summary>
    private const double LeastRatio = 25;

    /// <summary>Loss since the knee beyond what the slope before it would have brought, below which it is no knee yet.</summary>
    private const double LeastExtraLoss = 0.02;

    private readonly double[] x = new double[MostPoints];
    private readonly double[] y = new double[MostPoints];
    private readonly double[] left = new double[MostPoints];
    private Memory state = new() { Stride = 1 };

    /// <summary>Takes a comparable cycle.</summary>
    public void Take(in CycleMeasures cycle, double retention)
    {
        if (state.Skip > 0)
        {
            state.Skip--;
            return;
        }

        Append(cycle.Index, retention);
        state.Skip = state.Stride - 1;
        if (state.Hold.IsRaised)
        {
            return;
        }

        for (int i = 0; i < state.Count; i++)
        {
            x[i] = state.Points[i].Cycle;
            y[i] = state.Points[i].Retention;
        }

        Knee? found = KneeFit.Of(x.AsSpan(0, state.Count), y.AsSpan(0, state.Count), left);
        if (state.Hold.Take(IsKnee(found, cycle.Index), clears: false, rule.HoldCycles, cycle.EndMicroseconds, cycle.Index) == HoldChange.Raised)
        {
            Tell(found!.Value);
        }
    }

    /// <summary>What it was held against was no cycle: begins anew.</summary>
    public void Forget() => state = new Memory { Stride = 1 };

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private bool IsKnee(Knee? found, int cycle) => found is { } knee
        && knee.Ratio >= LeastRatio
        && knee.SlopeAfter <= rule.RaiseLevel * Math.Min(knee.SlopeBefore, 0)
        && (knee.SlopeBefore - knee.SlopeAfter) * (cycle - knee.Cycle) >= LeastExtraLoss
        && IsSteadily(knee);

    /// <summary>The same of the medians of slopes: capacity that a long rest gave back for some cycles makes no knee.</summary>
    private bool IsSteadily(in Knee knee)
    {
        int at = Array.IndexOf(x, knee.Cycle, 0, state.Count);
        double[] scratch = new double[state.Count * (state.Count - 1) / 2];
        double before = TheilSen.Fit(x.AsSpan(0, at + 1), y.AsSpan(0, at + 1), scratch).Slope;
        double since = TheilSen.Fit(x.AsSpan(at, state.Count - at), y.AsSpan(at, state.Count - at), scratch).Slope;
        return since <= rule.RaiseLevel * Math.Min(before, 0);
    }

    private void Append(int cycle, double retention)
    {
        if (state.Count == MostPoints)
        {
            for (int i = 0; i < MostPoints / 2; i++)
            {
                state.Points[i] = state.Points[2 * i];
            }

            state.Count = MostPoints / 2;
            state.Stride *= 2;
        }

        state.Points[state.Count++] = new Point { Cycle = cycle, Retention = retention };
    }

    private void Tell(in Knee knee) => findings.OnFinding(new Finding
    {
        Rule = rule.Name,
        OnsetMicroseconds = state.Hold.OnsetMicroseconds,
        Severity = rule.Severity,
        Cycle = state.Hold.OnsetCycle,
        Measure = rule.Measure,
        Observed = knee.SlopeAfter,
        Limit = rule.RaiseLevel * Math.Min(knee.SlopeBefore, 0),
        Unit = rule.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"The fade has a knee at cycle {knee.Cycle:0} (95 %: {knee.LowCycle:0} to {knee.HighCycle:0}): {-100 * knee.SlopeBefore:0.###} % a cycle before, {-100 * knee.SlopeAfter:0.###} % since."),
    });

    private struct Point
    {
        public double Cycle;
        public double Retention;
    }

    [InlineArray(MostPoints)]
    private struct Points
    {
        private Point first;
    }

    private struct Memory
    {
        public Points Points;
        public CycleHold Hold;
        public int Count;
        public int Stride;
        public int Skip;
    }
}
