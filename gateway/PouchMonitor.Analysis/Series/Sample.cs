using System.Runtime.CompilerServices;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// One instant of one test as the analysis reads it: physical values by column (<see cref="SampleColumns"/>: volts,
/// amperes with positive charging, degrees Celsius) and the state of each. Live, replayed and imported data all arrive
/// as this.
/// </summary>
public struct Sample
{
    /// <summary>Sample number within its boot (or row order of a file).</summary>
    public long Number;

    /// <summary>Microseconds, Unix or as in the file; the only clock the analysis knows.</summary>
    public long TimeMicroseconds;

    /// <summary>Sensor states, three bits a column (<see cref="SensorStates"/>).</summary>
    public uint States;

    /// <summary>
    /// How far the lowest voltage since the sample before lay below this one's value, V, where the node tells it; else 0. Single
    /// precision: it is held against tens of millivolts, and so takes no room.
    /// </summary>
    public float VoltageDipV;

    /// <summary>Values by column; 0 where the state says there is none.</summary>
    public ColumnValues Values;

    /// <summary>True when the column carries a believed value.</summary>
    public readonly bool IsGood(int column) => SensorStates.Get(States, column) == SensorState.Good;

    /// <summary>State of the sensor behind a column.</summary>
    public readonly SensorState StateOf(int column) => SensorStates.Get(States, column);
}

/// <summary>One value for each column of a sample.</summary>
[InlineArray(SampleColumns.Count)]
public struct ColumnValues
{
    private double first;
}
