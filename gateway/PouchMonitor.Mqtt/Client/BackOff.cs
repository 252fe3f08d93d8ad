namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// How long to wait before the next attempt: twice as long after each failure up to a bound, and drawn between half of that
/// and all of it, so that ten thousand clients whose server came back do not return in the same moment.
/// </summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        double whole = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 30);
        return TimeSpan.FromMilliseconds(whole * (0.5 + (random.NextDouble() / 2)));
    }

    public void Reset() => _failures = 0;
}
