using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Benchmarks;

/// <summary>
/// Frames like a node's: one sample a second with some hundred microseconds of jitter, five columns with the noise of their
/// converters (voltage 187.5 uV a count, current, three temperatures of 10 mK).
/// </summary>
internal sealed class NoisyFrames(string node, ulong boot, int samplesPerFrame, int seed)
{
    private readonly Random random = new(seed);
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly SampleFrame frame = Make(node, boot, samplesPerFrame);
    private long number;

    public byte[] Next()
    {
        frame.Clear();
        frame.FirstSampleNumber = number;
        for (int at = 0; at < samplesPerFrame; at++, number++)
        {
            // An hour of charge and an hour of discharge in turn.
            long step = number % 7200;
            bool charges = step < 3600;
            frame.UptimeMicroseconds[at] = (number * 1_000_000) + random.Next(300);
            frame.Counts[SampleColumns.Voltage][at] = (charges ? 16_000 + step : 26_800 - step) + random.Next(-3, 4);
            frame.Counts[SampleColumns.Current][at] = (charges ? 6400 : -6400) + random.Next(-4, 5);
            frame.Counts[SampleColumns.Surface][at] = 2550 + random.Next(-2, 3);
            frame.Counts[SampleColumns.Infrared][at] = 2570 + random.Next(-2, 3);
            frame.Counts[SampleColumns.Ambient][at] = 2480 + random.Next(-2, 3);
            uint states = SensorStates.AllAbsent;
            for (int column = SampleColumns.Voltage; column <= SampleColumns.Ambient; column++)
            {
                states = SensorStates.With(states, column, SensorState.Good);
            }

            frame.States[at] = states;
        }

        frame.Count = samplesPerFrame;
        return buffer.AsSpan(0, SampleFrameEncoder.Encode(frame, buffer, 0)).ToArray();
    }

    private static SampleFrame Make(string node, ulong boot, int samplesPerFrame)
    {
        SampleFrame frame = new(samplesPerFrame)
        {
            Node = node,
            Channel = "1",
            Boot = boot,
            IsLive = true,
            HasBootAnchor = true,
            BootAnchorUnixMicroseconds = 1_700_000_000_000_000,
        };
        frame.Scales[SampleColumns.Voltage].Numerator = 375;
        frame.Scales[SampleColumns.Voltage].Denominator = 2_000_000;
        frame.Scales[SampleColumns.Current].Numerator = 78_125;
        frame.Scales[SampleColumns.Current].Denominator = 500_000_000;
        for (int column = SampleColumns.Surface; column <= SampleColumns.Ambient; column++)
        {
            frame.Scales[column].Denominator = 100;
        }

        return frame;
    }
}
