namespace PouchMonitor.Mqtt.Persistence;

/// <summary>
/// What a server must remember across a restart, as a log of records. Records gather in memory and are written and
/// synced as one frame; whatever promises something on the strength of a record waits until its frame is durable. See
/// gateway/decisions/0003-sessions-in-a-log.md.
/// </summary>
internal sealed partial class SessionLog : IDisposable
{
    private readonly IMqttLogFiles _files;
    private readonly SessionLogOptions _options;
#pragma warning disable CA2213 // Whoever comes late still enters and leaves; it holds nothing that must be given back.
    private readonly ReaderWriterLockSlim _batches = new(LockRecursionPolicy.NoRecursion);
#pragma warning restore CA2213
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly List<(long Frame, ICommitWatcher Watcher)> _watchers = [];
    private readonly List<ICommitWatcher> _due = [];
    private readonly Thread _thread;
    private RecordWriter _pending = new();
    private RecordWriter _writing = new();
    private TaskCompletionSource? _roomWanted;
    private long _pendingFrame = 1;
    private long _durableFrame;
    private long _generation = 1;
    private long _lastMessage;
    private bool _isStopping;

    public SessionLog(IMqttLogFiles files, SessionLogOptions options)
    {
        _files = files;
        _options = options;
        _thread = new Thread(Run) { IsBackground = true, Name = "MQTT session log" };
    }

    /// <summary>Frames up to this one are on stable storage.</summary>
    public long DurableFrame => Volatile.Read(ref _durableFrame);

    /// <summary>The frame that holds what this thread's batch has appended; 0 where nothing was.</summary>
    public long FrameOfBatch => LogBatch.OfThread is { } batch && batch.Log == this ? batch.Frame : 0;

    /// <summary>More waits to be written than should; readers pause.</summary>
    public bool IsOverfull => Volatile.Read(ref _pending).Count > _options.MaximumPendingBytes;

    /// <summary>Why nothing becomes durable at present; null where all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Starts a batch: what this thread appends until <see cref="Exit"/> is kept whole or not at all. It must not wait for anything meanwhile, and no session lock may be held at the outermost call.</summary>
    public void Enter()
    {
        if (LogBatch.OfThread is { } batch && batch.Log == this)
        {
            batch.Depth++;
            return;
        }

        _batches.EnterReadLock();
        LogBatch.Open(this);
    }

    /// <summary>Ends the batch.</summary>
    public void Exit()
    {
        LogBatch batch = LogBatch.OfThread!;
        if (--batch.Depth == 0)
        {
            batch.Close();
            _batches.ExitReadLock();
        }
    }

    /// <summary>The newest frame that anything was appended to.</summary>
    public long NewestFrame
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count > 0 ? _pendingFrame : _pendingFrame - 1;
            }
        }
    }

    public bool IsDurable(long frame) => frame <= DurableFrame;

    /// <summary>Has the watcher told once the frame is durable; false where it is already.</summary>
    public bool Watch(long frame, ICommitWatcher watcher)
    {
        lock (_gate)
        {
            if (frame <= _durableFrame)
            {
                return false;
            }

            _watchers.Add((frame, watcher));
            return true;
        }
    }

    /// <summary>Completes when there is room again after <see cref="IsOverfull"/>.</summary>
    public async ValueTask WhenRoomAsync(CancellationToken cancellationToken)
    {
        Task room;
        lock (_gate)
        {
            if (!IsOverfull)
            {
                return;
            }

            _roomWanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _roomWanted.Task;
        }

        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what waits, syncs it and ends. What could not be written within the time set is lost, as in a crash.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        _work.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        CloseSegment();
        _work.Dispose(); // the gate of batches stays, for whoever still comes late
    }

    /// <summary>Under <see cref="_gate"/>: begins a record in the frame that is being filled.</summary>
    private RecordWriter Record(LogRecord kind)
    {
        if (LogBatch.OfThread is { } batch && batch.Log == this)
        {
            batch.Frame = _pendingFrame;
        }

        if (_pending.Count == 0 && !_isStopping)
        {
            _work.Set(); // the log's thread takes it as soon as no batch is open
        }

        _pending.Begin(kind);
        return _pending;
    }
}

/// <summary>Bounds of a session log.</summary>
/// <param name="ToUnixMilliseconds">From the server's clock to a time that means the same after a restart; 0 is never.</param>
/// <param name="FromUnixMilliseconds">And back.</param>
internal sealed record SessionLogOptions(Func<long, long> ToUnixMilliseconds, Func<long, long> FromUnixMilliseconds)
{
    /// <summary>Bytes waiting to be written before readers pause.</summary>
    public int MaximumPendingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a stop tries to write what a failing disk does not take.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A segment is not replaced before it has this size.</summary>
    public long SmallestSegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A segment is replaced when it is this many times as large as what is live.</summary>
    public int GrowthBeforeRewrite { get; init; } = 4;
}
