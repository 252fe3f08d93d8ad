using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// The level from which the trigger counts a fall or rise of the voltage: the median of 5 s, as <see cref="InitialVoltage"/> takes it, that
/// ended a minute or more ago, or the earliest there is. A cell that relaxes by tens of millivolts while it waits, armed for an hour, so
/// triggers nothing, and what happens within a minute is held against what was before.
/// </summary>
internal sealed class VoltageLevel
{
    private const long AgeMicroseconds = 60_000_000;
    private const int Capacity = 64;

    private readonly InitialVoltage running = new();
    private readonly double[] medians = new double[Capacity];
    private readonly long[] ends = new long[Capacity];
    private int first;
    private int count;
    private bool hasFirst;

    /// <summary>Level before the last reading, V; NaN before there is one.</summary>
    public double BeforeV { get; private set; } = double.NaN;

    /// <summary>Median of the first 5 s, so far or at last, V; NaN before a reading.</summary>
    public double FirstV { get; private set; } = double.NaN;

    /// <summary>Takes a believed voltage.</summary>
    public void Add(long timeMicroseconds, double voltageV)
    {
        BeforeV = count > 0 ? medians[first] : running.MedianSoFarV;
        running.Add(timeMicroseconds, voltageV);
        FirstV = hasFirst ? FirstV : running.MedianSoFarV;
        if (running.IsOver)
        {
            if (count == Capacity)
            {
                DropFirst();
            }

            hasFirst = true;
            medians[(first + count) % Capacity] = running.MedianV;
            ends[(first + count) % Capacity] = timeMicroseconds;
            count++;
            running.Clear();
            running.Add(timeMicroseconds, voltageV);
        }

        while (count > 1 && ends[(first + 1) % Capacity] <= timeMicroseconds - AgeMicroseconds)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        first = (first + 1) % Capacity;
        count--;
    }
}
