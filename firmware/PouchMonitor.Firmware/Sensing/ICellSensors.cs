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

    /// <summary>
    /// Uptime at which the reading in a column was taken: that of the last pass, or of an earlier one for sensors that are
    /// not read at each.
    /// </summary>
    long ReadAtMicroseconds(int column);

    /// <summary>
    /// True while every pass must read every sensor that judges the cell: an armed channel is not to wait for a sensor's turn.
    /// </summary>
    bool ReadsAll { get; set; }

    /// <summary>Longest time that a pass took since boot.</summary>
    long LongestPassMicroseconds { get; }

    /// <summary>What the counts of each column mean.</summary>
    void FillScales(ColumnScale[] scales);
}
