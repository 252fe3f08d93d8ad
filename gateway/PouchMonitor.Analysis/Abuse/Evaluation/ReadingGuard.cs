using System.Numerics;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Takes out single readings that cannot be true, with one sample of look-ahead, since an event of milliseconds must not wait for more:
/// a temperature that jumps as <see cref="ReadingDoubt"/> says (more than 15 K and 10 K/s) holds its sample back until the next one
/// confirms it or not. A temperature that is not possible, or falls at once to where the cell began though a cell cannot cool so fast
/// (an open or torn-off probe), is out of range from then on, and so never counts as cool. So is one that leaps to where loggers put an
/// open thermocouple, at the upper end of its table (J 1200, N 1300, K 1372, S 1768, B 1820 C).
/// In a cell in which something has happened a rise is kept where the next reading still lies above where it came from, or comes half a
/// second later or more: a flame is that short.
/// </summary>
/// <remarks>
/// Not the gate of the analysis (<see cref="SampleGate"/>): that holds voltages back too, up to eight samples, and takes a contact that
/// bounces on a nail for a contradiction; here it is the event itself.
/// </remarks>
internal sealed class ReadingGuard
{
    /// <summary>At or below this a probe is open (a thermistor's divider then reads -40 C), C.</summary>
    public const double OpenC = -38;

    /// <summary>Above this no sensor of a cell reads, C.</summary>
    public const double HighestC = 2000;

    /// <summary>From here on a leap is to the upper end of a thermocouple's table, C; flames of a cell are hardly hotter.</summary>
    private const double LeapC = 1150;

    /// <summary>So much in one step no thermocouple follows a flame, K.</summary>
    private const double LeapK = 300;

    /// <summary>A step that takes longer may hold a flame, microseconds.</summary>
    private const long LeapMicroseconds = 2_000_000;

    /// <summary>So near to the coldest reading of the test, a sudden fall is a lost probe, K.</summary>
    private const double NearColdestK = 30;

    /// <summary>Above this a sudden fall is believed all the same, C: it counts as cool for no standard.</summary>
    private const double HighestColdC = 90;

    /// <summary>The coldest is sought among the readings of the first minute, microseconds.</summary>
    private const long BeginningMicroseconds = 60_000_000;

    /// <summary>From this interval on a peak may come and go between two readings, microseconds: a fine thermocouple follows in some tenths of a second.</summary>
    private const long PeakMicroseconds = 500_000;

    private const double MostVolts = 10_000;
    private const double MostAmperes = 1_000_000;

    private readonly Column[] columns = new Column[SampleColumns.Count];
    private double coldestC = double.NaN;
    private long firstMicroseconds = long.MinValue;

    /// <summary>Temperatures of the sample judged last that are in doubt, one bit each at the lowest of the column's three.</summary>
    public uint Doubtful { get; private set; }

    /// <summary>Marks what cannot be true, and says whether the sample must wait for the next.</summary>
    public bool MustWait(ref Sample sample)
    {
        firstMicroseconds = firstMicroseconds == long.MinValue ? sample.TimeMicroseconds : firstMicroseconds;
        Doubtful = 0;
        for (uint rest = SampleGate.GoodColumns(sample.States); rest != 0; rest &= rest - 1)
        {
            int bit = BitOperations.TrailingZeroCount(rest);
            int column = bit / 3;
            double value = sample.Values[column];
            bool isPossible = column switch
            {
                SampleColumns.Voltage => Math.Abs(value) < MostVolts,
                SampleColumns.Current => Math.Abs(value) < MostAmperes,
                _ => value > OpenC && value < HighestC,
            };
            if (!isPossible)
            {
                SetLost(ref sample, column);
            }
            else if (column >= SampleColumns.FirstTemperature)
            {
                ref Column memory = ref columns[column];
                if (IsOpenUpwards(ref memory, sample.TimeMicroseconds, value) || (memory.HasFallen && IsStillFallen(ref memory, value)))
                {
                    SetLost(ref sample, column);
                }
                else if (Jumps(in memory, sample.TimeMicroseconds, value))
                {
                    Doubtful |= 1u << bit;
                }
            }
        }

        if (Doubtful == 0)
        {
            Believe(in sample);
        }

        return Doubtful != 0;
    }

