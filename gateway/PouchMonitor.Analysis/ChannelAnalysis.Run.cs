using PouchMonitor.Analysis.Detection.Shorts;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis;

/// <content>
/// Many samples at once. Where it can be shown beforehand that a run of samples raises no doubt, comes near no limit and
/// neither opens a step nor ends a half, only its integrals and what the rules remember are taken; all else goes the way of
/// single samples. What comes out, and the saved state, are the same to the last bit.
/// </content>
public sealed partial class ChannelAnalysis
{
    /// <summary>Samples that are taken singly before a run is tried again.</summary>
    private const int Singly = 16;

    /// <summary>Fewer samples than this are not worth a run.</summary>
    private const int LeastRun = 8;

    private SampleRun? run;

    /// <summary>Samples that were taken in runs so far, by this object.</summary>
    internal long RunSampleCount { get; private set; }

    /// <summary>Takes the next samples, as if they were added one by one.</summary>
    /// <exception cref="InvalidOperationException">The test has ended.</exception>
    public void Add(ReadOnlySpan<Sample> samples)
    {
        while (!samples.IsEmpty)
        {
            int taken = TakeRun(samples);
            if (taken == 0)
            {
                taken = Math.Min(Singly, samples.Length);
                foreach (ref readonly Sample sample in samples[..taken])
                {
                    Add(in sample);
                }
            }

            samples = samples[taken..];
        }
    }

    /// <summary>Takes a run from the beginning of the samples; 0 where there is none.</summary>
    private int TakeRun(ReadOnlySpan<Sample> samples)
    {
        ref readonly Sample first = ref samples[0];
        if (samples.Length < LeastRun || completed || !first.IsGood(SampleColumns.Voltage) || !first.IsGood(SampleColumns.Current)
            || !pulses.OnlyRemembers || !steps.HasBegun || steps.LastMicroseconds != gate.LastMicroseconds)
        {
            return 0;
        }

        QuietBand band = QuietBand.Open();
        if (!gate.IsQuiet(first.States, ref band) || !limits.IsQuiet(first.States, first.TimeMicroseconds, ref band))
        {
            return 0;
        }

        run ??= new SampleRun();
        run.Fill(samples, gate.LastMicroseconds, band);
        if (run.Count < LeastRun || !Integrate(run, samples))
        {
            return 0;
        }

        samples = samples[..run.Count];
        sampleCount += run.Count;
        RunSampleCount += run.Count;
        gate.Take(run, samples[^1]);
        limits.Take(samples, run);
        return run.Count;
    }

    /// <summary>Takes steps, pulses and cycles of a run, which may be shortened; false where nothing of it was taken.</summary>
    private bool Integrate(SampleRun run, ReadOnlySpan<Sample> samples)
    {
        steps.Shorten(run);
        if (run.Count < LeastRun)
        {
            return false;
        }

        double largestA = steps.Scale.LargestA;
        double largestAfterA = steps.LargestAfter(run);
        if (!cycles.OnlyAdds(run, steps.Direction, largestA, largestAfterA)
            || !softShort.IsBeforeOverrun(cycles, run.MostC(largestAfterA)))
        {
            return false;
        }

        steps.Take(run);
        if (run.Count == 0)
        {
            return false;
        }

        pulses.Take(run);
        Interval interval = Follow(run, samples, largestA);
        cycles.Take(run, interval);
        return true;
    }

    /// <summary>Shows each sample of a run to those that must see all of them; gives the last interval.</summary>
    private Interval Follow(SampleRun run, ReadOnlySpan<Sample> samples, double largestA)
    {
        Interval interval = default;
        bool flows = steps.Direction != 0 && RestLeakWatch.EndsRest(run.LeastA, steps.Scale.LargestA);
        for (int i = 1; i <= run.Count; i++)
        {
            ref readonly Sample sample = ref samples[i - 1];
            largestA = Math.Max(largestA, Math.Min(Math.Abs(run.CurrentA[i]), Math.Abs(run.CurrentA[i - 1])));
            steps.Set(ref interval, run, i);
            watch?.Take(interval);
            softShort.Take(interval, sample.VoltageDipV, isVoltageBelieved: true, largestA, cycles, isWithinFlow: flows && i < run.Count);
            heat.Take(sample, interval, largestA, cycles);
        }

        return interval;
    }
}
