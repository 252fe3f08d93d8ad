using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>Since when all sensors of the cell have been at or below the end temperature, none of them lost.</summary>
internal sealed class CoolWatch(double? belowC)
{
    private const long SlopeMicroseconds = 60_000_000;

    private readonly RecentReadings recent = new(SlopeMicroseconds);
    private SteadySince since;
    private long lastMicroseconds;

    /// <summary>Since when; null where it is not so, or not yet for long enough (<see cref="SteadySince"/>).</summary>
    public long? SinceMicroseconds => since.Microseconds;

    /// <summary>True once a sensor was above it.</summary>
    public bool WasAbove { get; private set; }

    /// <summary>Interval before <see cref="SinceMicroseconds"/>, microseconds.</summary>
    public long IntervalMicroseconds { get; private set; }

    /// <summary>How fast the highest temperature fell over the minute before that, C/s; NaN where it is not known.</summary>
    public double FallCPerS { get; private set; } = double.NaN;

    public void Add(long timeMicroseconds, double hottestC, bool isSensorLost)
    {
        if (belowC is not { } limit)
        {
            return;
        }

        double fall = double.NaN;
        if (!double.IsNaN(hottestC))
        {
            recent.Add(timeMicroseconds, hottestC);
            fall = -recent.Rate(timeMicroseconds, hottestC, long.MaxValue);
        }

        WasAbove |= hottestC > limit;
        if (since.Add(timeMicroseconds, hottestC <= limit && !isSensorLost))
        {
            IntervalMicroseconds = timeMicroseconds - lastMicroseconds;
            FallCPerS = fall;
        }

        lastMicroseconds = timeMicroseconds;
    }
}
