using System.Globalization;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Which sensors were good and are not any more, each with its moment, by the figures of <c>sensor-fault</c> (<see cref="LimitTable"/>):
/// three readings and 1 s, at once for a temperature of a cell in which something has happened; back after five good readings over 5 s.
/// The rule itself names all lost sensors in one finding and does not tell their moments, so that it cannot serve here. A sensor that is
/// recorded more seldom than the others is lost when it stays away ten of its own intervals, at least 10 s.
/// </summary>
internal sealed class SensorBook
{
    /// <summary>Losses kept; further ones are counted.</summary>
    public const int MostLosses = 100;

    // Or a maximum within the loss would seem to come from nowhere.
    private const string ComesAndGoes = "; it comes and goes, and its good readings count";
    private const int IntervalsUntilSilent = 10;
    private const long LeastSilenceMicroseconds = 10_000_000;

    private readonly Column[] columns = new Column[SampleColumns.Count];
    private readonly List<SensorLoss> losses = [];

    public IReadOnlyList<SensorLoss> Losses => losses;

    /// <summary>Losses beyond those kept.</summary>
    public int UnkeptCount { get; private set; }

    /// <summary>Columns that ever had a believed reading, one bit each.</summary>
    public uint Known { get; private set; }

    /// <summary>Columns lost now, one bit each.</summary>
    public uint Lost { get; private set; }

    /// <summary>State of a column in the last sample.</summary>
    public SensorState StateOf(int column) => columns[column].State;

    /// <summary>Last believed reading of a column; meaningful where it is among <see cref="Known"/>.</summary>
    public double LastGood(int column) => columns[column].LastGood;

    /// <summary>Time of that, microseconds.</summary>
    public long LastGoodMicroseconds(int column) => columns[column].LastGoodMicroseconds;

    /// <summary>True when a column has stayed away for so long that it is taken for lost.</summary>
    public bool IsSilent(int column, long timeMicroseconds)
    {
        ref readonly Column memory = ref columns[column];
        return (Known & (1u << column)) != 0
            && timeMicroseconds - memory.LastGoodMicroseconds > Math.Max(LeastSilenceMicroseconds, IntervalsUntilSilent * memory.IntervalMicroseconds);
    }

    /// <summary>Takes a sample; true when a sensor was lost or came back.</summary>
    /// <param name="sample">With its states as they are believed.</param>
    /// <param name="tracks">Of the temperatures, by column.</param>
    /// <param name="hasHappened">Whether the cell is anomalous, so that heat may take a sensor.</param>
    public bool Add(in Sample sample, SensorTrack?[] tracks, bool hasHappened)
    {
        uint before = Lost;
        int count = losses.Count + UnkeptCount;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            SensorState state = sample.StateOf(column);
            ref Column memory = ref columns[column];
            memory.State = state;
            if (state == SensorState.Good)
            {
                TakeGood(ref memory, column, sample);
            }
            else if ((Known & (1u << column)) != 0)
            {
                bool isFlat = state is SensorState.Saturated or SensorState.Frozen && tracks[column] is { } track && track.LastMicroseconds == sample.TimeMicroseconds;
                TakeBad(ref memory, column, sample.TimeMicroseconds, isFlat ? tracks[column]!.FlatSinceMicroseconds : null, hasHappened);
            }
        }

