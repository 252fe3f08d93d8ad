using System;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Owns every encoded frame from sealing until it is acknowledged: in memory first, and on flash when the acknowledgement
/// does not come within seconds. Frames sealed while the connection flows (live) go out before everything else, then what
/// is on flash, oldest first, then what is in memory. Bounded in frames and bytes in both places: when all is full the
/// newest frame is refused and its samples are counted as dropped, because refusing never touches bytes that somebody may
/// already have seen, and the next frame that gets in can declare the exact gap before it. Used by the sampling and the
/// publishing thread.
/// </summary>
public sealed partial class FrameStore
{
    /// <summary>Places kept for frames that end a test, which are taken beyond the bounds.</summary>
    public const int PlacesForEnds = 4;

    /// <summary>
    /// With a flash a frame is sealed before its first sample is older than this, so that it can be flushed in time.
    /// </summary>
    public const long SealAgeMicroseconds = 6400000;

    /// <summary>
    /// A sample is on flash or acknowledged before it is this old; with a stall of the whole runtime of 3 s (a TLS
    /// handshake) in between, before 10 s. At 1 Hz the channels' frames of a round are sealed within three quarters of a
    /// second of each other and go to flash in one write.
    /// </summary>
    public const long FlushAgeMicroseconds = 6900000;

    // The publisher's looks come between the samples of a round: they step in only when sampling does not.
    private const long PublisherGraceMicroseconds = 200000;

    // A flash that refuses is asked again after this long.
    private const long FlashPauseMicroseconds = 10000000;

    // Handles of frames on flash begin here.
    private const int FlashHandles = 1 << 20;

    private const int BatchBytes = 4096;

    private readonly object gate = new object();
    private readonly FrameRing ring;
    private readonly FlashQueue? flash;
    private readonly byte[] batch;
    private readonly FrameHead head = new FrameHead();
    private readonly int frameLimit;
    private readonly int byteLimit;
    private readonly bool freesOnStored;
    private long lastSampleMicroseconds;
    private long noFlushBeforeMicroseconds;

    /// <param name="frameLimit">Frames in memory at most.</param>
    /// <param name="byteLimit">Bytes of frames in memory at most.</param>
    /// <param name="flash">Where frames wait for longer; null for nowhere.</param>
    /// <param name="freesOnStored">True behind a foreign broker, whose acknowledgement says nothing about the gateway.</param>
    public FrameStore(int frameLimit, int byteLimit, FlashQueue? flash = null, bool freesOnStored = false)
    {
        this.frameLimit = frameLimit;
        this.byteLimit = byteLimit;
        this.flash = flash;
        this.freesOnStored = freesOnStored;
        ring = new FrameRing(frameLimit + PlacesForEnds);
        batch = new byte[flash == null ? 0 : BatchBytes];
    }

    /// <summary>Frames in memory.</summary>
    public int Count => ring.Count;

    /// <summary>Bytes of frames in memory.</summary>
    public int Bytes => ring.Bytes;

    /// <summary>Bytes of frames on flash.</summary>
    public long FlashBytes => flash == null || flash.IsEmpty ? 0 : flash.Bytes;

    /// <summary>Frames in memory that are to be sent.</summary>
    public int WaitingCount => ring.WaitingCount;

    /// <summary>True while a frame that is to leave at once waits.</summary>
    public bool HasLiveWaiting
    {
        get
        {
            lock (gate)
            {
                return ring.FirstWaiting(true) >= 0;
            }
        }
    }

    /// <summary>True when nothing waits for an acknowledgement, in memory or on flash.</summary>
    public bool IsEmpty => ring.Count == 0 && (flash == null || flash.IsEmpty);

    /// <summary>The frames on flash; null without one.</summary>
    public FlashQueue? Flash => flash;

    /// <summary>Frames refused since boot.</summary>
    public long RefusedFrameCount { get; private set; }

    /// <summary>Samples in the frames refused since boot.</summary>
    public long RefusedSampleCount { get; private set; }

    /// <summary>Frames that the link has.</summary>
    public int InFlightCount => ring.InFlightCount + (flash == null ? 0 : flash.InFlightCount);

    /// <summary>
    /// Set by the publisher: true while the connection stands and no live frame waits, so that a frame sealed now leaves now.
    /// </summary>
    public bool IsFlowing { get; set; }

    /// <summary>
    /// Takes a copy of an encoded frame; false when there is no room for it. One that ends a test is taken beyond the bounds
    /// (<see cref="PlacesForEnds"/> at a time), since nothing after it could carry that word.
    /// </summary>
    public bool TryAdd(string topic, byte[] source, int length, int sampleCount, bool endsTest)
    {
        return TryAdd(topic, source, length, sampleCount, endsTest, lastSampleMicroseconds);
    }

    /// <summary>The same for a frame whose first sample was taken at <paramref name="oldestMicroseconds"/>.</summary>
    public bool TryAdd(string topic, byte[] source, int length, int sampleCount, bool endsTest, long oldestMicroseconds)
    {
        lock (gate)
        {
            if (!HasRoom(length, endsTest))
            {
                Flush();
            }

            if (!HasRoom(length, endsTest))
            {
                RefusedFrameCount++;
                RefusedSampleCount += sampleCount;
                return false;
            }

            byte[] payload = new byte[length];
            Array.Copy(source, 0, payload, 0, length);
            bool isSamples = head.TryRead(payload, 0, length) && head.Kind == (int)Wire.FrameKind.Samples;
            ring.Add(topic, payload, IsFlowing, isSamples ? head.EndSampleNumber : long.MaxValue, oldestMicroseconds);
            return true;
        }
    }

