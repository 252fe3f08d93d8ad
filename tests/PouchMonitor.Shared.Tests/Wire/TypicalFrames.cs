using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Frames as a node sends them: five noisy columns on a grid of seconds with jitter.</summary>
internal static class TypicalFrames
{
    /// <summary>
    /// A live frame of a discharging cell: voltage noise of 3 counts of 187.5 uV either way, current 4 counts of 1 mA,
    /// temperatures 2 counts of 10 mK, jitter 300 us either way, anchor and charge counters.
    /// </summary>
    public static SampleFrame Noisy(int count, int seed)
    {
        var random = new Random(seed);
        SampleFrame frame = Start(count);
        for (int i = 0; i < count; i++)
        {
            Add(frame, i, random.Next(-300, 301), random.Next(-3, 4), random.Next(-4, 5), random.Next(-2, 3), random.Next(-2, 3), random.Next(-2, 3));
        }

        return frame;
    }

    /// <summary>The same with noise of a normal distribution whose standard deviation is half of those bounds.</summary>
    public static SampleFrame NoisyNormal(int count, int seed)
    {
        var random = new Random(seed);
        SampleFrame frame = Start(count);
        int Normal(double deviation) =>
            (int)Math.Round(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        for (int i = 0; i < count; i++)
        {
            Add(frame, i, Normal(150), Normal(1.5), Normal(2), Normal(1), Normal(1), Normal(1));
        }

        return frame;
    }

    private static SampleFrame Start(int count)
    {
        var frame = new SampleFrame(count)
        {
            Node = "bench-12",
            Channel = "1",
            Boot = 0x9F3A5C7712E4D680,
            IsLive = true,
            HasBootAnchor = true,
            BootAnchorUnixMicroseconds = 1763700000123456,
            HasChargeCounters = true,
            ChargedCountMicroseconds = 61234567890123,
            DischargedCountMicroseconds = 58765432109876,
            FirstSampleNumber = 86400,
        };
        Set(frame.Scales[SampleColumns.Voltage], 375, 2000000, 0, 4101);
        Set(frame.Scales[SampleColumns.Current], 1, 1000, -3, 4102);
        Set(frame.Scales[SampleColumns.Surface], 1, 100, 0, 4103);
        Set(frame.Scales[SampleColumns.Infrared], 1, 50, -13658, 4104);
        Set(frame.Scales[SampleColumns.Ambient], 1, 100, 0, 0);
        return frame;
    }

    public static void Set(ColumnScale scale, long numerator, long denominator, long offset, uint calibration)
    {
        scale.Numerator = numerator;
        scale.Denominator = denominator;
        scale.Offset = offset;
        scale.CalibrationId = calibration;
    }

    private static void Add(SampleFrame frame, int i, int jitter, int voltage, int current, int surface, int infrared, int ambient)
    {
        var sample = new CellSample { Number = 86400 + i, UptimeMicroseconds = 86400123456L + (1000000L * i) + jitter };
        sample.SetGood(SampleColumns.Voltage, 20266 - (i / 9) + voltage);
        sample.SetGood(SampleColumns.Current, -1500 + current);
        sample.SetGood(SampleColumns.Surface, 2743 + (i / 40) + surface);
        sample.SetGood(SampleColumns.Infrared, 15030 + infrared);
        sample.SetGood(SampleColumns.Ambient, 2381 + ambient);
        frame.Add(sample);
    }
}
