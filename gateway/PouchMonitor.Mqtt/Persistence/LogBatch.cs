namespace PouchMonitor.Mqtt.Persistence;

/// <summary>
/// What one thread does between <see cref="SessionLog.Enter"/> and <see cref="SessionLog.Exit"/>: everything it appends
/// lands in one frame, so that a crash keeps all of it or nothing.
/// </summary>
internal sealed class LogBatch(SessionLog log)
{
    [ThreadStatic]
    private static LogBatch? _ofThread;

    [ThreadStatic]
    private static LogBatch? _spare;

    public static LogBatch? OfThread => _ofThread;

    public SessionLog Log { get; } = log;

    /// <summary>A batch of another log that is open on this thread.</summary>
    public LogBatch? Outer { get; private set; }

    public int Depth { get; set; }

    /// <summary>The frame that holds what was appended; 0 where nothing was.</summary>
    public long Frame { get; set; }

    /// <summary>Opens a batch on this thread, with the object of the last one where that was of the same log.</summary>
    public static void Open(SessionLog log)
    {
        LogBatch batch = _spare is { } spare && spare.Log == log ? spare : new LogBatch(log);
        _spare = null;
        batch.Outer = _ofThread;
        batch.Depth = 1;
        batch.Frame = 0;
        _ofThread = batch;
    }

    /// <summary>Closes it.</summary>
    public void Close()
    {
        _ofThread = Outer;
        _spare = this;
    }
}

/// <summary>Told, on the log's thread and without any lock held, that frames have become durable.</summary>
internal interface ICommitWatcher
{
    void OnCommitted();
}
