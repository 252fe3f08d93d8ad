namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>Keeps values up to a number of bytes; those longest not asked for go first.</summary>
internal sealed class LeastRecentlyUsed<TKey, TValue>(long mostBytes)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Item>> items = [];
    private readonly LinkedList<Item> order = new();
    private long bytes;

    /// <summary>Bytes kept.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    /// <summary>The value kept, or the one that is made now, outside the lock. One larger than all room is not kept.</summary>
    public TValue GetOrAdd(TKey key, Func<(TValue Value, long Bytes)> make)
    {
        lock (gate)
        {
            if (items.TryGetValue(key, out var known))
            {
                order.Remove(known);
                order.AddFirst(known);
                return known.Value.Value;
            }
        }

        var (value, size) = make();
        lock (gate)
        {
            if (size <= mostBytes && !items.ContainsKey(key))
            {
                items[key] = order.AddFirst(new Item(key, value, size));
                bytes += size;
                while (bytes > mostBytes)
                {
                    Drop(order.Last!);
                }
            }
        }

        return value;
    }

    public void Remove(TKey key)
    {
        lock (gate)
        {
            if (items.TryGetValue(key, out var known))
            {
                Drop(known);
            }
        }
    }

    private void Drop(LinkedListNode<Item> node)
    {
        order.Remove(node);
        items.Remove(node.Value.Key);
        bytes -= node.Value.Bytes;
    }

    private sealed record Item(TKey Key, TValue Value, long Bytes);
}
