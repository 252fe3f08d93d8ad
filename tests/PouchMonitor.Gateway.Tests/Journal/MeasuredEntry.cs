using PouchMonitor.Gateway.Journal;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>Entries with real frames in them, of every shape: by seed, from a stream that goes on where it was.</summary>
internal sealed class MeasuredEntry(int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<StreamId, (long Next, long Time, long Charged)> places = [];
    private readonly byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];

    public bool HasExtremes { get; init; } = true;

    public TestEntry Next(string channel, ulong boot = 7, FrameKind kind = FrameKind.Samples, int most = 40)
    {
        var id = new StreamId("n1", channel, boot, kind);
        var (number, time, charged) = places.GetValueOrDefault(id, boot == 0 ? (1_700_000_000_000_000, 1_700_000_000_000_000, 0) : (0, 5_000_000, 0));
        var frame = new SampleFrame(most)
        {
            Node = id.Node,
            Channel = channel,
            Boot = boot,
            Kind = kind,
            IsLive = random.Next(4) > 0,
            StartsTest = random.Next(40) == 0,
            EndsTest = random.Next(40) == 0,
            HasBootAnchor = boot == 0 || random.Next(3) > 0,
            BootAnchorUnixMicroseconds = boot == 0 ? 0 : 1_700_000_000_000_000 + (random.Next(50) == 0 ? 17 : 0),
            HasChargeCounters = random.Next(3) > 0,
            HasVoltageExtremes = HasExtremes && random.Next(3) > 0,
            Count = boot == 0 ? 1 : random.Next(1, most + 1),
        };
        frame.FirstSampleNumber = boot == 0 ? time : number;
        if (boot != 0 && random.Next(15) == 0)
        {
            frame.DroppedBeforeCount = random.Next(1, 5);
            frame.FirstSampleNumber += frame.DroppedBeforeCount;
        }

        Scale(frame);
        for (int at = 0; at < frame.Count; at++)
        {
            Sample(frame, at, time);
            time += 1_000_000 + random.Next(-300, 300);
        }

        frame.ChargedCountMicroseconds = frame.HasChargeCounters ? charged += random.Next(1, 1_000_000_000) : 0;
        frame.DischargedCountMicroseconds = frame.HasChargeCounters ? charged / 2 : 0;
        places[id] = (frame.FirstSampleNumber + frame.Count, time, charged);
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        var entry = new TestEntry
        {
            Buffer = buffer[..length],
            Length = length,
            ReceivedAtMicroseconds = (1_763_700_000_000 + (frame.FirstSampleNumber % 1_000_000)) * 1000,
            Topic = $"pouch/v1/n1/{channel}/frame",
        };
        entry.Describe(frame);
        return entry;
    }

    private void Scale(SampleFrame frame)
    {
        frame.Scales[SampleColumns.Voltage].Numerator = 375;
        frame.Scales[SampleColumns.Voltage].Denominator = 2_000_000;
        frame.Scales[SampleColumns.Voltage].CalibrationId = random.Next(20) == 0 ? 4_000_000_000u : 3;
        frame.Scales[SampleColumns.Current].Denominator = 10_000;
        frame.Scales[SampleColumns.Surface].Denominator = 100;
        frame.Scales[SampleColumns.Surface].Offset = random.Next(20) == 0 ? -27_315 : 0;
    }

    private void Sample(SampleFrame frame, int at, long time)
    {
        uint states = SensorStates.AllAbsent;
        for (int column = 0; column <= SampleColumns.Ambient; column++)
        {
            var state = random.Next(25) == 0 ? (SensorState)random.Next(8) : SensorState.Good;
            states = SensorStates.With(states, column, state);
            long level = column switch { 0 => 19_900 + (at * 3), 1 => -15_000, _ => 2_500 };
            long count = random.Next(400) == 0 ? random.NextInt64() : level + random.Next(-4, 5);
            frame.Counts[column][at] = SensorStates.HasValue(states, column) ? count : 0;
        }

        frame.States[at] = states;
        frame.UptimeMicroseconds[at] = time;
        long voltage = frame.Counts[SampleColumns.Voltage][at];
        frame.VoltageMinimumCounts[at] = voltage - random.Next(0, 6);
        frame.VoltageMaximumCounts[at] = voltage + random.Next(0, 6);
    }
}
