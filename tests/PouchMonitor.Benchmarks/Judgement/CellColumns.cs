using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks.Judgement;

/// <summary>
/// Times, voltages and currents as columns, as the peers hold theirs, and steps, cycles and capacity counted from them by the
/// classes that the analysis uses, without gate, pulses and rules.
/// </summary>
internal sealed class CellColumns
{
    private const int Singly = 16;
    private readonly long[] times;
    private readonly double[] volts;
    private readonly double[] amperes;

    public CellColumns(ReadOnlySpan<Sample> samples)
    {
        times = new long[samples.Length];
        volts = new double[samples.Length];
        amperes = new double[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            times[i] = samples[i].TimeMicroseconds;
            volts[i] = samples[i].Values[SampleColumns.Voltage];
            amperes[i] = samples[i].Values[SampleColumns.Current];
        }
    }

    public void Count(NoSink sink)
    {
        CellProfile profile = CellProfiles.Default;
        StepSegmenter steps = new(profile.NominalCapacityAh);
        CycleAssembler cycles = new(profile, new BoardSpans(), sink);
        SampleRun run = new();
        for (int at = 0; at < times.Length;)
        {
            Fill(run, at);
            if (TakeRun(steps, cycles, run))
            {
                at += run.Count;
                continue;
            }

            for (int end = Math.Min(at + Singly, times.Length); at < end; at++)
            {
                steps.Take(times[at], volts[at], amperes[at], double.NaN, out Interval interval);
                cycles.Take(interval, steps.Scale.LargestA);
            }
        }

        cycles.Complete();
    }

    private static bool TakeRun(StepSegmenter steps, CycleAssembler cycles, SampleRun run)
    {
        if (!steps.HasBegun || run.Count == 0)
        {
            return false;
        }

        steps.Shorten(run);
        if (run.Count == 0 || !cycles.OnlyAdds(run, steps.Direction, steps.Scale.LargestA, steps.LargestAfter(run)))
        {
            return false;
        }

        steps.Take(run);
        if (run.Count == 0)
        {
            return false;
        }

        Interval last = default;
        steps.Set(ref last, run, run.Count);
        cycles.Take(run, last);
        return true;
    }

    private void Fill(SampleRun run, int at) =>
        run.Fill(times.AsSpan(at), volts.AsSpan(at), amperes.AsSpan(at), at == 0 ? long.MinValue : times[at - 1]);
}
