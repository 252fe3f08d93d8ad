using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Influx;

/// <summary>
/// The samples of a frame as lines. Only believed readings are written; of the others <c>sensor_states</c> says what is wrong
/// (three bits a column). A decimal column keeps its digits, a converter's count becomes the same double as everywhere.
/// </summary>
internal sealed class SampleLines
{
    private static readonly byte[][] Columns = [.. InfluxSchema.ColumnFields.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[] Lowest = Encoding.UTF8.GetBytes(InfluxSchema.LowestVoltage);
    private static readonly byte[] Highest = Encoding.UTF8.GetBytes(InfluxSchema.HighestVoltage);
    private static readonly byte[] Number = Encoding.UTF8.GetBytes(InfluxSchema.SampleNumber);
    private static readonly byte[] States = Encoding.UTF8.GetBytes(InfluxSchema.SensorStates);
    private readonly int[] decimals = new int[SampleColumns.Count];

    /// <summary>Samples that share their microsecond with the one before: InfluxDB keeps the later of the two.</summary>
    public long SameTimeSamples { get; private set; }

    /// <param name="frame">A decoded frame.</param>
    /// <param name="seriesKey">Measurement and tags.</param>
    /// <param name="bootStartMicroseconds">Unix microseconds at uptime zero, as first used for this boot.</param>
    /// <param name="into">Receives a line a sample.</param>
    public void Write(SampleFrame frame, ReadOnlySpan<byte> seriesKey, long bootStartMicroseconds, LineBuffer into)
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            decimals[column] = DecimalsOf(frame.Scales[column]);
        }

        for (int at = 0; at < frame.Count; at++)
        {
            into.Begin(seriesKey);
            uint states = frame.States[at];
            bool allWell = true;
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                SensorState state = SensorStates.Get(states, column);
                allWell &= state is SensorState.Good or SensorState.Absent;
                if (state == SensorState.Good)
                {
                    Value(into, Columns[column], frame.Counts[column][at], frame.Scales[column], decimals[column]);
                }
            }

            if (frame.HasVoltageExtremes && SensorStates.Get(states, SampleColumns.Voltage) == SensorState.Good)
            {
                ColumnScale scale = frame.Scales[SampleColumns.Voltage];
                Value(into, Lowest, frame.VoltageMinimumCounts[at], scale, decimals[SampleColumns.Voltage]);
                Value(into, Highest, frame.VoltageMaximumCounts[at], scale, decimals[SampleColumns.Voltage]);
            }

            into.Integer(Number, frame.FirstSampleNumber + at);
            into.Integer(States, allWell ? null : states);
            into.End(bootStartMicroseconds + frame.UptimeMicroseconds[at]);
            SameTimeSamples += at > 0 && frame.UptimeMicroseconds[at] == frame.UptimeMicroseconds[at - 1] ? 1 : 0;
        }
    }

    private static void Value(LineBuffer into, ReadOnlySpan<byte> name, long count, ColumnScale scale, int decimals)
    {
        long mantissa = unchecked(count + scale.Offset);
        bool overflows = ((count ^ mantissa) & (scale.Offset ^ mantissa)) < 0;
        if (overflows)
        {
            into.Number(name, ((double)count + scale.Offset) * scale.Numerator / scale.Denominator);
        }
        else if (decimals >= 0)
        {
            into.Decimal(name, mantissa, decimals);
        }
        else
        {
            into.Number(name, ScaledValue.Of(count, scale));
        }
    }

    // Decimals of a scale of 1 / 10^n; -1 where it is no such scale.
    private static int DecimalsOf(ColumnScale scale)
    {
        if (scale.Numerator != 1)
        {
            return -1;
        }

        for (int n = 0; n <= DecimalText.MaximumDecimals; n++)
        {
            if (DecimalText.PowerOfTen(n) == scale.Denominator)
            {
                return n;
            }
        }

        return -1;
    }
}
