using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks;

/// <summary>Frames encoded and decoded on one core, and their size.</summary>
internal static class CodecBenchmark
{
    public static IEnumerable<Figure> Run(double seconds)
    {
        foreach (int samples in (int[])[32, 60])
        {
            NoisyFrames source = new("node-1", 0xB007, samples, seed: 1);
            byte[][] frames = [.. Enumerable.Range(0, 200).Select(_ => source.Next())];
            SampleFrame target = new(samples);
            double decoded = Rate.Median(seconds, () =>
            {
                foreach (byte[] bytes in frames)
                {
                    if (SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, target) != DecodeFault.None)
                    {
                        throw new InvalidOperationException("The benchmark's frame is not one.");
                    }
                }

                return frames.Length;
            });
            yield return new Figure($"frames of {samples} samples decoded on one core", decoded, "frames/s");
            yield return new Figure($"bytes a sample on the wire, frames of {samples}, five noisy columns",
                frames.Average(bytes => bytes.Length) / samples, "B/sample", samples >= 60 ? 5 : null);
        }
    }
}
