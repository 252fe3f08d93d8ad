using System.Diagnostics;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks.Storage;

/// <summary>
/// The journal's promises on real series, in one run with influxd and VictoriaMetrics on the same data: bytes on disk a sample
/// after compaction, a million samples of one channel thinned to 2,000 points, opening. Ten channels, frames of 32 samples.
/// </summary>
internal static class StorageBenchmark
{
    public const int Channels = 10;
    public const long AnchorMicroseconds = 1_700_000_000_000_000;
    public const int Points = 2000;
    private const int SamplesPerFrame = 32;

    /// <summary>One sample a second and faster in its pulses.</summary>
    private const string OneHertz = "lgm50_rpt0";
    private static readonly string[] Others = ["neware_ife_20cyc", "dmegc_r1_rt_c_2_data", "nda_nw4-120-6-1-36", "nasa_b0005"];
    private const int Rounds = 11;
    private const long MostForPeers = 20_000_000;

    public static async Task<IReadOnlyList<Figure>> Run(long samples)
    {
        if (MeasuredRows.Find(OneHertz) is not { } rows)
        {
            Console.Error.WriteLine("storage: the measured series are not at hand (POUCHMONITOR_DATA), so nothing is measured.");
            return [];
        }

        List<Figure> figures = [];
        string directory = Directory.CreateTempSubdirectory("pouch-bench-storage-").FullName;
        try
        {
            await Journal(Path.Combine(directory, "journal"), rows, samples, figures);
            foreach (string name in Others)
            {
                await Size(Path.Combine(directory, name), name, figures);
            }

            if (samples <= MostForPeers)
            {
                await ForeignStores.Run(directory, rows, samples, figures);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return figures;
    }

    private static async Task Journal(string directory, MeasuredRows rows, long samples, List<Figure> figures)
    {
        JournalOptions options = JournalOptions.ForDirectory(directory) with { CompactsInBackground = false };
        Stopwatch clock = Stopwatch.StartNew();
        await using (FrameJournal journal = FrameJournal.Open(options))
        {
            Fill(journal, rows, samples);
        }

        figures.Add(new Figure("journal: frames of 32 real samples appended, encoding included", samples / 32 / clock.Elapsed.TotalSeconds, "frames/s"));
        figures.Add(new Figure("journal: bytes a sample as they came", BytesIn(directory) / (double)samples, "B/sample"));

        figures.Add(new Figure("journal: samples compacted", samples / await Compact(options) / 1e6, "M/s"));
        figures.Add(new Figure("journal: bytes a sample after compaction, roll-ups included", BytesIn(directory) / (double)samples, "B/sample", 4));
        clock.Restart();
        await using FrameJournal again = FrameJournal.Open(options);
        figures.Add(new Figure($"journal: opening {samples / 1e6:F0} M samples", clock.Elapsed.TotalMilliseconds, "ms"));
        await Query(again, figures);
    }

    // Another series, once over, in one channel.
    private static async Task Size(string directory, string name, List<Figure> figures)
    {
        if (MeasuredRows.Find(name) is not { } rows)
        {
            return;
        }

        JournalOptions options = JournalOptions.ForDirectory(directory) with { CompactsInBackground = false };
        await using (FrameJournal journal = FrameJournal.Open(options))
        {
            Fill(journal, rows, rows.Count / SamplesPerFrame * SamplesPerFrame * Channels);
        }

        await Compact(options);
        figures.Add(new Figure($"journal: bytes a sample of {name}", BytesIn(directory) / (double)(rows.Count * Channels), "B/sample"));
    }

    // Opened with segments of one frame, the last segment is closed too, and can be compacted.
    private static async Task<double> Compact(JournalOptions options)
    {
        await using FrameJournal journal = FrameJournal.Open(options with { SegmentRecords = 1 });
        Stopwatch clock = Stopwatch.StartNew();
        while (options.Files.List().Any(name => name.EndsWith(".log", StringComparison.Ordinal)) && clock.Elapsed < TimeSpan.FromMinutes(10))
        {
            journal.Compact(CancellationToken.None);
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static async Task Query(FrameJournal journal, List<Figure> figures)
    {
        StreamSummary stream = journal.StreamsOf("bench", "0")[0];
        TestRecord test = new()
        {
            Test = "bench@1", Cell = "bench", Node = "bench", Channel = "0", Ordinal = 1, Segments = [new TestSegment(1, 0, null)],
        };
        List<double> times = [];
        int count = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            SampleAnswer answer = await new SampleQuery(journal).ReadAsync(
                test, AnchorMicroseconds, AnchorMicroseconds + stream.LastTimeMicroseconds, Points, CancellationToken.None);
            count = answer.Rows.Count();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        figures.Add(new Figure($"journal: {stream.SampleCount / 1e6:F1} M samples thinned to {count} rows, first time", times[0], "ms"));
        figures.Add(new Figure("journal: the same again, median", times.Skip(1).Order().ElementAt(Rounds / 2), "ms", 20));
    }

    private static void Fill(FrameJournal journal, MeasuredRows rows, long samples)
    {
        const int onTheirWay = 8192;
        System.Collections.Concurrent.ConcurrentQueue<Entry> free = new();
        for (int at = 0; at < onTheirWay; at++)
        {
            free.Enqueue(new Entry(free));
        }

        SampleFrame frame = new(SamplesPerFrame)
        {
            Node = "bench", Boot = 1, IsLive = true, HasBootAnchor = true, BootAnchorUnixMicroseconds = AnchorMicroseconds,
        };
        for (long first = 0; first < samples / Channels; first += SamplesPerFrame)
        {
            rows.Fill(frame, first, SamplesPerFrame);
            for (int channel = 0; channel < Channels; channel++)
            {
                Entry? entry;
                while (!free.TryDequeue(out entry))
                {
                    Thread.Yield();
                }

                frame.Channel = $"{channel}";
                entry.Length = SampleFrameEncoder.Encode(frame, entry.Buffer, 0);
                entry.Describe(frame);
                entry.ReceivedAtMicroseconds = AnchorMicroseconds + frame.UptimeMicroseconds[SamplesPerFrame - 1] + (first * 7919 % 40_000);
                while (!journal.TryAppend(entry))
                {
                    Thread.Yield();
                }
            }
        }

        while (free.Count < onTheirWay)
        {
            Thread.Yield();
        }
    }

    private static long BytesIn(string directory) => Directory.GetFiles(directory, "frames-*").Sum(file => new FileInfo(file).Length);

    private sealed class Entry : JournalEntry
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Entry> free;

        public Entry(System.Collections.Concurrent.ConcurrentQueue<Entry> free)
        {
            this.free = free;
            Buffer = new byte[4096];
        }

        public override void OnCommitted(AppendOutcome outcome, long position, string? failure)
        {
            if (outcome != AppendOutcome.Stored)
            {
                throw new InvalidOperationException(failure ?? outcome.ToString());
            }

            free.Enqueue(this);
        }
    }
}
