namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// What one person's action changed, for whoever has to answer that person: the answer is given when it is on disk. What
/// cannot be stored is taken back, so that nobody relies on an acknowledgement that a restart would lose.
/// </summary>
public sealed class Recording
{
    private readonly TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(Alarm Before, Alarm After)> changes = [];

    /// <summary>Null when it is stored, otherwise why it is not.</summary>
    public Task<string?> Result => done.Task;

    internal IReadOnlyList<(Alarm Before, Alarm After)> Changes => changes;

    internal AlarmBook? Book { get; set; }

    /// <summary>Gateway time of the action, Unix microseconds.</summary>
    internal long AtMicroseconds { get; set; }

    internal void Add(Alarm before, Alarm after) => changes.Add((before, after));

    /// <summary>All of it is on disk.</summary>
    internal void Succeeded() => done.TrySetResult(null);

    /// <summary>Nothing of it is on disk; it is taken back before anything later is written.</summary>
    internal void Failed(string problem)
    {
        Book?.TakeBack(this);
        done.TrySetResult(problem);
    }
}
