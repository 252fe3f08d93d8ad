using System.IO.Compression;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Writes samples of a test within a range of time as one file of Battery Data Format.</summary>
public static class RangeExport
{
    /// <summary>Writes the samples in [from, to); packed where the file's name ends in .gz.</summary>
    /// <returns>Samples written.</returns>
    public static long Write(
        DataView data, StoredTest test, string path, long fromMicroseconds, long toMicroseconds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(path);
        var frames = new TestFrames(data.Journal, test);
        var columns = new Columns();
        frames.Read(columns, cancellation);
        string temporary = path + ".new";
        try
        {
            long rows;
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            using (var writer = new BatteryDataWriter(
                path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file, columns.Present))
            {
                frames.Read(new Rows(writer, test.Record, fromMicroseconds, toMicroseconds), cancellation);
                rows = writer.RowCount;
            }

            File.Move(temporary, path, overwrite: true);
            return rows;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private sealed class Columns : ITestFrameSink
    {
        private uint present;

        public IEnumerable<int> Present => Enumerable.Range(0, SampleColumns.Count).Where(column => ((present >> (3 * column)) & 1) != 0);

        public void Take(SampleFrame frame, JournalRecord record, BootLine boot)
        {
            for (int at = 0; at < frame.Count; at++)
            {
                present |= SensorStates.ValueMask(frame.States[at]);
            }
        }
    }

    private sealed class Rows(BatteryDataWriter writer, TestRecord record, long from, long to) : ITestFrameSink
    {
        private readonly SegmentWalk walk = new(record);

        public void Take(SampleFrame frame, JournalRecord stored, BootLine boot) =>
            writer.Write(frame, walk.FirstNewOf(frame), boot.StartMicroseconds, time => time >= from && time < to);
    }
}
