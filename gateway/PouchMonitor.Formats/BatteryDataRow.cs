using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>A sample to be written as Battery Data Format: counts, whose scales <see cref="BatteryDataWriter"/> was told. Reused.</summary>
public sealed class BatteryDataRow
{
    /// <summary>Unix microseconds.</summary>
    public long TimeMicroseconds { get; set; }

    /// <summary>States of all sensors (<see cref="SensorStates"/>).</summary>
    public uint States { get; set; }

    /// <summary>Counts by column.</summary>
    public long[] Counts { get; } = new long[SampleColumns.Count];

    /// <summary>Lowest voltage count since the sample before; null where it is not known.</summary>
    public long? VoltageMinimumCount { get; set; }

    /// <summary>Highest voltage count since the sample before; null where it is not known.</summary>
    public long? VoltageMaximumCount { get; set; }

    /// <summary>Number within the boot.</summary>
    public long Number { get; set; }

    /// <summary>Random number of the node's start.</summary>
    public ulong Boot { get; set; }

    /// <summary>Charging count-microseconds since boot; null where the node did not state them at this sample.</summary>
    public long? ChargedCountMicroseconds { get; set; }

    /// <summary>Discharging count-microseconds since boot; null where the node did not state them at this sample.</summary>
    public long? DischargedCountMicroseconds { get; set; }
}
