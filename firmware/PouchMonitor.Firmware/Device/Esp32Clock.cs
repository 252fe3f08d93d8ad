using System.Threading;
using nanoFramework.Hardware.Esp32;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// The ESP32's microsecond timer. A sleep is good to 10 ms only, so the last stretch of a wait is spent looking at the
/// timer.
/// </summary>
public sealed class Esp32Clock : IClock
{
    private const long SleepGrainMicroseconds = 10000;

    /// <inheritdoc/>
    public long UptimeMicroseconds => (long)HighResTimer.GetCurrent();

    /// <inheritdoc/>
    public void WaitMicroseconds(long microseconds)
    {
        long until = UptimeMicroseconds + microseconds;
        long left = microseconds;
        while (left > 0)
        {
            if (left > 2 * SleepGrainMicroseconds)
            {
                Thread.Sleep((int)((left - SleepGrainMicroseconds) / 1000));
            }

            left = until - UptimeMicroseconds;
        }
    }
}
