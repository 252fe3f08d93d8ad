using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Lawful frames of every shape: short and long, quiet and extreme, sensors that come and go.</summary>
internal sealed class RandomFrames(int seed)
{
    private static readonly int[] Counts = [1, 2, 3, 4, 5, 31, 32, 60, 63, 64, 65, 127, 128, 129, 200];
    private readonly Random random = new(seed);

    /// <summary>Fills the frame anew and returns it.</summary>
    public SampleFrame Next(SampleFrame frame)
    {
        frame.Clear();
        int count = random.Next(8) == 0 ? random.Next(1, Math.Min(frame.Capacity, 1000)) : Counts[random.Next(Counts.Length)];
        frame.Count = Math.Min(count, frame.Capacity);
        frame.Node = Name();
        frame.Channel = Name();
        frame.Boot = (ulong)Any();
        frame.Kind = Chance(4) ? FrameKind.Capture : FrameKind.Samples;
        frame.FirstSampleNumber = Chance(10) ? long.MaxValue - (frame.Count - 1) : Natural();
        frame.FirstSampleNumber = Math.Min(frame.FirstSampleNumber, long.MaxValue - (frame.Count - 1));
        frame.DroppedBeforeCount = Chance(2) ? 0 : random.NextInt64(0, frame.FirstSampleNumber == long.MaxValue ? long.MaxValue : frame.FirstSampleNumber + 1);
        frame.IsLive = Chance(2);
        frame.StartsTest = Chance(2);
        frame.EndsTest = Chance(2);
        frame.HasBootAnchor = Chance(2);
        frame.BootAnchorUnixMicroseconds = frame.HasBootAnchor ? Any() : 0;
        frame.HasChargeCounters = Chance(2);
        frame.ChargedCountMicroseconds = frame.HasChargeCounters ? Natural() : 0;
        frame.DischargedCountMicroseconds = frame.HasChargeCounters ? Natural() : 0;
        frame.HasVoltageExtremes = Chance(3);
        FillStates(frame);
        FillTimes(frame);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            FillColumn(frame.Counts[column], frame.Count);
            for (int i = 0; i < frame.Count; i++)
            {
                frame.Counts[column][i] = SensorStates.HasValue(frame.States[i], column) ? frame.Counts[column][i] : 0;
            }

            FillScale(frame.Scales[column]);
        }

        FillColumn(frame.VoltageMinimumCounts, frame.Count);
        FillColumn(frame.VoltageMaximumCounts, frame.Count);
        return frame;
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private long Any() => Chance(6) ? (Chance(2) ? long.MinValue : long.MaxValue) : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    private long Natural() => Any() & long.MaxValue;

    private string Name()
    {
        const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        char[] name = new char[Chance(4) ? 64 : random.Next(1, 64)];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = Allowed[random.Next(Allowed.Length)];
        }

        var text = new string(name);
        return TopicNames.IsNodeName(text) ? text : "n";
    }

    private void FillScale(ColumnScale scale)
    {
        bool isDecimal = Chance(2);
        scale.Numerator = isDecimal ? 1 : Math.Max(1, Natural());
        scale.Denominator = isDecimal ? DecimalText.PowerOfTen(random.Next(19)) : Math.Max(1, Natural());
        scale.Offset = Chance(2) ? 0 : Any();
        scale.CalibrationId = Chance(2) ? 0 : (uint)random.NextInt64(1L << 32);
    }

    private void FillStates(SampleFrame frame)
    {
        int habit = random.Next(3);
        uint states = SensorStates.AllAbsent;
        for (int i = 0; i < frame.Count; i++)
        {
            bool changes = i == 0 || (habit == 1 && Chance(10)) || habit == 2;
            for (int column = 0; changes && column < SampleColumns.Count; column++)
            {
                bool isMostlyGood = column < 5 && !Chance(4);
                states = SensorStates.With(states, column, isMostlyGood ? SensorState.Good : (SensorState)random.Next(8));
            }

            frame.States[i] = states;
        }
    }

    private void FillTimes(SampleFrame frame)
    {
        long time = Chance(10) ? 0 : Natural() / 2;
        long period = Chance(4) ? 0 : Natural() >> random.Next(10, 63);
        for (int i = 0; i < frame.Count; i++)
        {
            frame.UptimeMicroseconds[i] = time;
            long step = period + (Chance(2) ? 0 : random.Next(500));
            time = Chance(50) ? Math.Max(time, long.MaxValue - random.Next(100)) : time > long.MaxValue - step ? time : time + step;
        }
    }

    private void FillColumn(long[] values, int count)
    {
        long value = Any();
        long rise = Any() >> random.Next(1, 63);
        int noiseBits = random.Next(0, 63);
        int habit = random.Next(6);
        for (int i = 0; i < count; i++)
        {
            long noise = (long)((ulong)random.NextInt64() >> (63 - noiseBits));
            values[i] = habit switch
            {
                0 => value,
                1 => unchecked(value + noise),
                2 => unchecked(value + (i * rise) + noise),
                3 => Any(),
                4 => Chance(20) ? value = unchecked(value + noise) : value,
                _ => value = unchecked(value + rise + noise),
            };
        }
    }
}
