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

    // The interpreter keeps the note "unsigned" with the timer's number, over casts and results, and shifts and takes
    // remainders by it; what is combined with a signed number on the left is noted as signed.
    /// <inheritdoc/>
    public long UptimeMicroseconds => long.MaxValue & (long)HighResTimer.GetCurrent();

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
