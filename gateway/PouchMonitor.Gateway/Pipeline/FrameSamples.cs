using System.Numerics;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>From the counts of a frame to the physical samples the analysis reads.</summary>
public static class FrameSamples
{
    /// <summary>Fills <paramref name="sample"/> with sample <paramref name="at"/> of the frame.</summary>
    /// <param name="frame">A decoded frame.</param>
    /// <param name="at">0 to the frame's count less 1.</param>
    /// <param name="bootStartMicroseconds">Unix microseconds at uptime zero, known or estimated.</param>
    /// <param name="sample">Receives number, time, states and values.</param>
    public static void Read(SampleFrame frame, int at, long bootStartMicroseconds, ref Sample sample)
    {
        ArgumentNullException.ThrowIfNull(frame);
        uint states = frame.States[at];
        sample.Number = frame.FirstSampleNumber + at;
        sample.TimeMicroseconds = bootStartMicroseconds + frame.UptimeMicroseconds[at];
        sample.States = states;
        sample.Values = default;
        sample.VoltageDipV = frame.HasVoltageExtremes && SensorStates.HasValue(states, SampleColumns.Voltage) ? DipV(frame, at) : 0;
        for (uint left = SensorStates.ValueMask(states); left != 0; left &= left - 1)
        {
            int column = BitOperations.TrailingZeroCount(left) / 3;
            sample.Values[column] = ScaledValue.Of(frame.Counts[column][at], frame.Scales[column]);
        }
    }

    /// <summary>A difference of counts needs no offset, and one beyond 64 bits is no voltage of a cell.</summary>
    private static float DipV(SampleFrame frame, int at)
    {
        ColumnScale scale = frame.Scales[SampleColumns.Voltage];
        double counts = (double)frame.Counts[SampleColumns.Voltage][at] - frame.VoltageMinimumCounts[at];
        return (float)Math.Max(0, counts * scale.Numerator / scale.Denominator);
    }
}
