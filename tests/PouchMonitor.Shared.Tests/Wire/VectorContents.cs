using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>What the golden vectors hold; used only to make them. Noise comes from a generator written out here.</summary>
internal static class VectorContents
{
    private static uint noise;

    public static IEnumerable<(string Name, string About, SampleFrame Frame)> All()
    {
        yield return ("worked-example", "The example worked out byte by byte in WIRE.md", WorkedExample());
        yield return ("single-sample", "One sample that begins a test, no anchor, calibration ids, all else default", SingleSample());
        yield return ("noisy-60", "A live minute of a discharging cell: five noisy columns on a grid of seconds with jitter", Noisy(60));
        yield return ("backlog-150", "Three blocks a column, backlog, drop before, counters, end of test", Backlog());
        yield return ("replayed-decimals", "A log's decimals: nine, eleven and eight digits after the point, test ends, anchor 0", Replayed());
        yield return ("sensor-states", "Every state, sensors that come and go, ten columns", States());
        yield return ("voltage-extremes", "Lowest and highest voltage between samples, also where the voltage itself is missing", Extremes());
        yield return ("capture", "A fast burst at 1 kHz around a dip", Capture());
        yield return ("image-2", "Two infrared images with a hot spot, one pixel out of range", Images());
        yield return ("extreme-int64", "Counts, times, numbers and scales at the ends of 64 bits", Extreme());
    }

    private static SampleFrame New(int count, long first, string node, string channel) =>
        new(count) { Node = node, Channel = channel, Boot = 0x9F3A5C7712E4D680, FirstSampleNumber = first };

    private static int Noise(int bound)
    {
        noise = (noise * 1664525) + 1013904223;
        return (int)((noise >> 8) % (uint)((2 * bound) + 1)) - bound;
    }

    private static void Add(SampleFrame frame, long microseconds, params long[] counts)
    {
        var sample = new CellSample { Number = frame.FirstSampleNumber + frame.Count, UptimeMicroseconds = microseconds };
        for (int column = 0; column < counts.Length; column++)
        {
            sample.SetGood(column, counts[column]);
        }

        long first = frame.FirstSampleNumber;
        frame.Add(sample);
        frame.FirstSampleNumber = first;
    }

    private static SampleFrame WorkedExample()
    {
        SampleFrame frame = New(5, 300, "n1", "2");
        frame.IsLive = true;
        frame.HasBootAnchor = true;
        frame.BootAnchorUnixMicroseconds = 1763700000000000;
        TypicalFrames.Set(frame.Scales[SampleColumns.Voltage], 375, 2000000, 0, 7);
        TypicalFrames.Set(frame.Scales[SampleColumns.Current], 1, 1000, -2, 0);
        long[] voltages = [20000, 20003, 20001, 20004, 20002];
        long[] currents = [-1500, -1500, -1500, -1500, -1500];
        for (int i = 0; i < 5; i++)
        {
            Add(frame, 5000000 + (1000000 * i), voltages[i], currents[i]);
        }

        return frame;
    }

    private static SampleFrame SingleSample()
    {
        SampleFrame frame = New(1, 0, "a", "1");
        frame.StartsTest = true;
        TypicalFrames.Set(frame.Scales[SampleColumns.Voltage], 375, 2000000, 0, uint.MaxValue);
        TypicalFrames.Set(frame.Scales[SampleColumns.Surface], 1, 100, -27315, 1);
        Add(frame, 0, 20000, 0, 29815);
        return frame;
    }

    private static SampleFrame Noisy(int count)
    {
        noise = 1;
        SampleFrame frame = New(count, 86400, "bench-12", "1");
        frame.IsLive = true;
        frame.HasBootAnchor = true;
        frame.BootAnchorUnixMicroseconds = 1763700000123456;
        frame.HasChargeCounters = true;
        frame.ChargedCountMicroseconds = 61234567890123;
        frame.DischargedCountMicroseconds = 58765432109876;
        SetNodeScales(frame);
        for (int i = 0; i < count; i++)
        {
            Add(
                frame, 86400123456 + (1000000L * i) + Noise(300), 20266 - (i / 9) + Noise(3), -1500 + Noise(4),
                2743 + (i / 40) + Noise(2), 15030 + Noise(2), 2381 + Noise(2));
        }

        return frame;
    }

    private static void SetNodeScales(SampleFrame frame)
    {
        TypicalFrames.Set(frame.Scales[SampleColumns.Voltage], 375, 2000000, 0, 4101);
        TypicalFrames.Set(frame.Scales[SampleColumns.Current], 1, 1000, -3, 4102);
        TypicalFrames.Set(frame.Scales[SampleColumns.Surface], 1, 100, 0, 4103);
        TypicalFrames.Set(frame.Scales[SampleColumns.Infrared], 1, 50, -13658, 4104);
        TypicalFrames.Set(frame.Scales[SampleColumns.Ambient], 1, 100, 0, 0);
    }

    private static SampleFrame Backlog()
    {
        SampleFrame frame = Noisy(150);
        frame.IsLive = false;
        frame.DroppedBeforeCount = 77;
        frame.EndsTest = true;
        for (int i = 70; i < 150; i++)
        {
            frame.Counts[SampleColumns.Current][i] += 3000;
            frame.Counts[SampleColumns.Voltage][i] += 400;
        }

        return frame;
    }

