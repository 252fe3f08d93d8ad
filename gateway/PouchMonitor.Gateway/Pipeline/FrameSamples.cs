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
        for (uint left = SensorStates.ValueMask(states); left != 0; left &= left - 1)
        {
            int column = BitOperations.TrailingZeroCount(left) / 3;
            sample.Values[column] = ScaledValue.Of(frame.Counts[column][at], frame.Scales[column]);
        }
    }
}
