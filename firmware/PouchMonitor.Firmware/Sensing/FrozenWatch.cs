using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Notices a reading that repeats itself for longer than noise allows. Only for sensors whose noise exceeds a count: the
/// temperatures, not the voltage of a resting cell.
/// </summary>
public sealed class FrozenWatch
{
    private readonly int repeatLimit;
    private long lastCount;
    private int repeats;

    /// <summary>Frozen once the same count came <paramref name="repeatLimit"/> times in a row; 0 never judges.</summary>
    public FrozenWatch(int repeatLimit)
    {
        this.repeatLimit = repeatLimit;
    }

    /// <summary>The state of a reading in the light of those before it.</summary>
    public SensorState Judge(SensorState state, long count)
    {
        if (state != SensorState.Good)
        {
            repeats = 0;
            return state;
        }

        repeats = repeats > 0 && count == lastCount ? repeats + 1 : 1;
        lastCount = count;
        if (repeatLimit == 0 || repeats < repeatLimit)
        {
            return SensorState.Good;
        }

        repeats = repeatLimit;
        return SensorState.Frozen;
    }
}
