namespace PouchMonitor.Gateway.Journal;

/// <summary>What the journal cannot write at present: frames, or only quarantined pieces.</summary>
internal sealed class Outages(JournalOptions options, Action retry) : IDisposable
{
    public Outage Frames { get; } = new(options.Time, options.FirstRetryPause, options.LongestRetryPause, retry);

    public Outage Quarantine { get; } = new(options.Time, options.FirstRetryPause, options.LongestRetryPause, retry);

    public string? Reason => Frames.Reason ?? Quarantine.Reason;

    public void Dispose()
    {
        Frames.Dispose();
        Quarantine.Dispose();
    }
}