    /// <summary>Settles a sample that waited by the one after it; without one it is believed.</summary>
    /// <param name="held">The sample.</param>
    /// <param name="doubtful">What of it was in doubt.</param>
    /// <param name="next">The one after it.</param>
    /// <param name="hasHappened">Whether something has happened in the cell, so that a peak may be true.</param>
    public void Settle(ref Sample held, uint doubtful, Sample? next, bool hasHappened)
    {
        for (uint rest = doubtful; rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest) / 3;
            ref Column memory = ref columns[column];
            double value = held.Values[column];
            if (next is { } after && after.IsGood(column)
                && !(hasHappened && IsPeak(value, in after, column, memory.LastC, held.TimeMicroseconds))
                && Math.Abs(after.Values[column] - value) > Math.Abs(after.Values[column] - memory.LastC))
            {
                SetLost(ref held, column);
            }
            else if (value < memory.LastC && value <= Math.Min(coldestC + NearColdestK, HighestColdC) && !IsReturn(in memory, value))
            {
                memory.HasFallen = true;
                memory.BeforeFallC = memory.LastC;
                SetLost(ref held, column);
            }
            else if (value > memory.LastC)
            {
                memory.BeforeJumpC = memory.LastC;
                memory.HasJumped = true;
            }
        }

        Believe(in held);
    }

    private static bool IsPeak(double value, in Sample next, int column, double beforeC, long timeMicroseconds) =>
        value > beforeC
        && (next.TimeMicroseconds - timeMicroseconds >= PeakMicroseconds || next.Values[column] > beforeC + ReadingDoubt.JumpK);

    private static void SetLost(ref Sample sample, int column)
    {
        sample.States = SensorStates.With(sample.States, column, SensorState.OutOfRange);
        if (!double.IsFinite(sample.Values[column]))
        {
            sample.Values[column] = 0;
        }
    }

    private static bool Jumps(in Column memory, long timeMicroseconds, double value)
    {
        double change = Math.Abs(value - memory.LastC);
        return memory.Any && change > ReadingDoubt.JumpK
            && change > ReadingDoubt.JumpKPerS * ((timeMicroseconds - memory.LastMicroseconds) / 1e6);
    }

    // Interference lifts a reading for some samples; where it came from it may go back to.
    private static bool IsReturn(in Column memory, double value) =>
        memory.HasJumped && Math.Abs(value - memory.BeforeJumpC) <= ReadingDoubt.JumpK;

    private static bool IsOpenUpwards(ref Column memory, long timeMicroseconds, double value)
    {
        double fromC = memory.HasLeapt ? memory.BeforeLeapC : memory.Any ? memory.LastC : LeapC - LeapK;
        bool leaps = value - fromC >= LeapK
            && (memory.HasLeapt || (value >= LeapC && (!memory.Any || timeMicroseconds - memory.LastMicroseconds <= LeapMicroseconds)));
        if (memory.HasLeapt && !leaps)
        {
            memory.Any = false; // The wire is back, and what it reads is no jump from before.
        }

        (memory.HasLeapt, memory.BeforeLeapC) = (leaps, fromC);
        return leaps;
    }

    private static bool IsStillFallen(ref Column memory, double value)
    {
        memory.HasFallen = value < memory.BeforeFallC - ReadingDoubt.JumpK;
        if (!memory.HasFallen)
        {
            memory.Any = false;
        }

        return memory.HasFallen;
    }

    private void Believe(in Sample sample)
    {
        bool isBeginning = sample.TimeMicroseconds - firstMicroseconds <= BeginningMicroseconds || double.IsNaN(coldestC);
        for (uint rest = SampleGate.GoodColumns(sample.States); rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest) / 3;
            if (column < SampleColumns.FirstTemperature)
            {
                continue;
            }

            double value = sample.Values[column];
            ref Column memory = ref columns[column];
            memory.Any = true;
            memory.LastC = value;
            memory.LastMicroseconds = sample.TimeMicroseconds;
            if (isBeginning && !(value >= coldestC))
            {
                coldestC = value;
            }
        }
    }

    private struct Column
    {
        public bool Any;
        public bool HasFallen;
        public bool HasJumped;
        public bool HasLeapt;
        public double LastC;
        public double BeforeFallC;
        public double BeforeJumpC;
        public double BeforeLeapC;
        public long LastMicroseconds;
    }
}
