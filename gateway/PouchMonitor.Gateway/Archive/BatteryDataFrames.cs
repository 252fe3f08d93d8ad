using PouchMonitor.Formats;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Writes the samples of frames as Battery Data Format.</summary>
internal static class BatteryDataFrames
{
    /// <param name="writer">Where to write.</param>
    /// <param name="frame">A decoded frame.</param>
    /// <param name="from">First sample in it.</param>
    /// <param name="bootStartMicroseconds">Unix microseconds at uptime zero.</param>
    /// <param name="keep">Says by its time in microseconds whether a sample is wanted; null keeps all.</param>
    public static void Write(this BatteryDataWriter writer, SampleFrame frame, int from, long bootStartMicroseconds, Func<long, bool>? keep = null)
    {
        writer.SetScales(frame.Scales);
        BatteryDataRow row = new() { Boot = frame.Boot };
        for (int at = from; at < frame.Count; at++)
        {
            row.TimeMicroseconds = bootStartMicroseconds + frame.UptimeMicroseconds[at];
            if (keep is not null && !keep(row.TimeMicroseconds))
            {
                continue;
            }

            row.Number = frame.FirstSampleNumber + at;
            row.States = frame.States[at];
            for (int column = 0; column < row.Counts.Length; column++)
            {
                row.Counts[column] = frame.Counts[column][at];
            }

            row.VoltageMinimumCount = frame.HasVoltageExtremes ? frame.VoltageMinimumCounts[at] : null;
            row.VoltageMaximumCount = frame.HasVoltageExtremes ? frame.VoltageMaximumCounts[at] : null;

            // The counters stand for the last sample of their frame.
            bool hasCounters = frame.HasChargeCounters && at == frame.Count - 1;
            row.ChargedCountMicroseconds = hasCounters ? frame.ChargedCountMicroseconds : null;
            row.DischargedCountMicroseconds = hasCounters ? frame.DischargedCountMicroseconds : null;
            writer.Write(row);
        }
    }
}
