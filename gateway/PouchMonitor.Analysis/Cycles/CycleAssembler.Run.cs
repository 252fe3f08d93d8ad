using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Cycles;

/// <content>Many intervals at once, to the same digits: those that neither end a half nor join one.</content>
internal sealed partial class CycleAssembler
{
    /// <summary>True when a run only adds to what is running.</summary>
    /// <param name="run">All of one direction.</param>
    /// <param name="kind">1 charge, -1 discharge, 0 rest.</param>
    /// <param name="largestBeforeA">Largest current before the run, A.</param>
    /// <param name="largestAfterA">Largest current that it may come by, A.</param>
    public bool OnlyAdds(SampleRun run, int kind, double largestBeforeA, double largestAfterA)
    {
        if (steps.MustOpen || steps.Running.Kind != kind)
        {
            return false;
        }

        if (kind == 0)
        {
            return true;
        }

        bool mayForget = state.Count == 0 && state.HeldLargestA <= CurrentScale.RestShare * largestAfterA;
        return !mayForget && (state.Since.HasFlow
            ? state.Since.OnlyGoesOn(run) && StaysApart(run, kind, largestBeforeA, largestAfterA)
            : kind == state.Direction && state.LastFlow.Kind == kind && state.Body.OnlyGoesOn(run));
    }

    /// <summary>Takes a run that <see cref="OnlyAdds"/> allowed.</summary>
    public void Take(SampleRun run, in Interval last)
    {
        ref HalfCycle half = ref state.Since.HasFlow ? ref state.Since : ref state.Body;
        half.AddTemperatures(run, flows: last.Kind != 0);
        if (last.Kind == 0)
        {
            steps.Running.AddRest(run);
            return;
        }

        half.AddRun(run, ref steps.Running, last);
        steps.Running.AddFlow(run);
        state.HeldLargestA = Math.Max(state.HeldLargestA, Math.Max(run.LargestBeforeLastA, Math.Abs(state.LastFlow.CurrentA)));
        state.LastFlow = last;
    }

    /// <summary>
    /// True when the stretch since the last turning point cannot join the half or end it within the run, whatever its
    /// currents are up to the largest.
    /// </summary>
    private bool StaysApart(SampleRun run, int kind, double largestBeforeA, double largestAfterA)
    {
        double mostC = run.MostC(largestAfterA);
        double onwardC = state.Since.NetC * state.Direction;
        return kind == state.Direction
            ? onwardC + mostC < JoiningShare * CapacityC && -onwardC < TurningThresholdC(largestBeforeA)
            : mostC - onwardC < TurningThresholdC(largestBeforeA) && onwardC < JoiningShare * CapacityC;
    }
}
