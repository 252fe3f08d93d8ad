using System.Runtime.Intrinsics;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// <c>sensor-fault</c>: a sensor that was good is not any more. One finding names all sensors that are lost at a time. In
/// a cell that is already anomalous a lost temperature is told at once and latches, since the heat may have taken it.
/// </summary>
internal sealed class SensorFaults(IFindingSink sink)
{
    /// <summary>No states of a sample.</summary>
    private const uint Unknown = uint.MaxValue;

    private readonly ColumnMemory[] columns = new ColumnMemory[SampleColumns.Count];
    private Memory state;

    /// <summary>Sensor states of a sample that changes nothing when its values are numbers: all good for long, the others never so. Not saved.</summary>
    private uint quietStates = Unknown;

    /// <summary>Takes a sample, whether the cell is anomalous, and whether its voltage reads as a lead that came off.</summary>
    public void Add(long timeMicroseconds, in Sample sample, bool isAnomalous, bool leadSeemsOff)
    {
        if (sample.States == quietStates && leadSeemsOff == state.LeadSeemsOff && AreFinite(sample))
        {
            return;
        }

        uint before = state.Faulted;
        bool latchedBefore = state.Latches;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            SensorState sensor = sample.StateOf(column);
            if (sensor == SensorState.Good && !double.IsFinite(sample.Values[column]))
            {
                sensor = SensorState.OutOfRange;
            }

            if (sensor == SensorState.Good)
            {
                TakeGood(timeMicroseconds, column);
            }
            else if (columns[column].WasGood)
            {
                TakeBad(timeMicroseconds, column, sensor, isAnomalous);
            }
        }

        bool changed = state.Faulted != before || state.Latches != latchedBefore || leadSeemsOff != state.LeadSeemsOff;
        state.LeadSeemsOff = leadSeemsOff;
        if (changed)
        {
            Judge(timeMicroseconds);
        }