    /// <summary>A sample was taken at this uptime: what must go to flash now goes there.</summary>
    public void TickOfSampling(long nowMicroseconds)
    {
        long sampleIntervalMicroseconds = nowMicroseconds - lastSampleMicroseconds;
        lastSampleMicroseconds = nowMicroseconds;
        FlushWhatIsDue(nowMicroseconds + sampleIntervalMicroseconds);
    }

    /// <summary>The same by the publisher, for channels that rest.</summary>
    public void Tick(long nowMicroseconds) => FlushWhatIsDue(nowMicroseconds - PublisherGraceMicroseconds);

    /// <summary>Brings everything in memory to flash; false when the flash refuses or has no room.</summary>
    public bool FlushAll()
    {
        lock (gate)
        {
            return Flush();
        }
    }

    /// <summary>
    /// The next frame to be sent: its handle, or -1. <paramref name="takesBacklog"/>: also one that is not live.
    /// </summary>
    public int TryNext(bool takesBacklog, out string topic, out byte[] payload)
    {
        lock (gate)
        {
            int handle = ring.FirstWaiting(true);
            if (handle < 0 && takesBacklog)
            {
                int place = -1;
                if (flash != null)
                {
                    place = flash.TryNext(out topic, out payload);
                    if (place >= 0)
                    {
                        return place + FlashHandles;
                    }
                }

                // A window that is full does not let what is newer overtake.
                handle = flash == null || flash.IsEmpty ? ring.FirstWaiting(false) : -1;
            }

            topic = handle < 0 ? "" : ring.TopicOf(handle);
            payload = handle < 0 ? new byte[0] : ring.PayloadOf(handle);
            return handle;
        }
    }

    /// <summary>The frame was handed to the link under this id.</summary>
    public void MarkInFlight(int handle, int messageId)
    {
        lock (gate)
        {
            if (handle < FlashHandles)
            {
                ring.MarkInFlight(handle, messageId);
            }
            else if (flash != null)
            {
                flash.MarkInFlight(handle - FlashHandles, messageId);
            }
        }
    }

    /// <summary>
    /// Word on a message: frees the frame when it was acknowledged, else lets it wait again. False when no frame is in
    /// flight under this id.
    /// </summary>
    public bool Settle(int messageId, bool isPublished)
    {
        lock (gate)
        {
            int place = ring.InFlightPlaceOf(messageId);
            if (place < 0)
            {
                return flash != null && flash.Settle(messageId, isPublished, !freesOnStored);
            }

            bool waitsForStored = freesOnStored && ring.EndOf(place) != long.MaxValue;
            if (!isPublished || (waitsForStored && ring.PositionOf(place) >= 0))
            {
                GiveBack(place);
            }
            else if (waitsForStored)
            {
                ring.MarkAtBroker(place);
            }
            else
            {
                Finish(place);
            }

            ring.FreeDone();
            return true;
        }
    }

    /// <summary>
    /// The gateway has all samples of a boot and channel (by its frames' topic) below a number, or knows them lost; how many
    /// frames that frees.
    /// </summary>
    public int FreeStored(ulong boot, ulong ownBoot, string topic, long below)
    {
        lock (gate)
        {
            int freed = 0;
            for (int i = 0; boot == ownBoot && i < ring.Count; i++)
            {
                int place = ring.PlaceAt(i);
                if (ring.ProgressOf(place) != FrameProgress.Done && ring.EndOf(place) <= below && ring.TopicOf(place) == topic)
                {
                    Finish(place);
                    freed++;
                }
            }

            ring.FreeDone();
            return freed + (flash == null ? 0 : flash.FreeStored(boot, topic, below));
        }
    }

    /// <summary>The connection is gone: whatever was in flight or had no word of the gateway waits again.</summary>
    public void RecallInFlight()
    {
        lock (gate)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                int place = ring.PlaceAt(i);
                FrameProgress progress = ring.ProgressOf(place);
                if (progress == FrameProgress.InFlight || progress == FrameProgress.AtBroker)
                {
                    GiveBack(place);
                }
            }

            ring.FreeDone();
            if (flash != null)
            {
                flash.Recall();
            }
        }
    }

    private bool HasRoom(int length, bool endsTest) => endsTest
        ? ring.Count < frameLimit + PlacesForEnds
        : ring.Count < frameLimit && length <= byteLimit - ring.Bytes;

    private void Finish(int place)
    {
        long position = ring.PositionOf(place);
        ring.Finish(place);
        if (position >= 0 && flash != null)
        {
            flash.SetDone(position);
        }
    }

    private void GiveBack(int place)
    {
        long position = ring.PositionOf(place);
        if (position < 0 || flash == null)
        {
            ring.MarkWaiting(place);
            return;
        }

        ring.Finish(place);
        flash.Release(position);
    }
}
