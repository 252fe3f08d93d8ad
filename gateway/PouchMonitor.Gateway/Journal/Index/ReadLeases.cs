namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>
/// Keeps files that have been replaced for as long as somebody may still read them. A reader holds a lease; what is
/// condemned may go once every reader that came before is done.
/// </summary>
internal sealed class ReadLeases
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, int> readers = [];
    private readonly Queue<(long Generation, string Name)> condemned = new();
    private long generation;

    /// <summary>Files waiting to be deleted.</summary>
    public int Condemned
    {
        get
        {
            lock (gate)
            {
                return condemned.Count;
            }
        }
    }

    public Lease Enter()
    {
        lock (gate)
        {
            readers[generation] = readers.GetValueOrDefault(generation) + 1;
            return new Lease(this, generation);
        }
    }

    public void Condemn(IEnumerable<string> names)
    {
        lock (gate)
        {
            generation++;
            foreach (string name in names)
            {
                condemned.Enqueue((generation, name));
            }
        }
    }

    /// <summary>The next file that nobody reads any more; null when there is none. It is off the list then.</summary>
    public string? TakeDeletable()
    {
        lock (gate)
        {
            long oldest = readers.Count == 0 ? long.MaxValue : readers.First().Key;
            return condemned.TryPeek(out var next) && next.Generation <= oldest ? condemned.Dequeue().Name : null;
        }
    }

    private void Leave(long entered)
    {
        lock (gate)
        {
            if (--readers[entered] == 0)
            {
                readers.Remove(entered);
            }
        }
    }

    internal sealed class Lease(ReadLeases leases, long entered) : IDisposable
    {
        private int isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            {
                leases.Leave(entered);
            }
        }
    }
}
