using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>The sensors of one channel.</summary>
public interface ICellSensors
{
    /// <summary>
    /// Takes one pass of all sensors into <paramref name="sample"/>: counts, states and the time of the pass. Allocates
    /// nothing and throws nothing a sensor could cause.
    /// </summary>
    void Acquire(CellSample sample);

    /// <summary>What the counts of each column mean.</summary>
    void FillScales(ColumnScale[] scales);
}
