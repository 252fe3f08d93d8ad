using System.Diagnostics;
using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Benchmarks.Judgement;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks;

/// <summary>
/// Samples analysed on one core, beside numpy and pandas scripts that only count charge per cycle. All hold their rows in
/// memory; their rounds are taken in turn, and of each the best counts, since another program's work can only slow one.
/// </summary>
internal static class AnalysisBenchmark
{
    private const int Rows = 2_880_000;
    private const int LeastRounds = 5;
    private const double SecondsPerYear = 365 * 86_400;
    private const double NumpyShare = 0.3;
    private const double PlainNumpyShare = 2;

    public static IEnumerable<Figure> Run(double seconds)
    {
        Sample[] samples = CellRows.Make(Rows);
        string file = Path.GetTempFileName();
        try
        {
            ArrayPeer.Write(file, samples);
            using ArrayPeer? numpy = ArrayPeer.Start("numpy", file, Rows);
            using ArrayPeer? pandas = ArrayPeer.Start("pandas", file, Rows);
            return Compare(samples, numpy, pandas, seconds);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<Figure> Compare(Sample[] samples, ArrayPeer? numpy, ArrayPeer? pandas, double seconds)
    {
        double judged = double.PositiveInfinity;
        double counted = double.PositiveInfinity;
        double withNumpy = double.PositiveInfinity;
        double withPandas = double.PositiveInfinity;
        NoSink judgedSink = new();
        NoSink countedSink = new();
        double peerAh = double.NaN;
        Stopwatch clock = Stopwatch.StartNew();
        for (int round = 0; round < LeastRounds || clock.Elapsed.TotalSeconds < seconds; round++)
        {
            judged = Math.Min(judged, Seconds(() => Judge(samples, judgedSink = new NoSink())));
            counted = Math.Min(counted, Seconds(() => Count(samples, countedSink = new NoSink())));
            if (numpy is not null)
            {
                (double taken, peerAh) = numpy.Run();
                withNumpy = Math.Min(withNumpy, taken);
            }

            withPandas = Math.Min(withPandas, pandas?.Run().Seconds ?? double.PositiveInfinity);
        }

        List<Figure> figures =
        [
            new("samples judged by every rule, one core", Rows / judged, "samples/s"),
            new("a cell-year at 1 Hz judged by every rule", SecondsPerYear * judged / Rows, "s", 2),
            new("steps, cycles and capacity alone, one core", Rows / counted, "samples/s"),
            new("bytes allocated a thousand samples judged", AllocatedBytes(samples) * 1000.0 / Rows, "B"),
            new("memory a channel", ChannelBytes(samples) / 1024.0, "KB", 64),
        ];
        Console.WriteLine($"charge of all halves, Ah: judged {judgedSink.ChargeAh:F6}, counted {countedSink.ChargeAh:F6}, numpy {peerAh:F6}");
        if (numpy is null || pandas is null)
        {
            Console.WriteLine("numpy or pandas is not installed (Debian: python3-numpy, python3-pandas): no comparison with them.");
            return figures;
        }

        figures.Add(new("numpy, charge per cycle alone", Rows / withNumpy, "rows/s"));
        figures.Add(new("pandas, charge per cycle alone", Rows / withPandas, "rows/s"));
        figures.Add(new("judged by every rule, over numpy", withNumpy / judged, "x", NumpyShare));
        figures.Add(new("judged by every rule, over pandas", withPandas / judged, "x"));
        figures.Add(new("steps, cycles and capacity alone, over numpy", withNumpy / counted, "x", PlainNumpyShare));
        return figures;
    }

    private static double Seconds(Action work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static ChannelAnalysis Judge(ReadOnlySpan<Sample> samples, NoSink sink)
    {
        ChannelAnalysis analysis = new(CellProfiles.Default, sink);
        foreach (ref readonly Sample sample in samples)
        {
            analysis.Add(in sample);
        }

        analysis.Complete();
        return analysis;
    }

    private static void Count(ReadOnlySpan<Sample> samples, NoSink sink)
    {
        StepSegmenter steps = new(CellProfiles.Default.NominalCapacityAh);
        CycleAssembler cycles = new(CellProfiles.Default, uncertainty: null, sink);
        foreach (ref readonly Sample sample in samples)
        {
            steps.Take(
                sample.TimeMicroseconds, sample.Values[SampleColumns.Voltage], sample.Values[SampleColumns.Current], double.NaN,
                out Interval interval);
            cycles.Take(interval, steps.Scale.LargestA);
        }

        cycles.Complete();
    }

    private static long AllocatedBytes(Sample[] samples)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Judge(samples, new NoSink());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>What an analysis holds after all samples, bytes.</summary>
    private static double ChannelBytes(Sample[] samples)
    {
        const int Channels = 8;
        ChannelAnalysis[] held = new ChannelAnalysis[Channels];
        NoSink sink = new();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Channels; i++)
        {
            held[i] = Judge(samples.AsSpan(0, Rows / Channels), sink);
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(held);
        return (after - before) / (double)Channels;
    }
}
