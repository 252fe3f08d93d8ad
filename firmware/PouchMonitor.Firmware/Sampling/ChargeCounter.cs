using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Running charge and discharge since boot in count-microseconds, whole numbers, whatever the network does. Trapezoid
/// between two believed readings; an interval with an unbelieved end is not guessed but added to
/// <see cref="UncountedMicroseconds"/>. 15 bits of current fill 63 bits only after some nine years.
/// </summary>
public sealed class ChargeCounter
{
    private bool hasAny;
    private bool hasLast;
    private long lastCount;
    private long lastMicroseconds;

    /// <summary>Charged count-microseconds, 0 or more.</summary>
    public long Charged { get; private set; }

    /// <summary>Discharged count-microseconds, 0 or more.</summary>
    public long Discharged { get; private set; }

    /// <summary>Time over which the current was not known.</summary>
    public long UncountedMicroseconds { get; private set; }

    /// <summary>Takes the next sample of the channel.</summary>
    public void Add(CellSample sample)
    {
        bool isBelieved = sample.StateOf(SampleColumns.Current) == SensorState.Good;
        long count = sample.Counts[SampleColumns.Current];
        long elapsed = sample.UptimeMicroseconds - lastMicroseconds;
        if (hasLast && isBelieved)
        {
            AddTrapezoid(lastCount, count, elapsed);
        }
        else if (hasAny)
        {
            UncountedMicroseconds += elapsed;
        }

        hasAny = true;
        hasLast = isBelieved;
        lastCount = count;
        lastMicroseconds = sample.UptimeMicroseconds;
    }

    private void AddTrapezoid(long from, long to, long elapsed)
    {
        if ((from >= 0) == (to >= 0))
        {
            long area = (from + to) * elapsed / 2;
            AddSigned(area);
            return;
        }

        // The sign changes inside: two triangles that meet where the straight line crosses zero.
        long span = to - from;
        long untilZero = -from * elapsed / span;
        AddSigned(from * untilZero / 2);
        AddSigned(to * (elapsed - untilZero) / 2);
    }

    private void AddSigned(long area)
    {
        if (area >= 0)
        {
            Charged += area;
        }
        else
        {
            Discharged -= area;
        }
    }
}
