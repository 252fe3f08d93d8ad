using System;
using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>
/// Writes a <see cref="SampleFrame"/> as bytes (see WIRE.md). The same content always gives the same bytes; nothing is
/// allocated. Not for one frame on two threads at once, since the frame owns the working space.
/// </summary>
public static class SampleFrameEncoder
{
    /// <summary>
    /// Writes the frame and returns the bytes written. Counts whose state carries no value are not written: they come
    /// back as 0.
    /// </summary>
    /// <exception cref="ArgumentException">The frame breaks a rule, or does not fit the destination or
    /// <see cref="SampleFrame.MaximumEncodedBytes"/>.</exception>
    public static int Encode(SampleFrame frame, byte[] destination, int offset)
    {
        FrameRules.Check(frame);
        if (offset < 0 || offset > destination.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), "offset " + offset + " lies outside the destination");
        }

        int room = destination.Length - offset;
        int limit = offset + (room < SampleFrame.MaximumEncodedBytes ? room : SampleFrame.MaximumEncodedBytes);
        FrameWriter to = frame.Scratch.Writer;
        to.Start(destination, offset, limit);
        WriteHead(to, frame);
        WriteScales(to, frame);
        WriteBody(to, frame);
        int length = to.At - offset + FrameLayout.ChecksumBytes;
        if (to.IsFull || to.At > limit - FrameLayout.ChecksumBytes)
        {
            to.Stop();
            throw new ArgumentException(
                "a frame of " + frame.Count + " samples does not fit " + (limit - offset) + " bytes", nameof(destination));
        }

        int end = to.At;
        to.At = offset + FrameLayout.LengthAt;
        to.LittleEndian((ulong)length, 3);
        to.At = end;
        to.LittleEndian(Crc32C.Compute(destination, offset, end - offset), FrameLayout.ChecksumBytes);
        to.Stop();
        return length;
    }

    private static void WriteHead(FrameWriter to, SampleFrame frame)
    {
        int flags = 0;
        flags |= frame.IsLive ? FrameLayout.LiveFlag : 0;
        flags |= frame.StartsTest ? FrameLayout.StartsTestFlag : 0;
        flags |= frame.EndsTest ? FrameLayout.EndsTestFlag : 0;
        flags |= frame.HasBootAnchor ? FrameLayout.AnchorFlag : 0;
        flags |= frame.HasChargeCounters ? FrameLayout.CountersFlag : 0;
        flags |= frame.HasVoltageExtremes ? FrameLayout.ExtremesFlag : 0;
        to.Byte(FrameLayout.Magic0);
        to.Byte(FrameLayout.Magic1);
        to.Byte(FrameLayout.Version);
        to.Byte((int)frame.Kind);
        to.LittleEndian(0, 3);
        to.Byte(flags);
        to.LittleEndian(frame.Boot, 8);
        to.Number((ulong)frame.Count);
        to.Number((ulong)frame.FirstSampleNumber);
        to.Number((ulong)frame.DroppedBeforeCount);
        to.Name(frame.Node);
        to.Name(frame.Channel);
        if (frame.HasBootAnchor)
        {
            to.LittleEndian((ulong)frame.BootAnchorUnixMicroseconds, 8);
        }

        if (frame.HasChargeCounters)
        {
            to.Number((ulong)frame.ChargedCountMicroseconds);
            to.Number((ulong)frame.DischargedCountMicroseconds);
        }
    }

    private static void WriteScales(FrameWriter to, SampleFrame frame)
    {
        int columns = 0;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            columns |= IsDefault(frame.Scales[column]) ? 0 : 1 << column;
        }

        to.Number((ulong)columns);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if ((columns & (1 << column)) == 0)
            {
                continue;
            }

            ColumnScale scale = frame.Scales[column];
            int form = scale.Numerator == 1 ? FrameLayout.DecimalForm(scale.Denominator) : -1;
            int head = form < 0 ? FrameLayout.FractionForm : form;
            head |= scale.Offset != 0 ? FrameLayout.ScaleOffsetFlag : 0;
            head |= scale.CalibrationId != 0 ? FrameLayout.ScaleCalibrationFlag : 0;
            to.Byte(head);
            if (form < 0)
            {
                to.Number((ulong)scale.Numerator);
                to.Number((ulong)scale.Denominator);
            }

            if (scale.Offset != 0)
            {
                to.SignedNumber(scale.Offset);
            }

            if (scale.CalibrationId != 0)
            {
                to.Number(scale.CalibrationId);
            }
        }
    }

    private static bool IsDefault(ColumnScale scale) =>
        scale.Offset == 0 && scale.Numerator == 1 && scale.Denominator == 1 && scale.CalibrationId == 0;

    private static void WriteBody(FrameWriter to, SampleFrame frame)
    {
        uint any = WriteStates(to, frame);
        WriteAll(to, frame, frame.UptimeMicroseconds);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if ((any & (1u << (3 * column))) != 0)
            {
                WriteColumn(to, frame, column);
            }
        }

        if (frame.HasVoltageExtremes)
        {
            WriteDifferences(to, frame, frame.Counts[SampleColumns.Voltage], frame.VoltageMinimumCounts);
            WriteDifferences(to, frame, frame.VoltageMaximumCounts, frame.Counts[SampleColumns.Voltage]);
        }
    }

    /// <summary>Writes the runs of equal states and returns the columns that have a value anywhere.</summary>
    private static uint WriteStates(FrameWriter to, SampleFrame frame)
    {
        uint[] states = frame.States;
        uint before = SensorStates.AllAbsent;
        uint any = 0;
        int at = 0;
        while (at < frame.Count)
        {
            uint now = states[at];
            int end = at + 1;
            while (end < frame.Count && states[end] == now)
            {
                end++;
            }

            to.Number((ulong)(end - at));
            to.Number(now ^ before);
            any |= SensorStates.ValueMask(now);
            before = now;
            at = end;
        }

        return any;
    }

    private static void WriteAll(FrameWriter to, SampleFrame frame, long[] values)
    {
        long[] block = frame.Scratch.Block;
        long previous = 0;
        int at = 0;
        while (at < frame.Count)
        {
            int count = 0;
            while (count < FrameLayout.BlockValues && at < frame.Count)
            {
                block[count++] = values[at++];
            }

            BlockWriter.Write(to, block, count, previous);
            previous = block[count - 1];
        }
    }

    private static void WriteColumn(FrameWriter to, SampleFrame frame, int column)
    {
        long[] block = frame.Scratch.Block;
        long[] values = frame.Counts[column];
        uint[] states = frame.States;
        long previous = 0;
        int count = 0;
        for (int at = 0; at < frame.Count; at++)
        {
            if (!SensorStates.HasValue(states[at], column))
            {
                continue;
            }

            block[count++] = values[at];
            if (count == FrameLayout.BlockValues)
            {
                BlockWriter.Write(to, block, count, previous);
                previous = block[count - 1];
                count = 0;
            }
        }

        if (count > 0)
        {
            BlockWriter.Write(to, block, count, previous);
        }
    }

    private static void WriteDifferences(FrameWriter to, SampleFrame frame, long[] upper, long[] lower)
    {
        long[] block = frame.Scratch.Block;
        bool isUpperVoltage = upper == frame.Counts[SampleColumns.Voltage];
        long previous = 0;
        int at = 0;
        while (at < frame.Count)
        {
            int count = 0;
            while (count < FrameLayout.BlockValues && at < frame.Count)
            {
                // Where the voltage has no value its count is taken as 0, whatever the array holds.
                bool hasVoltage = SensorStates.HasValue(frame.States[at], SampleColumns.Voltage);
                long high = isUpperVoltage && !hasVoltage ? 0 : upper[at];
                long low = !isUpperVoltage && !hasVoltage ? 0 : lower[at];
                block[count++] = high - low;
                at++;
            }

            BlockWriter.Write(to, block, count, previous);
            previous = block[count - 1];
        }
    }
}
