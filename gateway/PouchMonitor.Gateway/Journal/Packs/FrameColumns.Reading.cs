using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <content>Reading the columns back, whatever the bytes are.</content>
internal sealed partial class FrameColumns
{
    /// <summary>Reads what <see cref="Write"/> wrote, after the table; false when it makes no sense.</summary>
    public bool TryRead(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        int frames = Table.Frames;
        int samples = from.Count(int.MaxValue);
        if (!ColumnCoder.TryRead(ref from, rawLength.Take(frames))
            || !ColumnCoder.TryRead(ref from, rawSpan.Take(frames))
            || !ColumnCoder.TryRead(ref from, scaleOf.Take(frames))
            || !ColumnCoder.TryRead(ref from, charged.Take(frames))
            || !ColumnCoder.TryRead(ref from, discharged.Take(frames))
            || !ScaleSets.TryRead(ref from, scaleSets, MostScaleSets)
            || !Locate(samples, out int steps, out int rawBytes, out int withExtremes)
            || !ColumnCoder.TryRead(ref from, scratch.Take(steps)))
        {
            return false;
        }

        FillUptimes(samples);
        if (!ColumnCoder.TryRead(ref from, states.Take(samples)))
        {
            return false;
        }

        for (int column = 0; column < counts.Length; column++)
        {
            if (!TryReadCounts(ref from, column))
            {
                return false;
            }
        }

        if (!ColumnCoder.TryRead(ref from, low.Take(withExtremes)) || !ColumnCoder.TryRead(ref from, high.Take(withExtremes)))
        {
            return false;
        }

        raw = new ByteBuffer(Math.Max(1, rawBytes));
        raw.Bytes(from.Bytes(rawBytes));
        return !from.Failed && from.AtEnd;
    }

    /// <summary>True when both hold the same, to the last number.</summary>
    public bool IsSame(FrameColumns other)
    {
        bool isSame = Table.IsSame(other.Table) && raw.Written.SequenceEqual(other.raw.Written) && scaleSets.Count == other.scaleSets.Count;
        for (int at = 0; isSame && at < scaleSets.Count; at++)
        {
            isSame = ScaleSets.AreSame(scaleSets[at], other.scaleSets[at]);
        }

        var mine = Columns();
        var theirs = other.Columns();
        for (int at = 0; isSame && at < mine.Length; at++)
        {
            isSame = mine[at].Values.SequenceEqual(theirs[at].Values);
        }

        return isSame;
    }

    /// <summary>Bytes of a frame that was kept as it came.</summary>
    public ReadOnlySpan<byte> RawBytes(int at) => raw.Written.Slice(rawStart[at], (int)rawLength[at]);

    private void FillUptimes(int samples)
    {
        var all = uptimes.Take(samples);
        int step = 0;
        for (int frame = 0; frame < Table.Frames; frame++)
        {
            if ((Table.FlagsOf(frame) & FrameFlags.Raw) != 0)
            {
                continue;
            }

            int sample = sampleStart[frame];
            int end = sample + (int)Table.Count[frame];
            all[sample] = Table.FirstTime[frame];
            while (++sample < end)
            {
                all[sample] = unchecked(all[sample - 1] + scratch[step++]);
            }
        }
    }

    private bool TryReadCounts(ref ByteReader from, int column)
    {
        int values = 0;
        foreach (long state in states.Values)
        {
            values += SensorStates.HasValue((uint)state, column) ? 1 : 0;
        }

        if (values == 0)
        {
            return ColumnCoder.TryRead(ref from, []);
        }

        var all = counts[column].Take(states.Count);
        if (values == all.Length)
        {
            return ColumnCoder.TryRead(ref from, all);
        }

        scratch.Clear();
        if (!ColumnCoder.TryRead(ref from, scratch.Take(values)))
        {
            return false;
        }

        int next = 0;
        for (int at = 0; at < all.Length; at++)
        {
            all[at] = SensorStates.HasValue((uint)states[at], column) ? scratch[next++] : 0;
        }

        return true;
    }

    // Works out where each frame's samples, extremes and raw bytes lie; false when the numbers contradict each other.
    private bool Locate(int samples, out int steps, out int rawBytes, out int withExtremes)
    {
        int frames = Table.Frames;
        sampleStart = new int[frames];
        rawStart = new int[frames];
        extremeStart = new int[frames];
        long sample = 0;
        long rawAt = 0;
        long extreme = 0;
        long stepCount = 0;
        bool isSound = true;
        for (int at = 0; at < frames; at++)
        {
            (sampleStart[at], rawStart[at], extremeStart[at]) = ((int)sample, (int)rawAt, (int)extreme);
            long count = Table.Count[at];
            bool isRaw = (Table.FlagsOf(at) & FrameFlags.Raw) != 0;
            isSound &= count is >= 1 and <= int.MaxValue && rawLength[at] is >= 0 and <= JournalEntry.MaximumBytes
                && (isRaw || (count <= SampleFrame.MaximumSamples && (ulong)scaleOf[at] < (ulong)scaleSets.Count));
            rawAt += isRaw ? rawLength[at] : 0;
            sample += isRaw ? 0 : count;
            stepCount += isRaw ? 0 : count - 1;
            extreme += (Table.FlagsOf(at) & FrameFlags.Extremes) != 0 && !isRaw ? count : 0;
            isSound &= sample <= samples && rawAt <= int.MaxValue;
            if (!isSound)
            {
                break;
            }
        }

        (steps, rawBytes, withExtremes) = ((int)stepCount, (int)rawAt, (int)extreme);
        return isSound && sample == samples;
    }
}
