namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// A disk that does not take what it is given: the reason, and when to try again. The pause doubles with each failure;
/// attempts before it is over fail at once.
/// </summary>
internal sealed class Outage(TimeProvider time, TimeSpan firstPause, TimeSpan longestPause, Action retry) : IDisposable
{
    private volatile string? reason;
    private TimeSpan pause;
    private long since;
    private ITimer? timer;

    public string? Reason => reason;

    /// <summary>Throws the standing reason while the pause is not over.</summary>
    public void ThrowIfPausing()
    {
        if (reason is { } standing && time.GetElapsedTime(since) < pause)
        {
            throw new IOException(standing);
        }
    }

    /// <summary>True when the pause after a failure is over and nothing has been tried since.</summary>
    public bool IsDue => reason is not null && time.GetElapsedTime(since) >= pause;

    public void Failed(string because)
    {
        if (reason is not null && time.GetElapsedTime(since) < pause)
        {
            return;
        }

        pause = reason is null ? firstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, longestPause.Ticks));
        since = time.GetTimestamp();
        reason = because;
        timer?.Dispose();
        timer = time.CreateTimer(_ => retry(), null, pause, Timeout.InfiniteTimeSpan);
    }

    public void Over()
    {
        if (reason is not null)
        {
            reason = null;
            timer?.Dispose();
            timer = null;
        }
    }

    public void Dispose() => timer?.Dispose();
}
