using System.Numerics;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>One bucket under construction.</summary>
internal sealed class RollUpCell
{
    public readonly long[] Good = new long[SampleColumns.Count];
    public readonly long[] Lowest = new long[SampleColumns.Count];
    public readonly long[] Highest = new long[SampleColumns.Count];

    /// <summary>Sums of counts. They wrap beyond 63 bits, which counts of 48 bits reach after some 30,000 values.</summary>
    public readonly long[] Sum = new long[SampleColumns.Count];

    public long Bucket { get; private set; }

    public long First { get; private set; }

    public long End { get; private set; }

    public long Samples { get; private set; }

    public void Begin(long bucket)
    {
        Bucket = bucket;
        (First, End, Samples) = (long.MaxValue, long.MinValue, 0);
        Array.Clear(Good);
        Array.Clear(Lowest);
        Array.Clear(Highest);
        Array.Clear(Sum);
    }

    /// <summary>Takes a sample; only good values count. The voltage's extremes between two samples count where there are any.</summary>
    public void Take(SampleFrame frame, int at)
    {
        long number = frame.FirstSampleNumber + at;
        First = Math.Min(First, number);
        End = Math.Max(End, number + 1);
        Samples++;
        uint states = frame.States[at];
        for (uint left = GoodMask(states); left != 0; left &= left - 1)
        {
            int column = BitOperations.TrailingZeroCount(left) / 3;
            long count = frame.Counts[column][at];
            Add(column, 1, count, count, count);
        }

        if (frame.HasVoltageExtremes && SensorStates.Get(states, SampleColumns.Voltage) == SensorState.Good)
        {
            ref long low = ref Lowest[SampleColumns.Voltage];
            ref long high = ref Highest[SampleColumns.Voltage];
            low = Math.Min(low, frame.VoltageMinimumCounts[at]);
            high = Math.Max(high, frame.VoltageMaximumCounts[at]);
        }
    }

    /// <summary>Takes a finer bucket of the same scales.</summary>
    public void Take(RollUpCell finer)
    {
        First = Math.Min(First, finer.First);
        End = Math.Max(End, finer.End);
        Samples += finer.Samples;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (finer.Good[column] > 0)
            {
                Add(column, finer.Good[column], finer.Lowest[column], finer.Highest[column], finer.Sum[column]);
            }
        }
    }

    // Bit 3 * column is set where the state is good, which is 0.
    private static uint GoodMask(uint states) => ~(states | (states >> 1) | (states >> 2)) & SensorStates.AllAbsent;

    private void Add(int column, long good, long lowest, long highest, long sum)
    {
        bool isFirst = Good[column] == 0;
        Lowest[column] = isFirst ? lowest : Math.Min(Lowest[column], lowest);
        Highest[column] = isFirst ? highest : Math.Max(Highest[column], highest);
        Good[column] += good;
        Sum[column] = unchecked(Sum[column] + sum);
    }
}
