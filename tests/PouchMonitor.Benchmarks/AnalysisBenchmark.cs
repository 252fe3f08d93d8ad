using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks;

/// <summary>Samples analysed on one core: steps, cycles, pulses and every rule.</summary>
internal static class AnalysisBenchmark
{
    private const int SamplesPerFrame = 60;

    public static IEnumerable<Figure> Run(double seconds)
    {
        NoisyFrames source = new("node-1", 0xB007, SamplesPerFrame, seed: 1);
        SampleFrame frame = new(SamplesPerFrame);
        Sample[] samples = new Sample[720_000];
        for (int at = 0; at < samples.Length;)
        {
            byte[] bytes = source.Next();
            SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame);
            for (int i = 0; i < frame.Count; i++)
            {
                FrameSamples.Read(frame, i, frame.BootAnchorUnixMicroseconds, ref samples[at++]);
            }
        }

        NoSink sink = new();
        double rate = Rate.Median(seconds, () =>
        {
            ChannelAnalysis analysis = new(CellProfiles.Default, sink);
            foreach (ref readonly Sample sample in samples.AsSpan())
            {
                analysis.Add(in sample);
            }

            analysis.Complete();
            return samples.Length;
        });
        yield return new Figure("samples analysed on one core", rate, "samples/s");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ChannelAnalysis measured = new(CellProfiles.Default, sink);
        foreach (ref readonly Sample sample in samples.AsSpan())
        {
            measured.Add(in sample);
        }

        yield return new Figure("bytes allocated a thousand samples analysed",
            (GC.GetAllocatedBytesForCurrentThread() - before) * 1000.0 / samples.Length, "B");
    }

    private sealed class NoSink : IAnalysisSink
    {
        public void OnCycle(CycleSummary cycle)
        {
        }

        public void OnFinding(Finding finding)
        {
        }

        public void OnStep(StepSummary step)
        {
        }

        public void OnPulse(PulseResistance pulse)
        {
        }
    }
}
