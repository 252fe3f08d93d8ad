namespace PouchMonitor.Mqtt.Persistence;

/// <summary>The log's thread: one frame after another to disk, a new segment when the old has grown, and those who wait told.</summary>
internal sealed partial class SessionLog
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private readonly byte[] _frameHead = new byte[SegmentFormat.FrameHeadBytes];
    private IMqttLogFile? _file;
    private long _segment;
    private long _segmentBytes;
    private long _oldestSegment;
    private long _liveBytes;
    private bool _isRewriting;
    private Func<Task>? _rewrite;

    /// <summary>Bytes in the present segment.</summary>
    public long SegmentBytes => Interlocked.Read(ref _segmentBytes);

    public long Commits { get; private set; }

    public long FailedWrites { get; private set; }

    /// <summary>Reads everything there is, oldest first; then a new segment takes what comes, and <paramref name="rewrite"/> is run to append all live state to it.</summary>
    public StoredState Open(Func<Task> rewrite)
    {
        var state = new StoredState(_options.FromUnixMilliseconds);
        List<long> segments = [];
        foreach (string name in _files.List())
        {
            if (SegmentFormat.TryParseName(name, out long segment))
            {
                segments.Add(segment);
            }
        }

        segments.Sort();
        foreach (long segment in segments)
        {
            string name = SegmentFormat.NameOf(segment);
            using Stream stream = _files.OpenRead(name);
            long left = SegmentFormat.ReadFrames(stream, name, state.Apply);
            if (left > 0)
            {
                state.Problems.Add($"{left} bytes at the end of {name} are not whole and were not read.");
            }
        }

        state.Finish();
        _rewrite = rewrite;
        _pendingFrame = state.LastFrame + 1;
        _durableFrame = state.LastFrame;
        _lastMessage = state.LastMessage;
        _segment = segments.Count > 0 ? segments[^1] : 0;
        _oldestSegment = segments.Count > 0 ? segments[0] : 1;
        OpenSegment();
        return state;
    }

    /// <summary>From now on what is appended is written. What was appended before waits until here.</summary>
    public void Start()
    {
        _thread.Start();
        _isRewriting = true;
        _ = RewriteAsync(_segment);
    }

    private void Run()
    {
        for (bool stops = false; ;)
        {
            if (!stops)
            {
                _work.WaitOne();
            }

            long frame;
            bool turns;
            _batches.EnterWriteLock();
            lock (_gate)
            {
                stops = _isStopping;
                if (_pending.Count == 0)
                {
                    _batches.ExitWriteLock();
                    if (stops)
                    {
                        return;
                    }

                    continue;
                }

                (_pending, _writing) = (_writing, _pending);
                frame = _pendingFrame++;
                turns = !_isRewriting && _segmentBytes > Math.Max(_options.SmallestSegmentBytes, _options.GrowthBeforeRewrite * _liveBytes);
                if (turns)
                {
                    _generation++; // what comes from now on goes to the next segment and names no message of this one
                    _isRewriting = true;
                }
            }

            _batches.ExitWriteLock();
            if (!WriteUntilDurable(frame, stops))
            {
                return;
            }

            _writing.Clear();
            Commits++;
            TellCommitted(frame);
            if (turns)
            {
                Turn();
            }
        }
    }

    /// <summary>False where the log ends and the frame could not be written.</summary>
    private bool WriteUntilDurable(long frame, bool stops)
    {
        SegmentFormat.PutFrameHead(_frameHead, frame, _writing.Written);
        long startedAt = Environment.TickCount64;
        while (true)
        {
            try
            {
                if (_file is null)
                {
                    OpenSegment();
                }

                _file!.Append(_frameHead);
                _file.Append(_writing.Written);
                _file.Sync();
                Interlocked.Add(ref _segmentBytes, _frameHead.Length + _writing.Count);
                Problem = null;
                return true;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // What a failed sync left behind is not known, so the frame goes whole to another segment.
                FailedWrites++;
                Problem = fault.Message;
                CloseSegment();
                lock (_gate)
                {
                    stops = _isStopping;
                }

                if (stops && Environment.TickCount64 - startedAt > _options.StopPatience.TotalMilliseconds)
                {
                    return false;
                }

                Thread.Sleep(RetryPause);
            }
        }
    }

    private void OpenSegment()
    {
        IMqttLogFile file = _files.Create(SegmentFormat.NameOf(++_segment));
        try
        {
            file.Append(SegmentFormat.Head);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        _file = file;
        Interlocked.Exchange(ref _segmentBytes, SegmentFormat.HeadBytes);
    }

    private void CloseSegment()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Goes on in a new segment and has all live state appended to it.</summary>
    private void Turn()
    {
        CloseSegment();
        try
        {
            OpenSegment();
        }
        catch (IOException fault)
        {
            FailedWrites++;
            Problem = fault.Message; // tried again with the next frame
        }

        long first = _segment;
        _ = Task.Run(() => RewriteAsync(first));
    }

    /// <summary>Appends all live state, and then removes the segments from before <paramref name="first"/>, with which this generation began.</summary>
    private async Task RewriteAsync(long first)
    {
        try
        {
            await _rewrite!().ConfigureAwait(false);
            await WhenDurableAsync(NewestFrame).ConfigureAwait(false);
            Interlocked.Exchange(ref _liveBytes, SegmentBytes);
            for (; _oldestSegment < first; _oldestSegment++)
            {
                Delete(SegmentFormat.NameOf(_oldestSegment));
            }
        }
        finally
        {
            lock (_gate)
            {
                _isRewriting = false;
            }
        }
    }

    private void Delete(string name)
    {
        try
        {
            _files.Delete(name);
        }
        catch (IOException)
        {
            // Read again at the next start, and outdone by what came after it.
        }
    }

    private void TellCommitted(long frame)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            Volatile.Write(ref _durableFrame, frame);
            int kept = 0;
            for (int index = 0; index < _watchers.Count; index++)
            {
                if (_watchers[index].Frame <= frame)
                {
                    _due.Add(_watchers[index].Watcher);
                }
                else
                {
                    _watchers[kept++] = _watchers[index];
                }
            }

            _watchers.RemoveRange(kept, _watchers.Count - kept);
            if (!IsOverfull)
            {
                (room, _roomWanted) = (_roomWanted, null);
            }
        }

        foreach (ICommitWatcher watcher in _due)
        {
            watcher.OnCommitted();
        }

        _due.Clear();
        room?.TrySetResult();
    }

    /// <summary>Completes when the frame is durable; for few callers, each of which costs an object.</summary>
    public Task WhenDurableAsync(long frame)
    {
        var waiter = new CommitWaiter();
        if (!Watch(frame, waiter))
        {
            waiter.OnCommitted();
        }

        return waiter.Task;
    }

    private sealed class CommitWaiter : ICommitWatcher
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _done.Task;

        public void OnCommitted() => _done.TrySetResult();
    }
}
