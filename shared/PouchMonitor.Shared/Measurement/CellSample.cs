namespace PouchMonitor.Measurement;

/// <summary>
/// One instant of one channel, as integers: raw counts by column and a state for each. What a count means is said by
/// the <see cref="ColumnScale"/> that travels with it. Voltage, current and temperatures of one sample belong to one
/// pass of the converters. <b>Sign rule of the whole product: positive current charges the cell.</b>
/// A plain class that is reused, because structures cost heap on nanoFramework.
/// </summary>
public sealed class CellSample
{
    /// <summary>Sample number, counted up from 0 since the node's boot.</summary>
    public long Number;

    /// <summary>Monotonic microseconds since the node's boot.</summary>
    public long UptimeMicroseconds;

    /// <summary>Counts by column (<see cref="SampleColumns"/>); meaningful only where <see cref="HasValue"/>.</summary>
    public readonly long[] Counts = new long[SampleColumns.Count];

    /// <summary>Sensor states by column, three bits each (<see cref="SensorStates"/>).</summary>
    public uint States = SensorStates.AllAbsent;

    /// <summary>State of the sensor behind a column.</summary>
    public SensorState StateOf(int column) => SensorStates.Get(States, column);

    /// <summary>True when the column carries a count at all (believed or not).</summary>
    public bool HasValue(int column) => SensorStates.HasValue(States, column);

    /// <summary>Sets a believed count.</summary>
    public void SetGood(int column, long count)
    {
        Counts[column] = count;
        States = SensorStates.With(States, column, SensorState.Good);
    }

    /// <summary>Sets a state and the count that goes with it (0 where the state carries none).</summary>
    public void Set(int column, SensorState state, long count)
    {
        States = SensorStates.With(States, column, state);
        Counts[column] = SensorStates.HasValue(States, column) ? count : 0;
    }

    /// <summary>Makes every column absent, so that the object can be filled anew.</summary>
    public void Clear()
    {
        States = SensorStates.AllAbsent;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Counts[column] = 0;
        }
    }
}
