using PouchMonitor.Gateway.Tests.Journal;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>Real frames for the journal: a sample each millisecond of uptime.</summary>
internal static class InfluxFrames
{
    public static TestEntry Entry(long first, int count, ulong boot = 7, long? anchor = null, FrameKind kind = FrameKind.Samples)
    {
        SampleFrame frame = new(count)
        {
            Node = "n1", Channel = "1", Boot = boot, Kind = kind, FirstSampleNumber = first, Count = count,
            HasBootAnchor = anchor.HasValue, BootAnchorUnixMicroseconds = anchor.GetValueOrDefault(),
        };
        frame.Scales[SampleColumns.Voltage].Denominator = 10_000;
        for (int at = 0; at < count; at++)
        {
            frame.UptimeMicroseconds[at] = (first + at) * 1000;
            frame.States[at] = SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good);
            frame.Counts[SampleColumns.Voltage][at] = 37_000 + at;
        }

        byte[] buffer = new byte[8192];
        TestEntry entry = new()
        {
            Buffer = buffer, Length = SampleFrameEncoder.Encode(frame, buffer, 0),
            ReceivedAtMicroseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
        };
        entry.Describe(frame);
        return entry;
    }
}
