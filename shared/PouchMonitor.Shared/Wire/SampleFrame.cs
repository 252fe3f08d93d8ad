using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>
/// A batch of consecutive samples of one channel: what travels, is stored and is acknowledged. Column-wise and reused;
/// filled by a node (or a decoder) and read by the encoder (or the gateway).
/// </summary>
public sealed class SampleFrame
{
    /// <summary>Most samples one frame may hold.</summary>
    public const int MaximumSamples = 4096;

    /// <summary>Most bytes one encoded frame may take.</summary>
    public const int MaximumEncodedBytes = 256 * 1024;

    /// <summary>Working space of the codec: with it in here, encoding and decoding allocate nothing and share nothing.</summary>
    internal readonly FrameScratch Scratch = new FrameScratch();

    private readonly int capacity;

    /// <summary>Makes an empty frame that can hold up to <paramref name="capacity"/> samples.</summary>
    public SampleFrame(int capacity)
    {
        this.capacity = capacity;
        UptimeMicroseconds = new long[capacity];
        States = new uint[capacity];
        VoltageMinimumCounts = new long[capacity];
        VoltageMaximumCounts = new long[capacity];
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Counts[column] = new long[capacity];
            Scales[column] = new ColumnScale();
        }
    }

    /// <summary>Samples this object can hold.</summary>
    public int Capacity => capacity;

    /// <summary>Node name (1 to 64 of A-Z a-z 0-9 . _ -).</summary>
    public string Node = "";

    /// <summary>Channel name on the node.</summary>
    public string Channel = "";

    /// <summary>Random number drawn at each start of the node.</summary>
    public ulong Boot;

    /// <summary>Kind, part of the identity.</summary>
    public FrameKind Kind = FrameKind.Samples;

    /// <summary>Number of the first sample; sample i has this plus i.</summary>
    public long FirstSampleNumber;

    /// <summary>Samples held.</summary>
    public int Count;

    /// <summary>True when sent as it was measured, false when it is backlog.</summary>
    public bool IsLive;

    /// <summary>True when a new test begins with the first sample of this frame.</summary>
    public bool StartsTest;

    /// <summary>True when the test ends with the last sample of this frame.</summary>
    public bool EndsTest;

    /// <summary>True when <see cref="BootAnchorUnixMicroseconds"/> is known.</summary>
    public bool HasBootAnchor;

    /// <summary>Unix microseconds at uptime zero of this boot.</summary>
    public long BootAnchorUnixMicroseconds;

    /// <summary>
    /// Samples dropped just before the first: numbers [first - dropped, first) are declared lost and will never come.
    /// </summary>
    public long DroppedBeforeCount;

    /// <summary>True when the running counters are present.</summary>
    public bool HasChargeCounters;

    /// <summary>Charging count-microseconds since boot at the last sample, uncalibrated, in current counts, 0 or more.</summary>
    public long ChargedCountMicroseconds;

    /// <summary>Discharging count-microseconds since boot at the last sample, uncalibrated, in current counts, 0 or more.</summary>
    public long DischargedCountMicroseconds;

    /// <summary>True when each sample has the extremes of the voltage seen since the one before.</summary>
    public bool HasVoltageExtremes;

    /// <summary>Monotonic microseconds since boot of each sample, never falling.</summary>
    public readonly long[] UptimeMicroseconds;

    /// <summary>Sensor states of each sample (<see cref="SensorStates"/>).</summary>
    public readonly uint[] States;

    /// <summary>Counts by column and sample; 0 where the state says there is no value.</summary>
    public readonly long[][] Counts = new long[SampleColumns.Count][];

    /// <summary>Scale of each column.</summary>
    public readonly ColumnScale[] Scales = new ColumnScale[SampleColumns.Count];

    /// <summary>Lowest voltage count since the sample before, where <see cref="HasVoltageExtremes"/>.</summary>
    public readonly long[] VoltageMinimumCounts;

    /// <summary>Highest voltage count since the sample before, where <see cref="HasVoltageExtremes"/>.</summary>
    public readonly long[] VoltageMaximumCounts;

    /// <summary>Appends a sample; the caller keeps numbers consecutive and times never falling.</summary>
    public void Add(CellSample sample)
    {
        int at = Count;
        if (at == 0)
        {
            FirstSampleNumber = sample.Number;
        }

        UptimeMicroseconds[at] = sample.UptimeMicroseconds;
        States[at] = sample.States;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Counts[column][at] = sample.HasValue(column) ? sample.Counts[column] : 0;
        }

        Count = at + 1;
    }

    /// <summary>Empties the frame, keeping names, boot, anchor and scales.</summary>
    public void Clear()
    {
        Count = 0;
        DroppedBeforeCount = 0;
        StartsTest = false;
        EndsTest = false;
    }
}
