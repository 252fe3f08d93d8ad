using Microsoft.Win32.SafeHandles;
using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Backup;

/// <summary>
/// The files of a journal's folder as they were at one moment, held open so that they can be read though they are
/// removed; whatever is written goes to a temporary folder, with the files that still grow copied there at once.
/// </summary>
internal sealed class ViewFiles : IJournalFiles, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SafeFileHandle> held = new(StringComparer.Ordinal);
    private readonly string temporary;
    private readonly DiskJournalFiles written;

    private ViewFiles(string folder)
    {
        Name = folder;
        temporary = Directory.CreateTempSubdirectory("pouchmonitor-view-").FullName;
        written = new DiskJournalFiles(temporary);
    }

    public string Name { get; }

    /// <summary>Takes a journal's folder, whether a gateway writes to it or not.</summary>
    public static ViewFiles Take(string folder)
    {
        var view = new ViewFiles(Path.GetFullPath(folder));
        try
        {
            JournalFolder.TakeAll(view.Name, view.Take, view.Leave);
            return view;
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    public IDisposable Lock() => new Nothing();

    public IReadOnlyList<string> List()
    {
        lock (gate)
        {
            return [.. held.Keys.Union(written.List(), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    public IJournalFile Create(string name, long reservedBytes) => written.Create(name, reservedBytes: 0);

    public IJournalFile Open(string name, bool forWriting)
    {
        lock (gate)
        {
            if (File.Exists(At(name)) || !held.TryGetValue(name, out SafeFileHandle? handle))
            {
                return new GrowingFile(written.Open(name, forWriting));
            }

            if (!forWriting)
            {
                return new HeldFile(handle);
            }

            FileCopy.Copy(Path.Combine(Name, name), At(name));
            return new GrowingFile(written.Open(name, forWriting: true));
        }
    }

    public void Rename(string from, string to)
    {
        lock (gate)
        {
            if (File.Exists(At(from)))
            {
                written.Rename(from, to);
                Drop(to);
            }
            else if (held.Remove(from, out SafeFileHandle? handle))
            {
                Drop(to);
                held[to] = handle;
            }
        }
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            File.Delete(At(name));
            Drop(name);
        }
    }

    public void SyncDirectory()
    {
        // Nothing here outlives the program.
    }

    public long AvailableBytes() => long.MaxValue / 2;

    public void Dispose()
    {
        foreach (SafeFileHandle handle in held.Values)
        {
            handle.Dispose();
        }

        held.Clear();
        Directory.Delete(temporary, recursive: true);
    }

    private void Take(string name, bool mayGrow)
    {
        if (mayGrow)
        {
            FileCopy.Copy(Path.Combine(Name, name), At(name));
        }
        else
        {
            held[name] = File.OpenHandle(
                Path.Combine(Name, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private void Leave(string name) => Delete(name);

    private void Drop(string name)
    {
        if (held.Remove(name, out SafeFileHandle? handle))
        {
            handle.Dispose();
        }
    }

    private string At(string name) => Path.Combine(temporary, name);

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // There is no lock: the gateway has it.
        }
    }

    /// <summary>A file of the view that was copied or made; room is never set aside for it.</summary>
    private sealed class GrowingFile(IJournalFile file) : IJournalFile
    {
        public long Length => file.Length;

        public int Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        public void SyncData()
        {
            // Nothing here outlives the program.
        }

        public void Cut(long length, long reservedBytes) => file.Cut(length, length);

        public void Dispose() => file.Dispose();
    }

    /// <summary>A file of the gateway's own, shared by all who read it here.</summary>
    private sealed class HeldFile(SafeFileHandle handle) : IJournalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Write(long offset, ReadOnlySpan<byte> bytes) => throw new NotSupportedException("The file is only read.");

        public int Read(long offset, Span<byte> bytes) => RandomAccess.Read(handle, bytes, offset);

        public void SyncData() => throw new NotSupportedException("The file is only read.");

        public void Cut(long length, long reservedBytes) => throw new NotSupportedException("The file is only read.");

        public void Dispose()
        {
            // Held until the view ends.
        }
    }
}
