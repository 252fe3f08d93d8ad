using System.Globalization;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Influx.Remote;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Samples of a test over a range of time. As many as were asked for come as they were measured; more are thinned to intervals
/// that keep every column's lowest and highest value, so that no spike goes missing. Thinning reads roll-ups where there are
/// some, with bounded memory whatever the range.
/// </summary>
/// <param name="journal">The frames.</param>
/// <param name="remote">Where samples are that the retention has removed; null where nothing is forwarded.</param>
/// <param name="calibrations">What is applied to the frames' counts; null gives the samples as read.</param>
internal sealed class SampleQuery(FrameJournal journal, IRemoteHistory? remote = null, CalibrationBook? calibrations = null)
{
    public const int FewestPoints = 10;
    public const int MostPoints = 20_000;

    /// <summary>Reads a range.</summary>
    /// <param name="test">The test.</param>
    /// <param name="fromMicroseconds">First time.</param>
    /// <param name="toMicroseconds">Last time.</param>
    /// <param name="points">Most rows wanted, 10 to 20,000.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<SampleAnswer> ReadAsync(
        TestRecord test, long fromMicroseconds, long toMicroseconds, int points, CancellationToken cancellation)
    {
        var values = new CalibratedValue(id => calibrations?.Find(test.Node, test.Channel, id));
        var parts = test.Segments.Select(segment => Part.Of(journal, test, segment)).OfType<Part>().ToList();
        long remainsFrom = parts.Select(part => part.RemovedUntil(journal)).DefaultIfEmpty(long.MinValue).Max();
        bool isRemoved = remainsFrom > fromMicroseconds;
        if (!isRemoved && parts.Sum(part => part.EstimateSamples(fromMicroseconds, toMicroseconds)) <= 2.0 * points)
        {
            var whole = new WholeSamples(points, values);
            foreach (var part in parts)
            {
                whole.StartMicroseconds = part.StartMicroseconds;
                part.Sum(journal, fromMicroseconds, toMicroseconds).Run(-1, whole, cancellation);
            }

            if (whole.Rows is { } rows)
            {
                return new SampleAnswer(rows, null, null);
            }
        }

        var intervals = new SampleIntervals(fromMicroseconds, toMicroseconds, points / 2, values);
        int level = Array.FindLastIndex(RollUpBuilder.LevelMicroseconds, width => width <= intervals.WidthSeconds * 1e6);
        foreach (var part in parts)
        {
            intervals.StartMicroseconds = part.StartMicroseconds;
            part.Sum(journal, fromMicroseconds, toMicroseconds).Run(level, intervals, cancellation);
        }

        string? missing = isRemoved
            ? await ReadRemovedAsync(test, fromMicroseconds, Math.Min(toMicroseconds, remainsFrom - 1), intervals, cancellation)
            : null;
        return new SampleAnswer(intervals.Rows(), intervals.WidthSeconds, missing);
    }

    // From the server it was forwarded to; returns why it is missing where it cannot be had.
    private async Task<string?> ReadRemovedAsync(
        TestRecord test, long fromMicroseconds, long toMicroseconds, SampleIntervals intervals, CancellationToken cancellation)
    {
        string before = DateTimeOffset.FromUnixTimeMilliseconds((toMicroseconds / 1000) + 1).ToString("u", CultureInfo.InvariantCulture);
        if (remote is null)
        {
            return $"Samples before {before} have been removed by the retention.";
        }

        try
        {
            await foreach (var sample in remote.ReadAsync(test.Node, test.Channel, fromMicroseconds, toMicroseconds, cancellation))
            {
                intervals.Take(in sample);
            }

            return null;
        }
        catch (RemoteHistoryException error)
        {
            return $"Samples before {before} have been removed here, and the server they were forwarded to does not give them: {error.Message}";
        }
    }

    // A run of sample numbers of one boot.
    private sealed record Part(StreamSummary Stream, SampleRange Numbers, long StartMicroseconds)
    {
        public static Part? Of(FrameJournal journal, TestRecord test, TestSegment segment)
        {
            var id = new StreamId(test.Node, test.Channel, segment.Boot, FrameKind.Samples);
            if (journal.FindStream(id) is not { } stream)
            {
                return null;
            }

            return new Part(stream, new SampleRange(segment.FirstNumber, segment.EndNumber ?? long.MaxValue), stream.UptimeZeroMicroseconds);
        }

        /// <summary>Unix microseconds before which the retention has removed samples of it; the least time where it has not.</summary>
        public long RemovedUntil(FrameJournal journal)
        {
            if (journal.RemovedEnd(Stream.Id) <= Math.Max(0, Numbers.First))
            {
                return long.MinValue;
            }

            using var cursor = journal.ReadStream(Stream.Id, Numbers.First);
            long first = cursor.ReadNext() is { } record && record.FirstSampleNumber < Numbers.End
                ? record.FirstTimeMicroseconds
                : Stream.LastTimeMicroseconds + 1;
            return StartMicroseconds + first;
        }

        public double EstimateSamples(long from, long to)
        {
            double span = Math.Max(1, Stream.LastTimeMicroseconds - Stream.FirstTimeMicroseconds);
            long first = Math.Max(from - StartMicroseconds, Stream.FirstTimeMicroseconds);
            long last = Math.Min(to - StartMicroseconds, Stream.LastTimeMicroseconds);
            return last < first ? 0 : Stream.SampleCount * ((last - first) / span);
        }

        public StreamSummation Sum(FrameJournal journal, long from, long to) =>
            new(journal.Store, Stream.Id, new TimeRange(from - StartMicroseconds, to - StartMicroseconds + 1), Numbers);
    }

    // Collects samples until they are more than wanted.
    private sealed class WholeSamples(int most, CalibratedValue calibrated) : ISummationSink
    {
        private List<SampleRow>? rows = [];

        public long StartMicroseconds { get; set; }

        /// <summary>In order of time; null when there were too many.</summary>
        public IReadOnlyList<SampleRow>? Rows => rows?.OrderBy(row => row.TimeMicroseconds).ToList();

        public void Take(RollUpRows rollUps, int at, int level) => throw new InvalidOperationException("Samples alone were asked for.");

        public void Take(SampleFrame frame, int at)
        {
            if (rows is null || rows.Count >= most)
            {
                rows = null;
                return;
            }

            var values = new double[SampleColumns.Count];
            for (int column = 0; column < values.Length; column++)
            {
                values[column] = SensorStates.Get(frame.States[at], column) == SensorState.Good
                    ? calibrated.Of(frame.Counts[column][at], frame.Scales[column], column)
                    : double.NaN;
            }

            rows.Add(new SampleRow(StartMicroseconds + frame.UptimeMicroseconds[at], values));
        }
    }
}

/// <summary>Rows in order of time.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="IntervalSeconds">Width of the intervals of which the rows are the extremes; null where they are samples as measured.</param>
/// <param name="Missing">What is not there and why, in one sentence; null where everything is.</param>
internal sealed record SampleAnswer(IEnumerable<SampleRow> Rows, double? IntervalSeconds, string? Missing);
