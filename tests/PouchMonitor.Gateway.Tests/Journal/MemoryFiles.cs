using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>
/// A folder that keeps apart what is on stable storage and what is only in the page cache. Losing power drops, by seed, any
/// of the unsynced writes, piece by piece and in any order, and any of the unsynced creations, renames and removals.
/// </summary>
internal sealed class MemoryFiles : IJournalFiles
{
    private readonly Lock gate = new();
    private Dictionary<string, MemoryFile> cached = new(StringComparer.Ordinal);
    private Dictionary<string, MemoryFile> durable = new(StringComparer.Ordinal);
    private bool isLocked;

    public string Name => "memory";

    public long FreeBytes { get; set; } = long.MaxValue / 4;

    /// <summary>Called before each system call with its name and file; may throw.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Most bytes a single write takes.</summary>
    public int MostWrittenAtOnce { get; set; } = int.MaxValue;

    /// <summary>Once set, everything fails: the process that used the folder is gone.</summary>
    public bool IsDead { get; set; }

    public int Syncs { get; private set; }

    public Lock Gate => gate;

    public IDisposable Lock()
    {
        Check("lock", "");
        if (isLocked)
        {
            throw new IOException("in use by another process");
        }

        isLocked = true;
        return new Release(this);
    }

    public IReadOnlyList<string> List()
    {
        lock (gate)
        {
            Check("list", "");
            return [.. cached.Keys.Order(StringComparer.Ordinal)];
        }
    }

    public IJournalFile Create(string name, long reservedBytes)
    {
        lock (gate)
        {
            Check("create", name);
            if (cached.ContainsKey(name))
            {
                throw new IOException($"{name} exists");
            }

            var file = new MemoryFile(name, this);
            file.SetLength(reservedBytes);
            cached[name] = file;
            return new Handle(this, file);
        }
    }

    public IJournalFile Open(string name, bool forWriting)
    {
        lock (gate)
        {
            Check("open", name);
            return cached.TryGetValue(name, out var file) ? new Handle(this, file) : throw new FileNotFoundException(name);
        }
    }

    public void Rename(string from, string to)
    {
        lock (gate)
        {
            Check("rename", from);
            cached[to] = cached[from];
            cached.Remove(from);
        }
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            Check("delete", name);
            cached.Remove(name);
        }
    }

    public void SyncDirectory()
    {
        lock (gate)
        {
            Check("syncdir", "");
            durable = new Dictionary<string, MemoryFile>(cached, StringComparer.Ordinal);
        }
    }

    public long AvailableBytes()
    {
        Check("free", "");
        return FreeBytes;
    }

    /// <summary>What is left after the power was lost and came back.</summary>
    public MemoryFiles LosePower(Random random)
    {
        lock (gate)
        {
            IsDead = true;
            var after = new MemoryFiles();
            foreach (string name in cached.Keys.Union(durable.Keys).Order(StringComparer.Ordinal))
            {
                var now = cached.GetValueOrDefault(name);
                var before = durable.GetValueOrDefault(name);
                var kept = now == before || random.Next(2) == 0 ? before : now;
                if (kept is not null)
                {
                    after.cached[name] = kept.AfterPowerLoss(after, random);
                }
            }

            after.durable = new Dictionary<string, MemoryFile>(after.cached, StringComparer.Ordinal);
            return after;
        }
    }

    /// <summary>What a new process finds after the one before was killed: everything, synced or not.</summary>
    public MemoryFiles KillProcess()
    {
        lock (gate)
        {
            IsDead = true;
            return new MemoryFiles { cached = cached, durable = durable }.Adopt();
        }
    }

    /// <summary>Changes a stored byte, as a failing disk does.</summary>
    public void Rot(string name, long offset)
    {
        lock (gate)
        {
            cached[name].Flip(offset);
        }
    }

    public long LengthOf(string name) => cached[name].Length;

    public void Check(string call, string name)
    {
        if (IsDead)
        {
            throw new IOException("the process is gone");
        }

        Before?.Invoke(call, name);
    }

    public void CountSync() => Syncs++;

    private MemoryFiles Adopt()
    {
        foreach (var file in cached.Values.Concat(durable.Values))
        {
            file.Owner = this;
        }

        return this;
    }

    private sealed class Release(MemoryFiles files) : IDisposable
    {
        public void Dispose() => files.isLocked = false;
    }

    private sealed class Handle(MemoryFiles files, MemoryFile file) : IJournalFile
    {
        public long Length => file.Length;

        public int Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (files.gate)
            {
                files.Check("write", file.Name);
                bytes = bytes[..Math.Min(bytes.Length, files.MostWrittenAtOnce)];
                file.Write(offset, bytes);
                return bytes.Length;
            }
        }

        public int Read(long offset, Span<byte> bytes)
        {
            lock (files.gate)
            {
                files.Check("read", file.Name);
                return file.Read(offset, bytes);
            }
        }

        public void SyncData()
        {
            lock (files.gate)
            {
                try
                {
                    files.Check("sync", file.Name);
                }
                catch (IOException)
                {
                    // As a kernel does: the pages stay readable, are called clean, and never reach the disk.
                    file.ForgetUnsynced();
                    throw;
                }

                files.CountSync();
                file.Sync();
            }
        }

        public void Cut(long length, long reservedBytes)
        {
            lock (files.gate)
            {
                files.Check("cut", file.Name);
                file.Cut(length, reservedBytes);
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
