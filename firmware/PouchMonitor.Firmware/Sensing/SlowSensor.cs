using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>The last word of a sensor that is not read at every pass.</summary>
public sealed class SlowSensor
{
    private readonly FrozenWatch frozen;
    private readonly bool isConfigured;

    /// <summary>Of a sensor that is there to be read or not; frozen after so many equal readings, 0 for never.</summary>
    public SlowSensor(bool isConfigured, int frozenRepeatLimit)
    {
        this.isConfigured = isConfigured;
        frozen = new FrozenWatch(frozenRepeatLimit);
        State = isConfigured ? SensorState.BusError : SensorState.Absent;
    }

    public SensorState State { get; private set; }

    public int Millidegrees { get; private set; }

    /// <summary>Uptime of the reading.</summary>
    public long ReadAtMicroseconds { get; private set; }

    /// <summary>Takes a reading.</summary>
    public void Take(SensorState state, int millidegrees, long nowMicroseconds)
    {
        State = frozen.Judge(state, millidegrees);
        Millidegrees = millidegrees;
        ReadAtMicroseconds = nowMicroseconds;
    }

    /// <summary>The wires to it are lost.</summary>
    public void Lose()
    {
        State = isConfigured ? frozen.Judge(SensorState.BusError, 0) : SensorState.Absent;
    }
}
