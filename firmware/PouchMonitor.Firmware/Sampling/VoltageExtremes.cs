using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Lowest and highest voltage count over the passes since the sample that was published last, so that a dip between two
/// published samples is not lost. Only readings that are good or at the end of the scale count.
/// </summary>
public sealed class VoltageExtremes
{
    private bool hasAny;

    /// <summary>Lowest count; 0 where no pass had a voltage.</summary>
    public long Lowest { get; private set; }

    /// <summary>Highest count; 0 where no pass had a voltage.</summary>
    public long Highest { get; private set; }

    /// <summary>Takes a pass.</summary>
    public void Add(CellSample pass)
    {
        SensorState state = pass.StateOf(SampleColumns.Voltage);
        if (state != SensorState.Good && state != SensorState.Saturated)
        {
            return;
        }

        long count = pass.Counts[SampleColumns.Voltage];
        Lowest = !hasAny || count < Lowest ? count : Lowest;
        Highest = !hasAny || count > Highest ? count : Highest;
        hasAny = true;
    }

    /// <summary>Begins anew after a sample was published.</summary>
    public void Clear()
    {
        hasAny = false;
        Lowest = 0;
        Highest = 0;
    }
}
