using System;
using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>
/// Reads a <see cref="SampleFrame"/> from bytes (see WIRE.md). Never throws, never reads outside the given range, and
/// allocates nothing but the two names, and those only when they differ from the target's.
/// </summary>
public static class SampleFrameDecoder
{
    /// <summary>Fills <paramref name="target"/> from the bytes; on a fault the target's content is undefined.</summary>
    public static DecodeFault TryDecode(byte[] source, int offset, int length, SampleFrame target)
    {
        DecodeFault fault = HeadReader.Open(source, offset, length, target);
        if (fault != DecodeFault.None)
        {
            return fault;
        }

        FrameReader from = target.Scratch.Reader;
        HeadReader.Read(from, target);
        if (from.Fault == DecodeFault.None && target.Count > target.Capacity)
        {
            from.Fail(DecodeFault.BadCount);
        }

        if (from.Fault == DecodeFault.None)
        {
            ScaleReader.Read(from, target);
        }

        if (from.Fault == DecodeFault.None)
        {
            ReadBody(from, target);
        }

        if (from.Fault == DecodeFault.None && from.At != from.End)
        {
            from.Fail(DecodeFault.Oversized);
        }

        if (from.Fault == DecodeFault.None && target.Kind == FrameKind.Image)
        {
            DecodeFault broken = ImageRules.FaultOf(target);
            if (broken != DecodeFault.None)
            {
                from.Fail(broken);
            }
        }

        from.Stop();
        return from.Fault;
    }

    /// <summary>
    /// Reads identity and all else that stands before the scales (names, boot, kind, first number, count, dropped count,
    /// flags, anchor, counters), and checks the check sum; scales, times, states and columns of the target stay as they
    /// were. The count may exceed the target's capacity, so that a small target serves.
    /// </summary>
    public static DecodeFault TryReadIdentity(byte[] source, int offset, int length, SampleFrame target)
    {
        DecodeFault fault = HeadReader.Open(source, offset, length, target);
        if (fault != DecodeFault.None)
        {
            return fault;
        }

        FrameReader from = target.Scratch.Reader;
        HeadReader.Read(from, target);
        from.Stop();
        return from.Fault;
    }

    private static void ReadBody(FrameReader from, SampleFrame target)
    {
        uint every = SensorStates.AllAbsent;
        uint any = 0;
        if (!ReadStates(from, target, ref every, ref any) || !ReadAll(from, target.UptimeMicroseconds, target.Count))
        {
            return;
        }

        long before = 0;
        long[] times = target.UptimeMicroseconds;
        for (int i = 0; i < target.Count; i++)
        {
            if (times[i] < before)
            {
                from.Fail(DecodeFault.BadTime);
                return;
            }

            before = times[i];
        }

        for (int column = 0; column < SampleColumns.Count; column++)
        {
            uint bit = 1u << (3 * column);
            long[] values = target.Counts[column];
            if ((any & bit) == 0)
            {
                Array.Clear(values, 0, target.Count);
            }
            else if (!((every & bit) != 0 ? ReadAll(from, values, target.Count) : ReadSparse(from, target, column)))
            {
                return;
            }
        }

        if (target.HasVoltageExtremes)
        {
            ReadExtremes(from, target);
        }
    }

    /// <summary>Reads the runs of equal states, and which columns have a value in every sample, and in any.</summary>
    private static bool ReadStates(FrameReader from, SampleFrame target, ref uint every, ref uint any)
    {
        uint[] states = target.States;
        uint now = SensorStates.AllAbsent;
        int at = 0;
        while (at < target.Count)
        {
            ulong run = from.Number();
            ulong change = from.Number();
            if (from.Fault != DecodeFault.None)
            {
                return false;
            }

            if (run == 0 || run > (ulong)(target.Count - at) || change > SensorStates.Mask || (change == 0 && at != 0))
            {
                from.Fail(DecodeFault.BadStates);
                return false;
            }

            now ^= (uint)change;
            uint mask = SensorStates.ValueMask(now);
            every &= mask;
            any |= mask;
            int end = at + (int)run;
            for (; at < end; at++)
            {
                states[at] = now;
            }
        }

        return true;
    }

    private static bool ReadAll(FrameReader from, long[] values, int count)
    {
        long previous = 0;
        for (int at = 0; at < count; at += FrameLayout.BlockValues)
        {
            int size = count - at < FrameLayout.BlockValues ? count - at : FrameLayout.BlockValues;
            if (!BlockReader.Read(from, values, at, size, previous))
            {
                return false;
            }

            previous = values[at + size - 1];
        }

        return true;
    }

    private static bool ReadSparse(FrameReader from, SampleFrame target, int column)
    {
        uint[] states = target.States;
        int left = 0;
        for (int i = 0; i < target.Count; i++)
        {
            left += SensorStates.HasValue(states[i], column) ? 1 : 0;
        }

        long[] values = target.Counts[column];
        long[] block = target.Scratch.Block;
        long previous = 0;
        int size = 0;
        int next = 0;
        for (int i = 0; i < target.Count; i++)
        {
            if (!SensorStates.HasValue(states[i], column))
            {
                values[i] = 0;
                continue;
            }

            if (next == size)
            {
                size = left < FrameLayout.BlockValues ? left : FrameLayout.BlockValues;
                left -= size;
                next = 0;
                if (!BlockReader.Read(from, block, 0, size, previous))
                {
                    return false;
                }

                previous = block[size - 1];
            }

            values[i] = block[next++];
        }

        return true;
    }

    private static void ReadExtremes(FrameReader from, SampleFrame target)
    {
        long[] minima = target.VoltageMinimumCounts;
        long[] maxima = target.VoltageMaximumCounts;
        if (!ReadAll(from, minima, target.Count) || !ReadAll(from, maxima, target.Count))
        {
            return;
        }

        long[] voltages = target.Counts[SampleColumns.Voltage];
        for (int i = 0; i < target.Count; i++)
        {
            minima[i] = voltages[i] - minima[i];
            maxima[i] = voltages[i] + maxima[i];
        }
    }
}
