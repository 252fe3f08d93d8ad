using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// The samples of a run of frames of one stream, a column each, from which every frame comes back byte for byte. A frame
/// that the encoder would not write in the same bytes again is kept as it came.
/// </summary>
internal sealed partial class FrameColumns
{
    private const int MostScaleSets = 4096;
    private readonly LongColumn uptimes = new();
    private readonly LongColumn states = new();
    private readonly LongColumn[] counts = [.. Enumerable.Range(0, SampleColumns.Count).Select(_ => new LongColumn())];
    private readonly LongColumn low = new();
    private readonly LongColumn high = new();
    private readonly LongColumn charged = new();
    private readonly LongColumn discharged = new();
    private readonly LongColumn scaleOf = new();
    private readonly LongColumn rawLength = new();

    /// <summary>Microseconds from first to last sample of a raw frame; 0 for others.</summary>
    private readonly LongColumn rawSpan = new();
    private readonly LongColumn scratch = new();
    private readonly List<ColumnScale[]> scaleSets = [];
    private ByteBuffer raw = new(256);
    private int[] sampleStart = [];
    private int[] rawStart = [];
    private int[] extremeStart = [];

    public FrameTable Table { get; } = new();

    /// <summary>Samples in columns, those of raw frames not counted.</summary>
    public int Samples => uptimes.Count;

    /// <summary>True when no further frame with scales of its own may be added.</summary>
    public bool IsFull => scaleSets.Count >= MostScaleSets;

    /// <summary>Rough size in memory, bytes.</summary>
    public long MemoryBytes => (Table.Frames * 96L) + (Samples * 16L) + (counts.Sum(column => column.Count) * 8L) + (low.Count * 16L) + raw.Length;

    public void Clear()
    {
        Table.Clear();
        foreach (var column in Columns())
        {
            column.Clear();
        }

        scaleSets.Clear();
        raw.Clear();
    }

    /// <summary>Adds a frame by its columns.</summary>
    public void Add(JournalRecord record, int offset, SampleFrame frame)
    {
        var flags = (frame.IsLive ? FrameFlags.Live : 0)
            | (frame.EndsTest ? FrameFlags.EndsTest : 0)
            | (frame.HasBootAnchor ? FrameFlags.Anchor : 0)
            | (frame.HasChargeCounters ? FrameFlags.Counters : 0)
            | (frame.HasVoltageExtremes ? FrameFlags.Extremes : 0)
            | (frame.StartsTest ? FrameFlags.StartsTest : 0);
        Table.Add(record, offset, flags);
        rawLength.Add(0);
        rawSpan.Add(0);
        scaleOf.Add(ScaleSet(frame));
        charged.Add(frame.HasChargeCounters ? frame.ChargedCountMicroseconds : 0);
        discharged.Add(frame.HasChargeCounters ? frame.DischargedCountMicroseconds : 0);
        uptimes.Add(frame.UptimeMicroseconds.AsSpan(0, frame.Count));
        var packed = states.Take(frame.Count);
        for (int at = 0; at < frame.Count; at++)
        {
            packed[at] = frame.States[at];
        }

        AddCounts(frame);
        AddExtremes(frame);
    }

    /// <summary>Adds a frame as it came.</summary>
    public void AddRaw(JournalRecord record, int offset)
    {
        var flags = FrameFlags.Raw
            | (record.IsLive ? FrameFlags.Live : 0)
            | (record.EndsTest ? FrameFlags.EndsTest : 0)
            | (record.AnchorUnixMicroseconds.HasValue ? FrameFlags.Anchor : 0);
        Table.Add(record, offset, flags);
        rawLength.Add(record.Length);
        rawSpan.Add(unchecked(record.LastTimeMicroseconds - record.FirstTimeMicroseconds));
        scaleOf.Add(0);
        charged.Add(0);
        discharged.Add(0);
        raw.Bytes(record.Bytes);
    }

    public void Write(ByteBuffer to)
    {
        foreach (var column in counts)
        {
            if (column.Count > 0)
            {
                column.Take(Samples - column.Count).Clear();
            }
        }

        to.Unsigned((ulong)Samples);
        ColumnCoder.Write(to, rawLength.Values);
        ColumnCoder.Write(to, rawSpan.Values);
        ColumnCoder.Write(to, scaleOf.Values);
        ColumnCoder.Write(to, charged.Values);
        ColumnCoder.Write(to, discharged.Values);
        ScaleSets.Write(to, scaleSets);
        ColumnCoder.Write(to, Steps());
        ColumnCoder.Write(to, states.Values);
        for (int column = 0; column < counts.Length; column++)
        {
            ColumnCoder.Write(to, WithValue(column));
        }

        ColumnCoder.Write(to, low.Values);
        ColumnCoder.Write(to, high.Values);
        to.Bytes(raw.Written);
    }

    /// <summary>Time of a frame's last sample, microseconds.</summary>
    public long LastTimeOf(int at) => (Table.FlagsOf(at) & FrameFlags.Raw) != 0
        ? unchecked(Table.FirstTime[at] + rawSpan[at])
        : uptimes[sampleStart[at] + (int)Table.Count[at] - 1];

