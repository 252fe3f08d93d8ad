using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// The level from which the trigger counts a fall or rise of the voltage: the median of 5 s, as <see cref="InitialVoltage"/> takes it, that
/// ended a minute or more ago, or the earliest there is. A cell that relaxes by tens of millivolts while it waits, armed for an hour, so
/// triggers nothing, and what happens within a minute is held against what was before. Below <see cref="TriggerFinder.LeastLevelV"/>
/// nothing is connected, or the cell is shorted already: that is no level, and the level begins with the first live voltages after it.
/// </summary>
internal sealed class VoltageLevel
{
    private const long AgeMicroseconds = 60_000_000;
    private const int Capacity = 64;

    // A contact that closes shows voltages between: for so long one that is higher by more than a relaxing cell's begins the level anew.
    private const long ClosingMicroseconds = 1_000_000;
    private const double ClosingRise = 1.1;

    private readonly InitialVoltage running = new();
    private readonly double[] medians = new double[Capacity];
    private readonly long[] ends = new long[Capacity];
    private int first;
    private int count;
    private bool hasFirst;
    private bool wasDead;
    private bool isClosing;
    private long liveMicroseconds;

    /// <summary>Level before the last reading, V; NaN before there is one, below the least level where none was live.</summary>
    public double BeforeV { get; private set; } = double.NaN;

    /// <summary>Median of the first 5 s of live voltages, so far or at last, V; of what there is where none was live; NaN before a reading.</summary>
    public double FirstV { get; private set; } = double.NaN;

    /// <summary>Takes a believed voltage.</summary>
    public void Add(long timeMicroseconds, double voltageV)
    {
        FollowConnection(timeMicroseconds, voltageV);
        BeforeV = OldestLive() ?? (count > 0 && !IsLive(running.MedianSoFarV) ? medians[first] : running.MedianSoFarV);
        running.Add(timeMicroseconds, voltageV);
        FirstV = hasFirst ? FirstV : running.MedianSoFarV;
        if (running.IsOver)
        {
            if (count == Capacity)
            {
                DropFirst();
            }

            hasFirst |= IsLive(running.MedianV);
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

    private static bool IsLive(double voltageV) => voltageV >= TriggerFinder.LeastLevelV;

    /// <summary>What was read with nothing connected is not to be mixed into the level of what was connected then.</summary>
    private void FollowConnection(long timeMicroseconds, double voltageV)
    {
        bool isLive = IsLive(voltageV);
        bool begins = isLive && wasDead && !IsLive(BeforeV);
        isClosing = begins || (isClosing && isLive && timeMicroseconds - liveMicroseconds <= ClosingMicroseconds);
        liveMicroseconds = begins ? timeMicroseconds : liveMicroseconds;
        wasDead = !isLive;
        if (begins || (isClosing && voltageV > ClosingRise * running.MedianSoFarV))
        {
            running.Clear();
        }
    }

    private double? OldestLive()
    {
        for (int i = 0; i < count; i++)
        {
            double median = medians[(first + i) % Capacity];
            if (IsLive(median))
            {
                return median;
            }
        }

        return null;
    }

    private void DropFirst()
    {
        first = (first + 1) % Capacity;
        count--;
    }
}