        quietStates = IsQuiet(sample) ? sample.States : Unknown;
    }

    /// <summary>The time base changed: holds start anew.</summary>
    public void RestartHolds(long timeMicroseconds)
    {
        quietStates = Unknown;
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column].SinceMicroseconds = timeMicroseconds;
        }
    }

    public void Save(BinaryWriter writer)
    {
        RawState.Write(writer, in state);
        RawState.Write<ColumnMemory>(writer, columns);
    }

    public void Load(BinaryReader reader)
    {
        quietStates = Unknown;
        RawState.Read(reader, ref state);
        RawState.Read<ColumnMemory>(reader, columns);
    }

    private static bool AreFinite(in Sample sample)
    {
        // A number less itself is 0, infinity and NaN less themselves are not.
        ReadOnlySpan<double> values = sample.Values;
        Vector256<double> first = Vector256.Create(values);
        Vector256<double> second = Vector256.Create(values[4..]);
        Vector128<double> third = Vector128.Create(values[8..]);
        return first - first == Vector256<double>.Zero && second - second == Vector256<double>.Zero && third - third == Vector128<double>.Zero;
    }

    /// <summary>True when the next sample of these states, with finite values, changes nothing that is remembered.</summary>
    private bool IsQuiet(in Sample sample)
    {
        if (state.Faulted != 0)
        {
            return false;
        }

        for (int column = 0; column < columns.Length; column++)
        {
            ref readonly ColumnMemory memory = ref columns[column];
            bool isGood = sample.IsGood(column);
            if (isGood ? memory.GoodRun < LimitTable.SteadySamples : memory.WasGood)
            {
                return false;
            }
        }

        return true;
    }

    private void TakeGood(long timeMicroseconds, int column)
    {
        ref ColumnMemory memory = ref columns[column];
        if (memory.GoodRun == 0)
        {
            memory.SinceMicroseconds = timeMicroseconds;
        }

        memory.WasGood = true;
        memory.BadRun = 0;
        memory.GoodRun = Math.Min(memory.GoodRun + 1, LimitTable.SteadySamples);
        LimitRow row = LimitTable.SensorFault;
        if ((state.Faulted & (1u << column)) != 0 && !state.Latches && memory.GoodRun >= row.ClearBelow
            && timeMicroseconds - memory.SinceMicroseconds >= Hold.Microseconds(row.ClearHoldS))
        {
            state.Faulted &= ~(1u << column);
        }
    }

    private void TakeBad(long timeMicroseconds, int column, SensorState sensor, bool isAnomalous)
    {
        ref ColumnMemory memory = ref columns[column];
        if (memory.BadRun == 0)
        {
            memory.SinceMicroseconds = timeMicroseconds;
            memory.WasSteady = memory.GoodRun >= LimitTable.SteadySamples;
        }

        memory.GoodRun = 0;
        memory.BadRun = Math.Min(memory.BadRun + 1, LimitTable.SteadySamples);
        if (sensor == SensorState.Absent && !memory.WasSteady)
        {
            return;
        }

        LimitRow row = LimitTable.SensorFault;
        bool atOnce = isAnomalous && ColumnText.IsCellTemperature(column);
        bool held = memory.BadRun >= row.HoldSamples
            && timeMicroseconds - memory.SinceMicroseconds >= Hold.Microseconds(row.HoldS);
        if ((atOnce || held) && (state.Faulted & (1u << column)) == 0)
        {
            memory.State = (byte)sensor;
            state.Faulted |= 1u << column;
            state.Latches |= atOnce;
        }
    }

    private void Judge(long timeMicroseconds)
    {
        bool any = state.Faulted != 0 || state.LeadSeemsOff;
        if (any)
        {
            if (!state.IsRaised)
            {
                state.IsRaised = true;
                state.OnsetMicroseconds = timeMicroseconds;
                state.WasSevere = false;
            }

            state.ToldFaulted = state.Faulted;
            state.ToldLeadOff = state.LeadSeemsOff;
            Tell(null);
        }
        else if (state.IsRaised)
        {
            Tell(timeMicroseconds);
            state.IsRaised = false;
        }
    }

    /// <summary>When it clears, the finding goes on naming what was lost.</summary>
    private void Tell(long? clearedMicroseconds)
    {
        bool voltage = state.ToldLeadOff || (state.ToldFaulted & (1u << SampleColumns.Voltage)) != 0;
        state.WasSevere |= voltage || state.Latches;
        int first = state.ToldLeadOff ? SampleColumns.Voltage : System.Numerics.BitOperations.TrailingZeroCount(state.ToldFaulted);
        sink.OnFinding(new Finding
        {
            Rule = RuleNames.SensorFault,
            OnsetMicroseconds = state.OnsetMicroseconds,
            Severity = state.WasSevere ? FindingSeverity.Critical : LimitTable.SensorFault.Severity,
            Measure = ColumnText.Measure(first),
            Unit = first == SampleColumns.Voltage ? "V" : first == SampleColumns.Current ? "A" : "C",
            Message = Describe(),
            ClearedMicroseconds = clearedMicroseconds,
            Latches = state.Latches,
        });
    }

    private string Describe()
    {
        var text = new StringBuilder();
        for (int column = 0; column < columns.Length; column++)
        {
            if ((state.ToldFaulted & (1u << column)) != 0)
            {
                text.Append(text.Length > 0 ? ", " : "").Append(ColumnText.Words(column)).Append(" sensor is ")
                    .Append(ColumnText.Words((SensorState)columns[column].State));
            }
        }

        if (state.ToldLeadOff)
        {
            text.Append(text.Length > 0 ? ", " : "")
                .Append("voltage reads 0 V at once and the cell stays cool: its lead is off, or the cell is shorted dead");
        }

        return state.Latches
            ? text.Append("; lost in a cell that was already anomalous, so the heat may have taken it").ToString()
            : text.ToString();
    }

    private struct Memory
    {
        public bool IsRaised;
        public bool Latches;
        public bool LeadSeemsOff;
        public bool ToldLeadOff;
        public bool WasSevere;
        public uint Faulted;
        public uint ToldFaulted;
        public long OnsetMicroseconds;
    }

    private struct ColumnMemory
    {
        public bool WasGood;
        public bool WasSteady;
        public byte State;
        public int GoodRun;
        public int BadRun;
        public long SinceMicroseconds;
    }
}
