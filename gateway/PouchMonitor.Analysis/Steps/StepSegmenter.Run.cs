using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Steps;

/// <content>Many samples at once, to the same digits: those that go on with the running step.</content>
internal sealed partial class StepSegmenter
{
    /// <summary>Samples after which intervals are learnt from while charges are worked out.</summary>
    private const int InTurn = 16;

    /// <summary>1 charge, -1 discharge, 0 rest: what the last sample was.</summary>
    public int Direction => state.Kind;

    /// <summary>True once there is a sample that others can follow.</summary>
    public bool HasBegun => state.Any;

    /// <summary>Time of the last sample, microseconds.</summary>
    public long LastMicroseconds => state.TimeMicroseconds;

    /// <summary>Largest magnitude of a current that a run may have come by, A.</summary>
    public double LargestAfter(SampleRun run) => Math.Max(scale.LargestA, run.LargestA);

    /// <summary>Puts the last sample before the run, and shortens it to what surely goes on with the running step.</summary>
    public void Shorten(SampleRun run)
    {
        run.VoltageV[0] = state.VoltageV;
        run.CurrentA[0] = state.CurrentA;
        if (state.Kind != 0)
        {
            run.Count = scale.FlowCount(run.CurrentA.AsSpan(0, run.Count + 1), state.Kind, EdgeShare);
        }

        if (run.Count > 0)
        {
            run.Measure();
        }
    }

    /// <summary>
    /// Takes a run that <see cref="Shorten"/> allowed: charges and energies are set where current flows. At rest it is
    /// shortened once more where a current begins, and may be empty then.
    /// </summary>
    public void Take(SampleRun run)
    {
        run.AnyHeld = false;
        run.AnyOpens = false;
        if (state.Kind == 0)
        {
            run.Count = scale.TakeRest(run.CurrentA.AsSpan(1, run.Count));
            if (run.Count == 0)
            {
                return;
            }

            run.Measure();
            FollowRest(run);
            gaps.LearnRun(run.Seconds.AsSpan(1, run.Count));
        }
        else
        {
            // In turn, because the one waits for its own last result all the time and the other never does.
            for (int at = 1; at <= run.Count; at += InTurn)
            {
                int count = Math.Min(InTurn, run.Count - at + 1);
                RunMath.Integrate(run, at, count);
                gaps.LearnRun(run.Seconds.AsSpan(at, count));
            }

            scale.TakeFlow(run.CurrentA.AsSpan(0, run.Count + 1));
            FollowFlow(run);
        }

        int last = run.Count;
        state.ConstantVoltage = run.AnyHeld && run.Held[last];
        state.PreviousChangeA = run.CurrentA[last] - run.CurrentA[last - 1];
        state.TimeMicroseconds = run.LastMicroseconds;
        state.VoltageV = run.VoltageV[last];
        state.CurrentA = run.CurrentA[last];
    }

    /// <summary>
    /// Makes of an interval the one that ends at a place of the run taken last, as
    /// <see cref="Take(long, double, double, double, out Interval)"/> gives it.
    /// </summary>
    /// <param name="interval">Of nothing, or of another place of the same run.</param>
    public void Set(ref Interval interval, SampleRun run, int place)
    {
        interval.TimeMicroseconds = run.Times[place];
        interval.Kind = state.Kind;
        interval.PreviousKind = state.Kind;
        interval.OpensStep = run.AnyOpens && run.Opens[place];
        interval.ConstantVoltage = run.AnyHeld && run.Held[place];
        interval.Seconds = run.Seconds[place];
        interval.ChargeC = state.Kind == 0 ? 0 : run.ChargeC[place];
        interval.EnergyJ = state.Kind == 0 ? 0 : run.EnergyJ[place];
        interval.VoltageV = run.VoltageV[place];
        interval.CurrentA = run.CurrentA[place];
        interval.TemperatureC = run.HasTemperature ? run.TemperatureC[place] : double.NaN;
    }

    private void FollowRest(SampleRun run)
    {
        double previousChange = state.PreviousChangeA;
        for (int i = 1; i <= run.Count; i++)
        {
            double voltageV = run.VoltageV[i];
            double change = run.CurrentA[i] - run.CurrentA[i - 1];
            bool opens = IsAbruptChange(run.VoltageV[i - 1], voltageV, run.CurrentA[i - 1], run.CurrentA[i], previousChange);
            run.Opens[i] = opens;
            run.AnyOpens |= opens;
            state.StepLargestA = opens ? 0 : Math.Max(state.StepLargestA, Math.Abs(run.CurrentA[i]));
            state.StepPeakV = opens ? voltageV : Math.Max(state.StepPeakV, voltageV);
            previousChange = change;
        }
    }

    private void FollowFlow(SampleRun run)
    {
        if (state.Kind < 0 || run.LeastA > FallingCurrentShare * Math.Max(state.StepLargestA, run.LargestA))
        {
            state.StepLargestA = Math.Max(state.StepLargestA, run.LargestA);
            state.StepPeakV = Math.Max(state.StepPeakV, RunMath.Range(run.VoltageV.AsSpan(1, run.Count)).Largest);
            return;
        }

        for (int i = 1; i <= run.Count; i++)
        {
            double magnitude = Math.Abs(run.CurrentA[i]);
            state.StepLargestA = Math.Max(state.StepLargestA, magnitude);
            state.StepPeakV = Math.Max(state.StepPeakV, run.VoltageV[i]);
            bool held = magnitude <= FallingCurrentShare * state.StepLargestA && run.VoltageV[i] >= state.StepPeakV - HeldVoltageV;
            run.Held[i] = held;
            run.AnyHeld |= held;
        }
    }
}
