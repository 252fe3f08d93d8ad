using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Makes the watch of a test anew from what is stored: the frames of its channel in order of time, and the moments that people and
/// node told. So the figures depend on the record alone, whatever came late and however often the gateway was restarted.
/// </summary>
internal sealed class AbuseReplay(FrameJournal journal, CalibrationBook calibrations)
{
    /// <summary>What lies before arming is kept at least so long, s, beside the plan's span before the trigger.</summary>
    private const double LeastBeforeS = 5;

    /// <summary>While a test is prepared no more than this is looked back, s.</summary>
    private const double PreparingS = 300;

    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);

    /// <summary>A feed that holds all that is stored, and the moments.</summary>
    public WatchFeed Build(AbuseRecord record, CellProfile profile, double nowS, CancellationToken cancellation)
    {
        WatchFeed feed = Begin(record, profile, nowS);

        // What is committed from here on may come by both ways; the feed knows it by its numbers.
        feed.CoveredPosition = journal.CommittedPosition;
        CatchUp(feed, record, cancellation);
        return feed;
    }

    /// <summary>A feed with the moments alone.</summary>
    /// <param name="record">The test.</param>
    /// <param name="profile">Its cell.</param>
    /// <param name="nowS">Gateway time, Unix seconds.</param>
    /// <param name="isRuleOff">True where the moments alone tell the event.</param>
    public static WatchFeed Begin(AbuseRecord record, CellProfile profile, double nowS, bool isRuleOff = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        double from = record.ArmedAt is { } armed ? armed - record.Plan.PreTriggerS - LeastBeforeS
            : Math.Max(record.CreatedAt - LeastBeforeS, nowS - PreparingS);
        double countsFrom = record.CountsFrom() ?? double.PositiveInfinity; // What is handled while it is prepared is no event.
        double ruleFrom = isRuleOff ? double.PositiveInfinity : countsFrom;
        double? judgedFrom = record.Withdrawals.Count == 0 ? null : countsFrom;
        WatchFeed feed = new(new AbuseWatch(record.Plan, profile, ruleFromS: ruleFrom, judgedFromS: judgedFrom), Microseconds(from), record.EndedAt is { } ended ? Microseconds(ended) : long.MaxValue);
        feed.MomentCount = record.Moments.Count;
        feed.KnowsExposureEnd = record.ExposureEndedAt is not null;
        foreach (AbuseMoment moment in record.Moments)
        {
            feed.Watch.Trigger(moment.Source, moment.At, moment.UncertaintyS, moment.Reason);
        }

        if (record.ExposureEndedAt is { } exposed)
        {
            feed.Watch.EndExposure(exposed);
        }

        return feed;
    }

    /// <summary>Reads what is stored beyond what the feed has.</summary>
    public void CatchUp(WatchFeed feed, AbuseRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(record);
        foreach (FrameKind kind in (FrameKind[])[FrameKind.Samples, FrameKind.Image])
        {
            foreach (StreamSummary stream in journal.StreamsOf(record.Node ?? "", record.Channel ?? "")
                .Where(stream => stream.Id.Kind == kind && StartOf(stream) + stream.LastTimeMicroseconds >= feed.FromMicroseconds)
                .OrderBy(stream => StartOf(stream) + stream.FirstTimeMicroseconds))
            {
                Read(feed, stream, cancellation);
            }
        }
    }

    /// <summary>Stored images of a test in order of time: the first after a moment, or the newest where none is given.</summary>
    /// <param name="record">The test.</param>
    /// <param name="afterS">Unix seconds; null for the newest.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IReadOnlyList<AbuseImage> Images(AbuseRecord record, double? afterS, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        double from = Math.Max(afterS ?? double.MinValue, (record.ArmedAt ?? record.CreatedAt) - record.Plan.PreTriggerS - LeastBeforeS);
        double to = record.EndedAt ?? double.MaxValue;
        Queue<AbuseImage> images = new();
        using ChannelCursor cursor = journal.ReadChannel(
            record.Node ?? "", record.Channel ?? "", FrameKind.Image, Microseconds(from), record.EndedAt is null ? long.MaxValue : Microseconds(to) + 1);
        while (cursor.ReadNext() is { } stored && (afterS is null || images.Count < most))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!stored.TryDecode(frame))
            {
                continue;
            }

            for (int first = 0; first + ImageRules.Pixels <= frame.Count; first += ImageRules.Pixels)
            {
                if (AbuseImages.Read(frame, first, stored.AnchorUnixMicroseconds ?? 0) is { } image && image.At > from && image.At <= to)
                {
                    images.Enqueue(image);
                }
            }

            while (images.Count > most && afterS is null)
            {
                images.Dequeue();
            }
        }

        return [.. images.Take(most)];
    }

    /// <summary>All images of a test in order of time, a few hundred held at once.</summary>
    public IEnumerable<AbuseImage> AllImages(AbuseRecord record, CancellationToken cancellation)
    {
        const int Piece = 256;
        double after = double.MinValue;
        while (Images(record, after, Piece, cancellation) is { Count: > 0 } piece)
        {
            foreach (AbuseImage image in piece)
            {
                yield return image;
            }

            after = piece[^1].At;
        }
    }

    private void Read(WatchFeed feed, StreamSummary stream, CancellationToken cancellation)
    {
        long start = StartOf(stream);
        bool isNumbered = stream.Id.Kind == FrameKind.Samples && stream.Id.Boot != 0;
        using StreamCursor cursor = journal.ReadStreamWithin(
            stream.Id, isNumbered ? feed.NextOf(stream.Id.Boot) : long.MinValue, new TimeRange(feed.FromMicroseconds - start, long.MaxValue));
        while (cursor.ReadNext() is { } stored)
        {
            cancellation.ThrowIfCancellationRequested();
            if (stored.TryDecode(frame))
            {
                NodeCalibration.Apply(frame, id => calibrations.Find(stream.Id.Node, stream.Id.Channel, id));
                feed.TakeStored(frame, start);
            }
        }
    }

    // As the pipeline does: the anchor, or else where the first frame's last sample was when it came.
    private long StartOf(StreamSummary stream)
    {
        if (stream.Id.Boot == 0 || stream.AnchorUnixMicroseconds is not null)
        {
            return stream.UptimeZeroMicroseconds;
        }

        using StreamCursor cursor = journal.ReadStream(stream.Id, long.MinValue);
        return cursor.ReadNext() is { } first ? first.ReceivedAtMicroseconds - first.LastTimeMicroseconds : stream.UptimeZeroMicroseconds;
    }

    private static long Microseconds(double seconds) => (long)Math.Round(seconds * 1e6);
}