    /// <summary>Makes a frame that is in columns whole again.</summary>
    public void Fill(int at, in StreamId stream, SampleFrame frame)
    {
        int from = sampleStart[at];
        int count = (int)Table.Count[at];
        var flags = Table.FlagsOf(at);
        frame.Node = stream.Node;
        frame.Channel = stream.Channel;
        frame.Boot = stream.Boot;
        frame.Kind = stream.Kind;
        frame.FirstSampleNumber = Table.First[at];
        frame.Count = count;
        frame.DroppedBeforeCount = Table.Dropped[at];
        frame.IsLive = (flags & FrameFlags.Live) != 0;
        frame.StartsTest = (flags & FrameFlags.StartsTest) != 0;
        frame.EndsTest = (flags & FrameFlags.EndsTest) != 0;
        frame.HasBootAnchor = (flags & FrameFlags.Anchor) != 0;
        frame.BootAnchorUnixMicroseconds = Table.Anchor[at];
        frame.HasChargeCounters = (flags & FrameFlags.Counters) != 0;
        frame.ChargedCountMicroseconds = charged[at];
        frame.DischargedCountMicroseconds = discharged[at];
        frame.HasVoltageExtremes = (flags & FrameFlags.Extremes) != 0;
        uptimes.Values.Slice(from, count).CopyTo(frame.UptimeMicroseconds);
        for (int sample = 0; sample < count; sample++)
        {
            frame.States[sample] = (uint)states[from + sample];
        }

        var scales = scaleSets[(int)scaleOf[at]];
        for (int column = 0; column < counts.Length; column++)
        {
            frame.Scales[column].CopyFrom(scales[column]);
            if (counts[column].Count > 0)
            {
                counts[column].Values.Slice(from, count).CopyTo(frame.Counts[column]);
            }
            else
            {
                Array.Clear(frame.Counts[column], 0, count);
            }
        }

        if (frame.HasVoltageExtremes)
        {
            FillExtremes(at, frame);
        }
    }

    private LongColumn[] Columns() =>
        [uptimes, states, .. counts, low, high, charged, discharged, scaleOf, rawLength, rawSpan];

    private int ScaleSet(SampleFrame frame)
    {
        for (int at = scaleSets.Count - 1; at >= 0; at--)
        {
            if (ScaleSets.AreSame(scaleSets[at], frame.Scales))
            {
                return at;
            }
        }

        scaleSets.Add(ScaleSets.Copy(frame.Scales));
        return scaleSets.Count - 1;
    }

    // A column without any value so far is left empty; one that has a value is as long as the others from there on.
    private void AddCounts(SampleFrame frame)
    {
        uint any = 0;
        for (int at = 0; at < frame.Count; at++)
        {
            any |= SensorStates.ValueMask(frame.States[at]);
        }

        int before = Samples - frame.Count;
        for (int column = 0; column < counts.Length; column++)
        {
            bool hasValue = (any & (1u << (3 * column))) != 0;
            if (hasValue && counts[column].Count < before)
            {
                counts[column].Take(before - counts[column].Count).Clear();
            }

            if (hasValue)
            {
                counts[column].Add(frame.Counts[column].AsSpan(0, frame.Count));
            }
        }
    }

    private void AddExtremes(SampleFrame frame)
    {
        for (int at = 0; frame.HasVoltageExtremes && at < frame.Count; at++)
        {
            long voltage = frame.Counts[SampleColumns.Voltage][at];
            low.Add(unchecked(voltage - frame.VoltageMinimumCounts[at]));
            high.Add(unchecked(frame.VoltageMaximumCounts[at] - voltage));
        }
    }

    private void FillExtremes(int at, SampleFrame frame)
    {
        int from = extremeStart[at];
        for (int sample = 0; sample < frame.Count; sample++)
        {
            long voltage = frame.Counts[SampleColumns.Voltage][sample];
            frame.VoltageMinimumCounts[sample] = unchecked(voltage - low[from + sample]);
            frame.VoltageMaximumCounts[sample] = unchecked(voltage + high[from + sample]);
        }
    }

    // The first time of each frame is in the table; here are the steps from sample to sample.
    private Span<long> Steps()
    {
        scratch.Clear();
        int sample = 0;
        for (int frame = 0; frame < Table.Frames; frame++)
        {
            if ((Table.FlagsOf(frame) & FrameFlags.Raw) != 0)
            {
                continue;
            }

            int end = sample + (int)Table.Count[frame];
            while (++sample < end)
            {
                scratch.Add(unchecked(uptimes[sample] - uptimes[sample - 1]));
            }
        }

        return scratch.Values;
    }

    private Span<long> WithValue(int column)
    {
        scratch.Clear();
        for (int at = 0; at < Samples; at++)
        {
            if (SensorStates.HasValue((uint)states[at], column))
            {
                scratch.Add(counts[column][at]);
            }
        }

        return scratch.Values;
    }
}
