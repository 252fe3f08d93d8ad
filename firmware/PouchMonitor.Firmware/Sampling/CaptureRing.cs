using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// The last passes of a channel at the fast rate, as arrays of primitives (40 bytes a pass). Passes are addressed by their
/// number since boot; the oldest give way.
/// </summary>
public sealed class CaptureRing
{
    /// <summary>Columns that are kept: voltage, current, three temperatures, thermocouple, infrared array.</summary>
    private const int KeptColumns = SampleColumns.FirstExtraSurface + 2;

    private readonly int capacity;
    private readonly long[] uptime;
    private readonly uint[] states;
    private readonly int[][] counts = new int[KeptColumns][];

    public CaptureRing(int capacity)
    {
        this.capacity = capacity;
        uptime = new long[capacity];
        states = new uint[capacity];
        for (int column = 0; column < KeptColumns; column++)
        {
            counts[column] = new int[capacity];
        }
    }

    /// <summary>Number that the next pass gets.</summary>
    public long Next { get; private set; }

    /// <summary>Number of the oldest pass that is still held.</summary>
    public long Oldest => Next > capacity ? Next - capacity : 0;

    /// <summary>Takes a pass.</summary>
    public void Add(CellSample pass)
    {
        int at = (int)(Next % capacity);
        uptime[at] = pass.UptimeMicroseconds;
        states[at] = pass.States;
        for (int column = 0; column < KeptColumns; column++)
        {
            counts[column][at] = (int)pass.Counts[column];
        }

        Next++;
    }

    /// <summary>Uptime of a held pass.</summary>
    public long UptimeMicrosecondsOf(long number) => uptime[(int)(number % capacity)];

    /// <summary>Count of a column in a held pass.</summary>
    public int CountOf(long number, int column) => counts[column][(int)(number % capacity)];

    /// <summary>State of a column in a held pass.</summary>
    public SensorState StateOf(long number, int column) => SensorStates.Get(states[(int)(number % capacity)], column);

    /// <summary>Copies held passes into an empty frame.</summary>
    public void CopyTo(SampleFrame frame, long from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int at = (int)((from + i) % capacity);
            frame.UptimeMicroseconds[i] = uptime[at];
            frame.States[i] = states[at];
            for (int column = 0; column < KeptColumns; column++)
            {
                frame.Counts[column][i] = counts[column][at];
            }
        }

        frame.Count = count;
    }
}
