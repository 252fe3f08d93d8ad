namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>Open files for reading, few at a time; those in use are never closed.</summary>
internal sealed class FileCache(IJournalFiles files, int most) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Item> open = new(StringComparer.Ordinal);
    private long useCount;

    /// <summary>Lends an open file until the lease is disposed.</summary>
    public Lease Borrow(string name)
    {
        lock (gate)
        {
            if (!open.TryGetValue(name, out var item))
            {
                CloseIdle(most - 1);
                item = new Item(files.Open(name, forWriting: false));
                open[name] = item;
            }

            item.Borrowers++;
            item.LastUse = ++useCount;
            return new Lease(this, item);
        }
    }

    /// <summary>Forgets a file that is about to be replaced or removed.</summary>
    public void Forget(string name)
    {
        lock (gate)
        {
            if (open.Remove(name, out var item))
            {
                item.IsForgotten = true;
                CloseWhenIdle(item);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            CloseIdle(0);
        }
    }

    private static void CloseWhenIdle(Item item)
    {
        if (item is { Borrowers: 0, IsForgotten: true })
        {
            item.File.Dispose();
        }
    }

    private void CloseIdle(int keep)
    {
        while (open.Count > keep)
        {
            var oldest = open.Where(each => each.Value.Borrowers == 0).OrderBy(each => each.Value.LastUse).FirstOrDefault();
            if (oldest.Key is null)
            {
                return;
            }

            open.Remove(oldest.Key);
            oldest.Value.File.Dispose();
        }
    }

    private void GiveBack(Item item)
    {
        lock (gate)
        {
            item.Borrowers--;
            CloseWhenIdle(item);
        }
    }

    internal sealed class Item(IJournalFile file)
    {
        public IJournalFile File { get; } = file;

        public int Borrowers { get; set; }

        public long LastUse { get; set; }

        public bool IsForgotten { get; set; }
    }

    internal readonly struct Lease(FileCache cache, Item item) : IDisposable
    {
        public IJournalFile File => item.File;

        public void Dispose() => cache.GiveBack(item);
    }
}
