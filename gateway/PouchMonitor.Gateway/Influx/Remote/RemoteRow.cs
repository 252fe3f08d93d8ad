using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Influx.Remote;

/// <summary>The values of one point by field, turned back into a sample.</summary>
internal sealed class RemoteRow(long timeMicroseconds)
{
    private readonly double?[] columns = new double?[SampleColumns.Count];
    private long? number;
    private uint? states;

    public long TimeMicroseconds => timeMicroseconds;

    /// <summary>Takes a field; one that is none of a sample's own is passed over.</summary>
    public void Take(string field, double value)
    {
        if (field == InfluxSchema.SampleNumber)
        {
            number = (long)value;
        }
        else if (field == InfluxSchema.SensorStates)
        {
            states = (uint)value & SensorStates.Mask;
        }
        else
        {
            for (int column = 0; column < columns.Length; column++)
            {
                if (field == InfluxSchema.ColumnFields[column])
                {
                    columns[column] = value;
                }
            }
        }
    }

    /// <summary>
    /// The sample. Only believed values were sent, so that a column with a value is good; what was wrong with the others is in
    /// the states that were sent beside them, as they were.
    /// </summary>
    public Sample ToSample()
    {
        Sample sample = new() { Number = number ?? 0, TimeMicroseconds = timeMicroseconds, States = states ?? SensorStates.AllAbsent };
        for (int column = 0; column < columns.Length; column++)
        {
            if (columns[column] is { } value)
            {
                sample.Values[column] = value;
                sample.States = SensorStates.With(sample.States, column, SensorState.Good);
            }
            else if (SensorStates.Get(sample.States, column) == SensorState.Good)
            {
                sample.States = SensorStates.With(sample.States, column, SensorState.Absent);
            }
        }

        return sample;
    }
}
