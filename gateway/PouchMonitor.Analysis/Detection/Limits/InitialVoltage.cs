namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// Median of the believed voltages of the first 5 s, thinned to one in 20 ms; NaN until those are over. A fall by the part that counts as
/// lost ends them sooner: what a cell has collapsed to within its first seconds is not what it began with.
/// </summary>
internal sealed class InitialVoltage
{
    private const int Capacity = 256;
    private const long SpacingMicroseconds = 20_000;

    // A median of less than this would be a glitch at the start.
    private const int LeastBeforeFall = 3;
    private const long LeastBeforeFallMicroseconds = 1_000_000;
    private readonly double[] sorted = new double[Capacity];
    private Memory state = new() { MedianV = double.NaN };

    public double MedianV => state.MedianV;

    /// <summary>Median of what there is so far; NaN before the first reading.</summary>
    public double MedianSoFarV => state.IsOver ? state.MedianV : state.Count == 0 ? double.NaN : Median();

    /// <summary>True when no reading adds to it any more.</summary>
    public bool IsOver => state.IsOver;

    public void Add(long timeMicroseconds, double voltageV)
    {
        if (state.IsOver)
        {
            return;
        }

        if (state.Count == 0)
        {
            state.FirstMicroseconds = timeMicroseconds;
        }
        else if (timeMicroseconds - state.FirstMicroseconds > LimitTable.InitialSpanMicroseconds || state.Count == Capacity
            || (state.Count >= LeastBeforeFall && state.LastMicroseconds - state.FirstMicroseconds >= LeastBeforeFallMicroseconds
                && voltageV < Median() * (1 - LimitTable.RunawayVoltageDrop.Raise)))
        {
            state.IsOver = true;
            state.MedianV = Median();
            return;
        }
        else if (timeMicroseconds - state.LastMicroseconds < SpacingMicroseconds)
        {
            return;
        }

        state.LastMicroseconds = timeMicroseconds;
        int place = state.Count++;
        for (; place > 0 && sorted[place - 1] > voltageV; place--)
        {
            sorted[place] = sorted[place - 1];
        }

        sorted[place] = voltageV;
    }

    /// <summary>The time base changed: the span of readings ends with those there are.</summary>
    public void Restart()
    {
        if (!state.IsOver && state.Count > 0)
        {
            state.IsOver = true;
            state.MedianV = Median();
        }
    }

    /// <summary>Begins a span of its own with the next reading.</summary>
    public void Clear() => state = new() { MedianV = double.NaN };

    public void Save(BinaryWriter writer)
    {
        RawState.Write(writer, in state);
        RawState.Write<double>(writer, sorted.AsSpan(0, state.IsOver ? 0 : state.Count));
    }

    public void Load(BinaryReader reader)
    {
        RawState.Read(reader, ref state);
        if (state.Count is < 0 or > Capacity)
        {
            throw new InvalidDataException($"Snapshot of the limit rules holds {state.Count} first voltages, at most {Capacity} are possible.");
        }

        RawState.Read<double>(reader, sorted.AsSpan(0, state.IsOver ? 0 : state.Count));
    }

    private double Median() => (sorted[(state.Count - 1) / 2] + sorted[state.Count / 2]) / 2;

    private struct Memory
    {
        public bool IsOver;
        public int Count;
        public long FirstMicroseconds;
        public long LastMicroseconds;
        public double MedianV;
    }
}
