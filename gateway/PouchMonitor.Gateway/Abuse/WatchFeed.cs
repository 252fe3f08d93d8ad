using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Gives the frames of a channel to a watch in order of time, each sample once, and notices what came too late for that: then the
/// watch is to be made anew from the journal. Of one thread at a time; the watch may be read under <see cref="Gate"/>.
/// </summary>
/// <param name="watch">What the samples go to.</param>
/// <param name="fromMicroseconds">Samples before this are left out, Unix microseconds.</param>
/// <param name="toMicroseconds">Samples after this are left out, Unix microseconds.</param>
internal sealed class WatchFeed(AbuseWatch watch, long fromMicroseconds, long toMicroseconds)
{
    private const int MostHoles = 256;
    private const int RateSamples = 100;

    private readonly Dictionary<ulong, BootPlaceInTime> boots = [];
    private readonly List<(ulong Boot, long First, long End)> holes = [];
    private readonly long[] times = new long[RateSamples];
    private long timesSeen;
    private long lastImageMicroseconds = long.MinValue;
    private Sample scratch;

    /// <summary>Held while the watch is fed or read.</summary>
    public Lock Gate { get; } = new();

    public AbuseWatch Watch { get; } = watch;

    public long FromMicroseconds => fromMicroseconds;

    /// <summary>True when something came late, or uptime zero of a boot has moved.</summary>
    public bool IsStale { get; set; }

    /// <summary>Moments of the record that the watch has been told.</summary>
    public int MomentCount { get; set; }

    /// <summary>True where the watch has been told that the exposure has ended.</summary>
    public bool KnowsExposureEnd { get; set; }

    /// <summary>Frames before this place in commit order are in it already.</summary>
    public long CoveredPosition { get; set; }

    /// <summary>The newest sample; null before any.</summary>
    public Sample? Last { get; private set; }

    public long LastMicroseconds { get; private set; } = long.MinValue;

    /// <summary>Boot of the newest sample; 0 before any, and for foreign devices.</summary>
    public ulong LastBoot { get; private set; }

    public bool IsAnchored { get; private set; }

    /// <summary>Samples a second over the last hundred; null before there are as many.</summary>
    public double? RateHz => timesSeen < RateSamples || LastMicroseconds <= times[timesSeen % RateSamples] ? null
        : (RateSamples - 1) * 1e6 / (LastMicroseconds - times[timesSeen % RateSamples]);

    /// <summary>Unix microseconds at uptime zero of a boot; null where no frame of it has come.</summary>
    public long? StartOf(ulong boot) => boots.TryGetValue(boot, out BootPlaceInTime known) ? known.StartMicroseconds : null;

    /// <summary>The first sample of a boot that is not in it.</summary>
    public long NextOf(ulong boot) => boots.TryGetValue(boot, out BootPlaceInTime known) ? known.NextNumber : long.MinValue;

    /// <summary>Takes a decoded and calibrated frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="startMicroseconds">Unix microseconds at uptime zero of its boot.</param>
    /// <param name="position">In commit order; negative where it is not stored yet.</param>
    public void Take(SampleFrame frame, long startMicroseconds, long position)
    {
        if (position < 0 || position >= CoveredPosition)
        {
            Feed(frame, startMicroseconds);
        }
    }

    /// <summary>Takes a frame that is read back in order: what overlaps there will not be in better order the next time.</summary>
    public void TakeStored(SampleFrame frame, long startMicroseconds)
    {
        bool wasStale = IsStale;
        Feed(frame, startMicroseconds);
        IsStale = wasStale;
    }

    private void Feed(SampleFrame frame, long startMicroseconds)
    {
        lock (Gate)
        {
            if (frame.Kind == FrameKind.Image)
            {
                TakeImages(frame, startMicroseconds);
            }
            else if (frame.Kind == FrameKind.Samples)
            {
                TakeSamples(frame, startMicroseconds);
            }

            // A capture shows again what the samples show.
        }
    }

    private void TakeSamples(SampleFrame frame, long start)
    {
        long end = frame.FirstSampleNumber + frame.Count;
        long from = frame.FirstSampleNumber;
        bool isSparse = frame.Boot == BootLine.Foreign;
        if (boots.TryGetValue(frame.Boot, out BootPlaceInTime known))
        {
            // Without an anchor its place in time is an estimate, here and there.
            IsStale |= frame.HasBootAnchor && known.StartMicroseconds != start;
            if (!isSparse && from < known.NextNumber)
            {
                IsStale |= holes.Count >= MostHoles || holes.Exists(hole => hole.Boot == frame.Boot && hole.First < end && hole.End > frame.FirstSampleNumber);
                from = Math.Max(from, known.NextNumber);
            }
            else if (!isSparse && from - frame.DroppedBeforeCount > known.NextNumber && holes.Count < MostHoles)
            {
                holes.Add((frame.Boot, known.NextNumber, from));
            }
        }

        boots[frame.Boot] = new BootPlaceInTime(start, Math.Max(known.NextNumber, end));
        IsAnchored = frame.HasBootAnchor || isSparse;
        for (long number = from; number < end; number++)
        {
            Feed(frame, (int)(number - frame.FirstSampleNumber), start);
        }
    }

    private void Feed(SampleFrame frame, int at, long start)
    {
        long time = start + frame.UptimeMicroseconds[at];
        if (time < fromMicroseconds || time > toMicroseconds)
        {
            return;
        }

        if (time <= LastMicroseconds)
        {
            IsStale = true;
            return;
        }

        FrameSamples.Read(frame, at, start, ref scratch);
        Watch.Add(in scratch);
        Last = scratch;
        LastMicroseconds = time;
        LastBoot = frame.Boot;
        times[timesSeen++ % RateSamples] = time;
    }

    private void TakeImages(SampleFrame frame, long start)
    {
        for (int first = 0; first + ImageRules.Pixels <= frame.Count; first += ImageRules.Pixels)
        {
            long time = start + frame.UptimeMicroseconds[first];
            if (time < fromMicroseconds || time > toMicroseconds)
            {
                continue;
            }

            if (time <= lastImageMicroseconds)
            {
                IsStale |= time < lastImageMicroseconds;
                continue;
            }

            lastImageMicroseconds = time;
            if (AbuseImages.Read(frame, first, start) is { } image)
            {
                Watch.AddImage(image);
            }
        }
    }

    private readonly record struct BootPlaceInTime(long StartMicroseconds, long NextNumber);
}
