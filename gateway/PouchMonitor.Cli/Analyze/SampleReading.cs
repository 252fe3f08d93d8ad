using System.Collections.Concurrent;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Formats;

namespace PouchMonitor.Cli.Analyze;

/// <summary>
/// Reads a series on a thread of its own, some thousand samples ahead, so that reading and judging have a processor core each.
/// The order is that of the file, and memory is bounded by the batches that wait.
/// </summary>
internal static class SampleReading
{
    private const int BatchSize = 2048;
    private const int MostWaiting = 4;

    /// <summary>Takes the next samples of a series; they are valid during the call.</summary>
    public delegate void BatchTaker(ReadOnlySpan<Sample> samples);

    /// <summary>Reads all rows.</summary>
    /// <param name="reader">Used by the reading thread alone until this returns.</param>
    /// <param name="onRow">Sees each row on the reading thread; null for nobody.</param>
    /// <param name="take">Takes the samples on the calling thread.</param>
    /// <exception cref="SeriesFileException">The file is damaged; all samples before the damage have been taken.</exception>
    public static void Read(RecordedSeriesReader reader, Action<RecordedRow>? onRow, BatchTaker take)
    {
        using BlockingCollection<Batch> full = new(MostWaiting);
        using CancellationTokenSource given = new();
        ConcurrentBag<Sample[]> empty = [];
        Task reading = Task.Factory.StartNew(
            () => Fill(reader, onRow, full, empty, given.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (Batch batch in full.GetConsumingEnumerable(CancellationToken.None))
            {
                take(batch.Samples.AsSpan(0, batch.Count));
                empty.Add(batch.Samples);
            }
        }
        catch
        {
            // What is read is not wanted any more; the reader must be at rest before it is disposed.
            given.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
            throw;
        }

        reading.GetAwaiter().GetResult();
    }

    private static void Fill(
        RecordedSeriesReader reader, Action<RecordedRow>? onRow, BlockingCollection<Batch> full, ConcurrentBag<Sample[]> empty, CancellationToken given)
    {
        RecordedRow row = new();
        Sample[] samples = new Sample[BatchSize];
        int count = 0;
        try
        {
            while (reader.TryRead(row))
            {
                row.CopyTo(ref samples[count++]);
                onRow?.Invoke(row);
                if (count == BatchSize)
                {
                    full.Add(new Batch(samples, count), given);
                    samples = empty.TryTake(out Sample[]? taken) ? taken : new Sample[BatchSize];
                    count = 0;
                }
            }
        }
        finally
        {
            if (count > 0 && !given.IsCancellationRequested)
            {
                full.Add(new Batch(samples, count), given);
            }

            full.CompleteAdding();
        }
    }

    private readonly record struct Batch(Sample[] Samples, int Count);
}
