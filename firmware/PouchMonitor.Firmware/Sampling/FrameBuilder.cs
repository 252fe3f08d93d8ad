using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Gathers the samples of one channel into frames and hands each, encoded once and for all, to the store. A frame that the
/// store has no room for is lost, and the next one that gets in declares exactly how many samples are missing before it.
/// </summary>
public sealed class FrameBuilder
{
    // Headers, names and the rounding of bit packing; beyond it, what a sample can take at most (see WIRE.md).
    private const int HeaderBytes = 1024;
    private const int BytesPerSample = 128;

    private readonly SampleFrame frame;
    private readonly FrameStore store;
    private readonly BootAnchor anchor;
    private readonly string topic;
    private readonly byte[] buffer;
    private readonly int sampleLimit;
    private long publishIntervalMicroseconds;
    private long lastMicroseconds;
    private long undeclaredDrops;
    private bool startsTest;

    public FrameBuilder(
        BootAnchor anchor, FrameStore store, ICellSensors sensors, string node, string channel, ulong boot, int sampleLimit,
        long publishIntervalMicroseconds)
    {
        this.anchor = anchor;
        this.store = store;
        this.sampleLimit = sampleLimit;
        this.publishIntervalMicroseconds = publishIntervalMicroseconds;
        topic = TopicNames.Frame(node, channel);
        buffer = new byte[HeaderBytes + (sampleLimit * BytesPerSample)];
        frame = new SampleFrame(sampleLimit)
        {
            Node = node,
            Channel = channel,
            Boot = boot,
            Kind = FrameKind.Samples,
            HasChargeCounters = true,
        };
        sensors.FillScales(frame.Scales);
    }

    /// <summary>Samples lost since boot because the store was full.</summary>
    public long DroppedSampleCount { get; private set; }

    /// <summary>Samples waiting in the unfinished frame.</summary>
    public int PendingSampleCount => frame.Count;

    /// <summary>
    /// Says how samples come from now on: whether several passes are made for each (then it carries the extremes of its
    /// voltage) and how old a frame may get. What was gathered before is sealed.
    /// </summary>
    public void SetRates(bool hasExtremes, long newPublishIntervalMicroseconds)
    {
        if (hasExtremes != frame.HasVoltageExtremes)
        {
            Seal(false);
            frame.HasVoltageExtremes = hasExtremes;
        }

        publishIntervalMicroseconds = newPublishIntervalMicroseconds;
    }

    /// <summary>
    /// Takes the next sample, the extremes of the voltage since the one before and the running counters after it; seals the
    /// frame when it is full or old enough.
    /// </summary>
    public void Add(CellSample sample, VoltageExtremes extremes, ChargeCounter counter)
    {
        frame.VoltageMinimumCounts[frame.Count] = extremes.Lowest;
        frame.VoltageMaximumCounts[frame.Count] = extremes.Highest;
        frame.Add(sample);
        frame.ChargedCountMicroseconds = counter.Charged;
        frame.DischargedCountMicroseconds = counter.Discharged;
        long age = sample.UptimeMicroseconds - frame.UptimeMicroseconds[0];
        long interval = sample.UptimeMicroseconds - lastMicroseconds;
        lastMicroseconds = sample.UptimeMicroseconds;
        if (frame.Count >= sampleLimit || IsOldEnough(age, interval))
        {
            Seal(false);
        }

        store.TickOfSampling(sample.UptimeMicroseconds);
    }

    /// <summary>
    /// The next sample is the first of a test. Not for a restart of the node in the middle of one: its frames go on with the
    /// test that runs.
    /// </summary>
    public void StartTest()
    {
        Seal(false);
        startsTest = true;
    }

    /// <summary>
    /// Encodes what there is and stores it; <paramref name="endsTest"/> says that the test ends with its last sample. Does
    /// nothing without samples.
    /// </summary>
    public void Seal(bool endsTest)
    {
        if (frame.Count == 0)
        {
            return;
        }

        frame.StartsTest = startsTest;
        frame.EndsTest = endsTest;
        frame.IsLive = store.IsFlowing;
        frame.DroppedBeforeCount = undeclaredDrops;
        frame.HasBootAnchor = anchor.TryGet(out long anchorUnixMicroseconds);
        frame.BootAnchorUnixMicroseconds = anchorUnixMicroseconds;
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        if (store.TryAdd(topic, buffer, length, frame.Count, endsTest, frame.UptimeMicroseconds[0]))
        {
            undeclaredDrops = 0;
            startsTest = false;
        }
        else
        {
            undeclaredDrops += frame.Count;
            DroppedSampleCount += frame.Count;
        }

        frame.Clear();
    }

    /// <summary>
    /// A frame leaves after the publishing interval while the connection flows. Otherwise it may grow, but where there is a
    /// flash not beyond the age at which its samples must be safe there, the next sample's included.
    /// </summary>
    private bool IsOldEnough(long age, long interval)
    {
        bool isDue = age >= publishIntervalMicroseconds;
        return store.Flash == null ? isDue : (isDue && store.IsFlowing) || age + interval > FrameStore.SealAgeMicroseconds;
    }
}
