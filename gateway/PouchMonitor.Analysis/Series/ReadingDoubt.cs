using System.Numerics;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// Says which readings raise doubt. A voltage does when it lies more than 0.3 V outside all that was believed before (and
/// the profile's window), or 1 V where the current changed with it, or when it jumps by more than 0.5 V within the band
/// though the current did not change. A temperature does when it jumps by more than 15 K and 10 K/s. Doubt is not
/// disbelief: what persists is confirmed.
/// </summary>
internal sealed class ReadingDoubt
{
    /// <summary>Doubtful readings that persist this long are true.</summary>
    public const long ConfirmingMicroseconds = 10_000_000;

    private const double OutsideV = 0.3;
    private const double FarOutsideV = 1.0;
    private const double JumpV = 0.5;
    internal const double JumpK = 15;
    internal const double JumpKPerS = 10;
    private const double CurrentChangeShare = 0.05;
    private const long LongestComparisonMicroseconds = 600_000_000;
    private const int OutOfBandCount = 3;
    private const int JumpCount = 2;

    private Memory state;

    public ReadingDoubt(CellProfile profile)
    {
        state.LowestV = double.PositiveInfinity;
        state.HighestV = double.NegativeInfinity;
        if (profile.MinimumVoltageV is double lowest && profile.MaximumVoltageV is double highest)
        {
            state.LowestV = lowest;
            state.HighestV = highest;
        }
    }

    /// <summary>Lowest voltage believed so far, V.</summary>
    public double LowestV => state.LowestV;

    /// <summary>Highest voltage believed so far, V.</summary>
    public double HighestV => state.HighestV;

    /// <summary>False where any reading raises doubt; else all are believed and remembered.</summary>
    public bool TryBelieve(in Sample sample)
    {
        uint good = SampleGate.GoodColumns(sample.States);
        for (uint columns = good; columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if (!double.IsFinite(sample.Values[column]) || (column != SampleColumns.Current && SideOf(sample, column) != 0))
            {
                return false;
            }
        }

        Believe(sample, doubts: 0);
        return true;
    }

    /// <summary>True when samples of these states raise no doubt within the band; narrows it to that.</summary>
    public bool IsQuiet(uint states, ref QuietBand band)
    {
        if (!(state.LowestV <= state.HighestV) || !state.HasCurrent)
        {
            return false;
        }

        band.KeepAbove(SampleColumns.Voltage, state.LowestV - OutsideV + QuietBand.Margin);
        band.KeepBelow(SampleColumns.Voltage, state.HighestV + OutsideV - QuietBand.Margin);
        for (uint columns = SampleGate.GoodColumns(states); columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if (column == SampleColumns.Current)
            {
                continue;
            }

            ref readonly Reference reference = ref state.References[column];
            if (!reference.Any)
            {
                return false;
            }

            band.Remember(column, reference.Value);
            band.KeepWithin(column, (column == SampleColumns.Voltage ? JumpV : JumpK) - QuietBand.Margin);
        }

        return true;
    }

    /// <summary>Remembers a run that <see cref="IsQuiet"/> allowed as true.</summary>
    public void Take(SampleRun run, in Sample last)
    {
        (double leastV, double largestV) = RunMath.Range(run.VoltageV.AsSpan(1, run.Count));
        state.LargestA = Math.Max(state.LargestA, run.LargestA);
        state.LowestV = Math.Min(state.LowestV, leastV);
        state.HighestV = Math.Max(state.HighestV, largestV);
        Believe(last, doubts: 0);
    }

    /// <summary>True when the current differs from the last one by more than 5 % of the largest; false where unknown.</summary>
    public bool CurrentChanged(in Sample sample) =>
        state.HasCurrent && sample.IsGood(SampleColumns.Current)
        && Math.Abs(sample.Values[SampleColumns.Current] - state.CurrentA) > CurrentChangeShare * state.LargestA;

    /// <summary>1 where the reading is doubtfully high, -1 doubtfully low, 0 no doubt.</summary>
    public int SideOf(in Sample sample, int column)
    {
        double value = sample.Values[column];
        ref readonly Reference reference = ref state.References[column];
        if (column != SampleColumns.Voltage)
        {
            return SideOfTemperature(value, sample.TimeMicroseconds, reference);
        }

        if (!(state.LowestV <= state.HighestV))
        {
            return 0;
        }

        double above = value - state.HighestV;
        double below = state.LowestV - value;
        double jump = reference.Any ? value - reference.Value : 0;
        if (above <= OutsideV && below <= OutsideV && Math.Abs(jump) <= JumpV)
        {
            return 0;
        }

        bool changed = CurrentChanged(sample);
        double margin = changed ? FarOutsideV : OutsideV;
        if (above > margin || below > margin)
        {
            return above > margin ? 1 : -1;
        }

        bool comparable = sample.TimeMicroseconds - reference.TimeMicroseconds <= LongestComparisonMicroseconds;
        return !changed && comparable && Math.Abs(jump) > JumpV ? Math.Sign(jump) : 0;
    }

    /// <summary>True for a voltage that no current explains.</summary>
    public bool IsFarOut(in Sample sample)
    {
        double value = sample.Values[SampleColumns.Voltage];
        return value > state.HighestV + FarOutsideV || value < state.LowestV - FarOutsideV;
    }

    /// <summary>How many doubtful readings in a row confirm one another.</summary>
    public int ConfirmingCount(in Sample sample, int column)
    {
        double value = sample.Values[column];
        return column == SampleColumns.Voltage && (value > state.HighestV + OutsideV || value < state.LowestV - OutsideV)
            ? OutOfBandCount
            : JumpCount;
    }

    /// <summary>Remembers the readings of a sample that raise no doubt.</summary>
    public void Believe(in Sample sample, uint doubts)
    {
        for (uint columns = SampleGate.GoodColumns(sample.States); columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if ((doubts & (1u << column)) == 0)
            {
                Extend(sample, column);
            }
        }
    }

    /// <summary>Remembers one reading as true.</summary>
    public void Extend(in Sample sample, int column)
    {
        double value = sample.Values[column];
        if (column == SampleColumns.Current)
        {
            state.CurrentA = value;
            state.LargestA = Math.Max(state.LargestA, Math.Abs(value));
            state.HasCurrent = true;
            return;
        }

        if (column == SampleColumns.Voltage)
        {
            state.LowestV = Math.Min(state.LowestV, value);
            state.HighestV = Math.Max(state.HighestV, value);
        }

        ref Reference reference = ref state.References[column];
        reference.Value = value;
        reference.TimeMicroseconds = sample.TimeMicroseconds;
        reference.Any = true;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private static int SideOfTemperature(double value, long timeMicroseconds, in Reference reference)
    {
        long since = timeMicroseconds - reference.TimeMicroseconds;
        if (!reference.Any || since > LongestComparisonMicroseconds)
        {
            return 0;
        }

        double jump = value - reference.Value;
        return Math.Abs(jump) > JumpK + (JumpKPerS * since / 1e6) ? Math.Sign(jump) : 0;
    }

    private struct Reference
    {
        public double Value;
        public long TimeMicroseconds;
        public bool Any;
    }

    [InlineArray(SampleColumns.Count)]
    private struct References
    {
        private Reference first;
    }

    private struct Memory
    {
        public References References;
        public double LowestV;
        public double HighestV;
        public double CurrentA;
        public double LargestA;
        public bool HasCurrent;
    }
}