        return Lost != before || losses.Count + UnkeptCount != count;
    }

    private void TakeGood(ref Column memory, int column, in Sample sample)
    {
        long time = sample.TimeMicroseconds;
        if ((Known & (1u << column)) != 0 && time > memory.LastGoodMicroseconds && memory.BadRun == 0)
        {
            long interval = time - memory.LastGoodMicroseconds;
            memory.IntervalMicroseconds = memory.IntervalMicroseconds == 0 ? interval : memory.IntervalMicroseconds + ((interval - memory.IntervalMicroseconds) / 8);
        }
        else if ((Known & (1u << column)) != 0 && memory.BadRun > 0 && !memory.WasSteady && (Lost & (1u << column)) == 0)
        {
            // Blanks between readings are how this column is recorded.
            memory.IntervalMicroseconds = Math.Max(memory.IntervalMicroseconds, time - memory.LastGoodMicroseconds);
        }

        memory.GoodSinceMicroseconds = memory.GoodRun == 0 ? time : memory.GoodSinceMicroseconds;
        memory.GoodRun = Math.Min(memory.GoodRun + 1, LimitTable.SteadySamples);
        memory.BadRun = 0;
        memory.LastGood = sample.Values[column];
        memory.LastGoodMicroseconds = time;
        Known |= 1u << column;
        LimitRow row = LimitTable.SensorFault;
        if ((Lost & (1u << column)) != 0 && memory.GoodRun >= row.ClearBelow
            && time - memory.GoodSinceMicroseconds >= Hold.Microseconds(row.ClearHoldS))
        {
            Lost &= ~(1u << column);
            if (memory.Loss >= 0)
            {
                losses[memory.Loss] = losses[memory.Loss] with { BackAt = memory.GoodSinceMicroseconds / 1e6 };
            }
        }
    }

    private void TakeBad(ref Column memory, int column, long time, long? flatSince, bool hasHappened)
    {
        if (memory.BadRun == 0)
        {
            memory.BadSinceMicroseconds = time;
            memory.WasSteady = memory.GoodRun >= LimitTable.SteadySamples;
        }

        bool wasGood = memory.GoodRun > 0;
        memory.GoodRun = 0;
        memory.BadRun = Math.Min(memory.BadRun + 1, LimitTable.SteadySamples);
        if ((Lost & (1u << column)) != 0)
        {
            if (wasGood && memory.Loss >= 0 && !losses[memory.Loss].Fault.EndsWith(ComesAndGoes, StringComparison.Ordinal))
            {
                losses[memory.Loss] = losses[memory.Loss] with { Fault = losses[memory.Loss].Fault + ComesAndGoes };
            }

            return;
        }

        bool isSilent = IsSilent(column, time);
        if (memory.State == SensorState.Absent && !memory.WasSteady && !isSilent)
        {
            return;
        }

        LimitRow row = LimitTable.SensorFault;
        bool atOnce = hasHappened && ColumnText.IsCellTemperature(column);
        bool held = memory.BadRun >= row.HoldSamples && time - memory.BadSinceMicroseconds >= Hold.Microseconds(row.HoldS);
        if (atOnce || held || isSilent || flatSince is not null)
        {
            Lost |= 1u << column;
            Keep(ref memory, column, flatSince ?? memory.BadSinceMicroseconds, hasHappened);
        }
    }

    private void Keep(ref Column memory, int column, long sinceMicroseconds, bool hasHappened)
    {
        memory.Loss = -1;
        if (losses.Count == MostLosses)
        {
            UnkeptCount++;
            return;
        }

        memory.Loss = losses.Count;
        bool isHeat = ColumnText.IsCellTemperature(column);
        string fault = ColumnText.Words(memory.State)
            + (isHeat && hasHappened ? "; lost in a cell that was already anomalous, so the heat may have taken it" : "");
        losses.Add(new SensorLoss(
            ColumnText.Words(column), fault, sinceMicroseconds / 1e6, memory.LastGood, UnitOf(column), BackAt: null));
    }

    /// <summary>Unit of a column.</summary>
    public static string UnitOf(int column) => column switch
    {
        SampleColumns.Voltage => "V",
        SampleColumns.Current => "A",
        _ => "C",
    };

    /// <summary>Says of a lost sensor what it is and since when, to a person.</summary>
    public string Describe(int column)
    {
        ref readonly Column memory = ref columns[column];
        SensorLoss? loss = memory.Loss >= 0 && memory.Loss < losses.Count ? losses[memory.Loss] : null;
        return string.Create(CultureInfo.InvariantCulture,
            $"the {ColumnText.Words(column)} sensor is lost ({(loss is null ? ColumnText.Words(memory.State) : loss.Fault.Split(';')[0])} since {(loss?.At ?? (memory.LastGoodMicroseconds / 1e6)):0.##} s, last {memory.LastGood:0.#} {UnitOf(column)})");
    }

    private struct Column
    {
        public SensorState State;
        public bool WasSteady;
        public int GoodRun;
        public int BadRun;
        public int Loss;
        public double LastGood;
        public long LastGoodMicroseconds;
        public long GoodSinceMicroseconds;
        public long BadSinceMicroseconds;
        public long IntervalMicroseconds;
    }
}
