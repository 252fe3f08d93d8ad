using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>
/// A folder that keeps apart what is on stable storage and what is only in the page cache. <see cref="LosePower"/> drops,
/// by seed, any tail of what was not synced, and tears what it keeps of it.
/// </summary>
internal sealed class MemoryLogFiles : IMqttLogFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private bool _isDead;
    private int _calls;

    public string Name => "memory";

    /// <summary>Called before each append and sync with the file's name; may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>The append or sync, counted from 1, at which the process dies.</summary>
    public int DiesAtCall { get; set; } = int.MaxValue;

    public int Calls => Volatile.Read(ref _calls);

    public bool IsDead
    {
        get
        {
            lock (_gate)
            {
                return _isDead;
            }
        }
    }

    public int Syncs { get; private set; }

    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _files.Keys];
        }
    }

    public Stream OpenRead(string name)
    {
        lock (_gate)
        {
            return new MemoryStream([.. _files[name].Bytes], writable: false);
        }
    }

    public IMqttLogFile Create(string name)
    {
        lock (_gate)
        {
            Check();
            var file = new MemoryFile(this, name);
            _files.Add(name, file);
            return file;
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            Check();
            _files.Remove(name);
        }
    }

    public long LengthOf(string name)
    {
        lock (_gate)
        {
            return _files[name].Bytes.Count;
        }
    }

    /// <summary>Changes a stored byte, as a failing disk does.</summary>
    public void Rot(string name, int offset)
    {
        lock (_gate)
        {
            _files[name].Bytes[offset] ^= 0x10;
        }
    }

    /// <summary>Ends this folder for its process, and gives what is found when the power is back.</summary>
    public MemoryLogFiles LosePower(Random random)
    {
        lock (_gate)
        {
            _isDead = true;
            var after = new MemoryLogFiles();
            foreach ((string name, MemoryFile file) in _files)
            {
                var kept = new MemoryFile(after, name);
                int unsynced = file.Bytes.Count - file.SyncedBytes;
                kept.Bytes.AddRange(file.Bytes.Take(file.SyncedBytes + random.Next(unsynced + 1)));
                for (int torn = file.SyncedBytes; torn < kept.Bytes.Count; torn++)
                {
                    kept.Bytes[torn] = random.Next(64) == 0 ? (byte)0 : kept.Bytes[torn];
                }

                kept.SyncedBytes = kept.Bytes.Count;
                after._files.Add(name, kept);
            }

            return after;
        }
    }

    private void Call(string name)
    {
        _isDead |= ++_calls >= DiesAtCall;
        Check();
        Before?.Invoke(name);
    }

    private void Check()
    {
        if (_isDead)
        {
            throw new IOException("the process is gone");
        }
    }

    private sealed class MemoryFile(MemoryLogFiles owner, string name) : IMqttLogFile
    {
        public List<byte> Bytes { get; } = [];

        public int SyncedBytes { get; set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (owner._gate)
            {
                owner.Call(name);
                Bytes.AddRange(bytes);
            }
        }

        public void Sync()
        {
            lock (owner._gate)
            {
                owner.Call(name);
                SyncedBytes = Bytes.Count;
                owner.Syncs++;
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
