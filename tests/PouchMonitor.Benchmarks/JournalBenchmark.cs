using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks;

/// <summary>
/// The journal alone, with real syncs on this disk, beside SQLite doing the same: 250-byte frames of 256 channels, each
/// identity unique. Also how fast a journal opens, with its indexes and without.
/// </summary>
internal static class JournalBenchmark
{
    private const int FrameBytes = 250;
    private const int SamplesPerFrame = 32;
    private const int Channels = 256;
    private const int SqliteGroup = 5000;

    public static async Task<IReadOnlyList<Figure>> Run(double seconds)
    {
        List<Figure> figures = [];
        string directory = Directory.CreateTempSubdirectory("pouch-bench-journal-").FullName;
        try
        {
            figures.Add(new Figure("250-byte frames into SQLite, unique key, synchronous=FULL", Sqlite(Path.Combine(directory, "b.db"), seconds), "frames/s"));
            foreach (int threads in (int[])[1, 8])
            {
                string journal = Path.Combine(directory, $"journal-{threads}");
                await Append(journal, threads, seconds, figures);
            }

            await Open(Path.Combine(directory, "journal-8"), "with indexes", figures);
            foreach (string index in Directory.GetFiles(Path.Combine(directory, "journal-8"), "*.index"))
            {
                File.Delete(index);
            }

            await Open(Path.Combine(directory, "journal-8"), "without indexes", figures);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return figures;
    }

    private static async Task Append(string directory, int threads, double seconds, List<Figure> figures)
    {
        Stopwatch clock = Stopwatch.StartNew();
        FrameJournal journal = FrameJournal.Open(JournalOptions.ForDirectory(directory));
        Thread[] writers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => Write(journal, thread, threads, seconds, clock)))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());
        await journal.DisposeAsync();
        double elapsed = clock.Elapsed.TotalSeconds;
        JournalCounters counters = journal.Counters();
        long indexBytes = Directory.GetFiles(directory, "*.index").Sum(file => new FileInfo(file).Length);
        figures.Add(new Figure($"250-byte frames into the journal, {threads} threads", counters.Stored / elapsed, "frames/s", 150_000));
        figures.Add(new Figure(
            $"bytes on disk a sample beside the frame's own, {threads} threads",
            ((counters.BytesWritten + indexBytes) / (double)counters.Stored - FrameBytes) / SamplesPerFrame, "B/sample"));
    }

    private static void Write(FrameJournal journal, int thread, int threads, double seconds, Stopwatch clock)
    {
        const int onTheirWay = 4096;
        ConcurrentQueue<Entry> free = new();
        for (int at = 0; at < onTheirWay; at++)
        {
            free.Enqueue(new Entry(free));
        }

        StreamId[] channels = [.. Enumerable.Range(0, Channels / threads).Select(channel => new StreamId($"n{thread}", $"{channel}", 1, FrameKind.Samples))];
        for (long number = 0; clock.Elapsed.TotalSeconds < seconds; number++)
        {
            Entry? entry;
            while (!free.TryDequeue(out entry))
            {
                Thread.Yield();
            }

            entry.Stream = channels[number % channels.Length];
            entry.FirstSampleNumber = number / channels.Length * SamplesPerFrame;
            entry.Count = SamplesPerFrame;
            entry.FirstTimeMicroseconds = entry.FirstSampleNumber * 10_000;
            entry.LastTimeMicroseconds = entry.FirstTimeMicroseconds + ((SamplesPerFrame - 1) * 10_000);
            while (!journal.TryAppend(entry))
            {
                Thread.Yield();
            }
        }
    }

    private static async Task Open(string directory, string how, List<Figure> figures)
    {
        Stopwatch clock = Stopwatch.StartNew();
        FrameJournal journal = FrameJournal.Open(JournalOptions.ForDirectory(directory));
        double elapsed = clock.Elapsed.TotalSeconds;
        figures.Add(new Figure($"opening the journal {how}", journal.CommittedPosition / elapsed / 1e6, "MB/s"));
        await journal.DisposeAsync();
    }

    private static double Sqlite(string path, double seconds)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand setup = connection.CreateCommand();
        setup.CommandText = "pragma journal_mode=wal; pragma synchronous=full; create table frame(id integer primary key, "
            + "channel integer, first integer, count integer, bytes blob, unique(channel, first, count))";
        setup.ExecuteNonQuery();
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = "insert or ignore into frame(channel, first, count, bytes) values ($channel, $first, 32, $bytes)";
        SqliteParameter channel = insert.Parameters.Add("$channel", SqliteType.Integer);
        SqliteParameter first = insert.Parameters.Add("$first", SqliteType.Integer);
        insert.Parameters.Add("$bytes", SqliteType.Blob).Value = new byte[FrameBytes];
        insert.Prepare();
        long number = 0;
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (int at = 0; at < SqliteGroup; at++, number++)
            {
                channel.Value = number % Channels;
                first.Value = number / Channels * SamplesPerFrame;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return number / clock.Elapsed.TotalSeconds;
    }

    private sealed class Entry : JournalEntry
    {
        private readonly ConcurrentQueue<Entry> free;

        public Entry(ConcurrentQueue<Entry> free)
        {
            this.free = free;
            Buffer = new byte[FrameBytes];
            Length = FrameBytes;
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