    private static SampleFrame Replayed()
    {
        noise = 5;
        SampleFrame frame = New(24, 960, "replay", "1");
        frame.HasBootAnchor = true;
        frame.EndsTest = true;
        TypicalFrames.Set(frame.Scales[SampleColumns.Voltage], 1, 1000000000, 0, 0);
        TypicalFrames.Set(frame.Scales[SampleColumns.Current], 1, 100000000000, 0, 0);
        TypicalFrames.Set(frame.Scales[SampleColumns.Surface], 1, 100000000, 0, 0);
        long time = 1763700000000000;
        for (int i = 0; i < 24; i++)
        {
            time += i < 12 ? 10000000 : 2517000;
            Add(frame, time, 4030268478 - (1234567L * i) + Noise(50000), -201200660698 + Noise(90000000), 2465535783 + Noise(400000));
        }

        return frame;
    }

    private static SampleFrame States()
    {
        noise = 9;
        SampleFrame frame = New(40, 40, "bench-12", "3");
        SetNodeScales(frame);
        for (int i = 0; i < 40; i++)
        {
            Add(frame, 1000000L * i, 20000 + i, 0, 2500 + Noise(2), 15000, 2300, 2510, 2520, 2530, 2540, 2550);
            for (int column = 2; column < SampleColumns.Count; column++)
            {
                // Column 2 + s lives through state s from sample 10 to 29; the last columns come and go by themselves.
                var state = (SensorState)(i is >= 10 and < 30 ? column - 2 : column == 9 && i % 3 == 0 ? 2 : 0);
                frame.States[i] = SensorStates.With(frame.States[i], column, state);
                frame.Counts[column][i] = SensorStates.HasValue(frame.States[i], column) ? frame.Counts[column][i] : 0;
            }
        }

        return frame;
    }

    private static SampleFrame Extremes()
    {
        noise = 13;
        SampleFrame frame = New(12, 12, "bench-12", "1");
        frame.IsLive = true;
        frame.HasVoltageExtremes = true;
        SetNodeScales(frame);
        for (int i = 0; i < 12; i++)
        {
            long voltage = 19000 + Noise(3);
            Add(frame, 200000L * i, voltage, 1500);
            frame.VoltageMinimumCounts[i] = voltage - 2 + Noise(2) - (i == 7 ? 900 : 0);
            frame.VoltageMaximumCounts[i] = voltage + 2 + Noise(2);
        }

        frame.States[5] = SensorStates.With(frame.States[5], SampleColumns.Voltage, SensorState.BusError);
        frame.Counts[SampleColumns.Voltage][5] = 0;
        return frame;
    }

    private static SampleFrame Images()
    {
        noise = 23;
        SampleFrame frame = New(128, 6400, "bench-12", "1");
        frame.Kind = FrameKind.Image;
        TypicalFrames.Set(frame.Scales[SampleColumns.Infrared], 1, 4, 0, 0);
        for (int i = 0; i < 128; i++)
        {
            int row = i % 64 / 8;
            int column = i % 8;
            int spot = Math.Max(0, 120 - (20 * (Math.Abs(row - 3) + Math.Abs(column - 5))));
            var sample = new CellSample { Number = 6400 + i, UptimeMicroseconds = 7200000000 + (100000L * (i / 64)) };
            sample.Set(SampleColumns.Infrared, i == 91 ? SensorState.OutOfRange : SensorState.Good, 100 + spot + Noise(2));
            long first = frame.FirstSampleNumber;
            frame.Add(sample);
            frame.FirstSampleNumber = first;
        }

        return frame;
    }

    private static SampleFrame Capture()
    {
        noise = 17;
        SampleFrame frame = New(100, 0, "bench-12", "1");
        frame.Kind = FrameKind.Capture;
        SetNodeScales(frame);
        for (int i = 0; i < 100; i++)
        {
            int dip = i < 50 ? 0 : Math.Max(0, 6000 - (200 * (i - 50)));
            Add(frame, 7200000000 + (1000L * i) + Noise(8), 20200 - dip + Noise(3));
        }

        return frame;
    }

    private static SampleFrame Extreme()
    {
        SampleFrame frame = New(8, long.MaxValue - 7, "Z.y_x-" + new string('9', 58), new string('c', 64));
        frame.Boot = ulong.MaxValue;
        frame.DroppedBeforeCount = long.MaxValue - 7;
        frame.IsLive = true;
        frame.EndsTest = true;
        frame.HasBootAnchor = true;
        frame.BootAnchorUnixMicroseconds = long.MinValue;
        frame.HasChargeCounters = true;
        frame.ChargedCountMicroseconds = long.MaxValue;
        frame.HasVoltageExtremes = true;
        TypicalFrames.Set(frame.Scales[SampleColumns.Voltage], long.MaxValue, long.MaxValue, long.MinValue, uint.MaxValue);
        TypicalFrames.Set(frame.Scales[SampleColumns.Current], 1, 1000000000000000000, long.MaxValue, 0);
        long[] ends = [long.MinValue, long.MaxValue, 0, -1, 1, long.MaxValue, long.MinValue, long.MinValue];
        for (int i = 0; i < 8; i++)
        {
            Add(frame, i < 4 ? i : long.MaxValue - (7 - i), ends[i], ends[7 - i], long.MaxValue, 1L << (8 * i), -(1L << 55) * (i & 1));
            frame.VoltageMinimumCounts[i] = long.MinValue;
            frame.VoltageMaximumCounts[i] = long.MaxValue;
        }

        return frame;
    }
}
