using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// A temperature sensor that goes blind right after a fast rise has seen heat: its thermistor burnt, its wire melted or its
/// range ended. Such a column counts as hot and is published as saturated with the last believed reading as its bound,
/// until it gives believable readings again. A bus error is not taken for heat; the loss of a sensor is judged elsewhere.
/// Fixed memory, whole numbers.
/// </summary>
public sealed class SaturationJudge
{
    private const long MicrosecondsPerSecond = 1000000;
    private const int FirstColumn = SampleColumns.FirstTemperature;
    private const int ColumnCount = SampleColumns.Count - FirstColumn;

    private readonly int riseCounts;
    private readonly int windowSeconds;
    private readonly int[][] lowest = new int[ColumnCount][];
    private readonly long[][] seconds = new long[ColumnCount][];
    private readonly int[] lastCount = new int[ColumnCount];
    private readonly long[] lastSecond = new long[ColumnCount];
    private readonly bool[] isHot = new bool[ColumnCount];

    /// <param name="riseCounts">Rise that makes a following blindness mean heat, in counts of the columns.</param>
    /// <param name="windowSeconds">Time in which it has to come.</param>
    public SaturationJudge(int riseCounts, int windowSeconds)
    {
        this.riseCounts = riseCounts;
        this.windowSeconds = windowSeconds;
        for (int i = 0; i < ColumnCount; i++)
        {
            lowest[i] = new int[windowSeconds];
            seconds[i] = new long[windowSeconds];
            lastSecond[i] = -1;
            for (int second = 0; second < windowSeconds; second++)
            {
                seconds[i][second] = -1;
            }
        }
    }

    /// <summary>True while any temperature of the cell counts as hot for this reason; ambient is not the cell's.</summary>
    public bool IsAnyHot
    {
        get
        {
            for (int column = FirstColumn; column < SampleColumns.Count; column++)
            {
                if (column != SampleColumns.Ambient && IsHot(column))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>True while a column counts as hot for this reason.</summary>
    public bool IsHot(int column) => column >= FirstColumn && isHot[column - FirstColumn];

    /// <summary>Takes a pass, and says "saturated" in it where a column went blind after a fast rise.</summary>
    public void Take(CellSample pass)
    {
        long second = pass.UptimeMicroseconds / MicrosecondsPerSecond;
        for (int column = FirstColumn; column < SampleColumns.Count; column++)
        {
            int at = column - FirstColumn;
            SensorState state = pass.StateOf(column);
            if (state == SensorState.Good)
            {
                isHot[at] = false;
                Remember(at, (int)pass.Counts[column], second);
            }
            else if (IsBlind(state))
            {
                isHot[at] = isHot[at] || RoseFast(at, second);
                if (isHot[at])
                {
                    bool isBound = state == SensorState.Saturated && pass.Counts[column] > lastCount[at];
                    pass.Set(column, SensorState.Saturated, isBound ? pass.Counts[column] : lastCount[at]);
                }
            }
        }
    }

    private static bool IsBlind(SensorState state) => state == SensorState.Saturated || state == SensorState.OutOfRange
        || state == SensorState.Open || state == SensorState.Short;

    private void Remember(int at, int count, long second)
    {
        int slot = (int)(second % windowSeconds);
        if (seconds[at][slot] != second || count < lowest[at][slot])
        {
            lowest[at][slot] = count;
            seconds[at][slot] = second;
        }

        lastCount[at] = count;
        lastSecond[at] = second;
    }

    private bool RoseFast(int at, long second)
    {
        // What was seen long ago says nothing of why the sensor is blind now.
        if (lastSecond[at] < 0 || second - lastSecond[at] > windowSeconds)
        {
            return false;
        }

        for (int slot = 0; slot < windowSeconds; slot++)
        {
            bool isRecent = seconds[at][slot] >= 0 && lastSecond[at] - seconds[at][slot] < windowSeconds;
            if (isRecent && lastCount[at] - lowest[at][slot] >= riseCounts)
            {
                return true;
            }
        }

        return false;
    }
}
