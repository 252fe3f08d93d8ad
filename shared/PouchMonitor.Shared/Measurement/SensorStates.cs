namespace PouchMonitor.Measurement;

/// <summary>The states of all columns packed three bits each into one <c>uint</c>: column 0 in the lowest bits.</summary>
public static class SensorStates
{
    /// <summary>Every column absent (octal 1 repeated ten times).</summary>
    public const uint AllAbsent = 0b001_001_001_001_001_001_001_001_001_001;

    /// <summary>The bits that may be set.</summary>
    public const uint Mask = (1u << (3 * SampleColumns.Count)) - 1;

    /// <summary>The lowest bit of every column.</summary>
    private const uint LowestBits = AllAbsent;

    /// <summary>State of one column.</summary>
    public static SensorState Get(uint states, int column) => (SensorState)((states >> (3 * column)) & 7u);

    /// <summary>The same states with one column changed.</summary>
    public static uint With(uint states, int column, SensorState state)
    {
        int shift = 3 * column;
        return (states & ~(7u << shift)) | ((uint)state << shift);
    }

    /// <summary>True when the state of this column comes with a count: good, frozen, saturated or out of range.</summary>
    public static bool HasValue(uint states, int column)
    {
        SensorState state = Get(states, column);
        return state == SensorState.Good || state == SensorState.Frozen
            || state == SensorState.Saturated || state == SensorState.OutOfRange;
    }
    /// <summary>Bit 3 * column is set for each column whose state comes with a count (<see cref="HasValue"/>).</summary>
    public static uint ValueMask(uint states)
    {
        uint low = states & LowestBits;
        uint middle = (states >> 1) & LowestBits;
        uint high = (states >> 2) & LowestBits;
        return (high & ~(middle & low)) | (LowestBits & ~(high | middle | low));
    }
}
