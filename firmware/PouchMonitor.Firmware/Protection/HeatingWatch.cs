namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Heating rate of one sensor over a window, from the samples' own times, in whole numbers. Keeps a few points of the window
/// only, so its memory is fixed; the rate is that against the oldest point kept, which lies between seven eighths of a window
/// and a whole one back.
/// </summary>
public sealed class HeatingWatch
{
    private const int Points = 8;
    private const long MicrosecondsPerMinute = 60000000;

    private readonly long[] times = new long[Points + 1];
    private readonly int[] temperatures = new int[Points + 1];
    private long windowMicroseconds = 10000000;
    private int head;
    private int count;

    /// <summary>The rate at the last reading, mK/min; meaningful while <see cref="HasRate"/>.</summary>
    public long MillikelvinPerMinute { get; private set; }

    /// <summary>True once the sensor has been seen for most of a window, or rose so much that less time suffices.</summary>
    public bool HasRate { get; private set; }

    /// <summary>Forgets all points and takes a window.</summary>
    public void Start(int windowMilliseconds)
    {
        windowMicroseconds = windowMilliseconds * 1000L;
        head = 0;
        count = 0;
        HasRate = false;
    }

    /// <summary>Takes a believed reading.</summary>
    public void Add(long microseconds, int millidegrees)
    {
        while (count > 0 && microseconds - times[head] > windowMicroseconds)
        {
            // What is older than a window goes, but the newest of them bridges a pause in the readings.
            if (count == 1)
            {
                break;
            }

            head = Next(head);
            count--;
        }

        HasRate = count > 0;
        if (HasRate)
        {
            // A rise within less than a window is held against the whole window: noise over a short time is no rate.
            long span = microseconds - times[head];
            span = span < windowMicroseconds * (Points - 1) / Points ? windowMicroseconds : span;
            MillikelvinPerMinute = (millidegrees - (long)temperatures[head]) * MicrosecondsPerMinute / span;
        }

        int last = (head + count - 1 + times.Length) % times.Length;
        if (count == 0 || microseconds - times[last] >= windowMicroseconds / Points)
        {
            int at = (head + count) % times.Length;
            if (count == times.Length)
            {
                head = Next(head);
            }
            else
            {
                count++;
            }

            times[at] = microseconds;
            temperatures[at] = millidegrees;
        }
    }

    private int Next(int at) => at + 1 == times.Length ? 0 : at + 1;
}
