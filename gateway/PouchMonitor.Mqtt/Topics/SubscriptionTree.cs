using System.Collections.Concurrent;

namespace PouchMonitor.Mqtt.Topics;

/// <summary>
/// Filters by their levels, so that finding the subscriptions for a topic costs what matches, not what exists.
/// Any number of threads may look up while one changes it; lookups take no lock.
/// </summary>
internal sealed class SubscriptionTree<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Node _root = new(parent: null, []);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts an entry at a valid filter, in the place of the one that <paramref name="isSame"/> names, if any.</summary>
    public void Put(ReadOnlySpan<byte> filter, T entry, Func<T, T, bool> isSame)
    {
        lock (_gate)
        {
            Node node = FindOrAdd(filter, out bool isHash);
            T[] entries = isHash ? node.HashEntries : node.Entries;
            int index = Array.FindIndex(entries, known => isSame(known, entry));
            T[] changed;
            if (index >= 0)
            {
                changed = (T[])entries.Clone();
                changed[index] = entry;
            }
            else
            {
                changed = [.. entries, entry];
                _count++;
            }

            Store(node, isHash, changed);
        }
    }

    /// <summary>Takes the entry away; false where it was not there.</summary>
    public bool Remove(ReadOnlySpan<byte> filter, T entry)
    {
        lock (_gate)
        {
            Node? node = Find(filter, out bool isHash);
            T[] entries = node is null ? [] : isHash ? node.HashEntries : node.Entries;
            int index = Array.IndexOf(entries, entry);
            if (node is null || index < 0)
            {
                return false;
            }

            var changed = new T[entries.Length - 1];
            Array.Copy(entries, changed, index);
            Array.Copy(entries, index + 1, changed, index, changed.Length - index);
            Store(node, isHash, changed);
            _count--;
            Prune(node);
            return true;
        }
    }

    /// <summary>Adds every entry whose filter matches the topic.</summary>
    public void Match(ReadOnlySpan<byte> topic, List<T> matches)
    {
        if (Count > 0)
        {
            Match(_root, topic, goesOn: true, wildcards: topic.IsEmpty || topic[0] != (byte)'$', matches);
        }
    }

    private static void Match(Node node, ReadOnlySpan<byte> rest, bool goesOn, bool wildcards, List<T> matches)
    {
        if (wildcards)
        {
            matches.AddRange(node.HashEntries);
        }

        if (!goesOn)
        {
            matches.AddRange(node.Entries);
            return;
        }

        ReadOnlySpan<byte> level = TopicRules.CutLevel(ref rest, out bool more);
        if (node.Children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out Node? child))
        {
            Match(child, rest, more, wildcards: true, matches);
        }

        if (wildcards && node.Plus is { } plus)
        {
            Match(plus, rest, more, wildcards: true, matches);
        }
    }

    private Node? Find(ReadOnlySpan<byte> filter, out bool isHash)
    {
        isHash = false;
        Node? node = _root;
        for (bool goesOn = true; goesOn && node is not null;)
        {
            ReadOnlySpan<byte> level = TopicRules.CutLevel(ref filter, out goesOn);
            if (level is [(byte)'#'])
            {
                isHash = true;
                return node;
            }

            node = level is [(byte)'+'] ? node.Plus
                : node.Children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out Node? child) ? child : null;
        }

        return node;
    }

    private Node FindOrAdd(ReadOnlySpan<byte> filter, out bool isHash)
    {
        isHash = false;
        Node node = _root;
        for (bool goesOn = true; goesOn;)
        {
            ReadOnlySpan<byte> level = TopicRules.CutLevel(ref filter, out goesOn);
            if (level is [(byte)'#'])
            {
                isHash = true;
                return node;
            }

            if (level is [(byte)'+'])
            {
                node = node.Plus ??= new Node(node, level.ToArray());
                continue;
            }

            node.Children ??= new ConcurrentDictionary<byte[], Node>(concurrencyLevel: 1, capacity: 1, LevelComparer.Instance);
            if (!node.Children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out Node? child))
            {
                byte[] key = level.ToArray();
                child = new Node(node, key);
                node.Children[key] = child;
            }

            node = child;
        }

        return node;
    }

    private static void Store(Node node, bool isHash, T[] entries)
    {
        if (isHash)
        {
            node.HashEntries = entries;
        }
        else
        {
            node.Entries = entries;
        }
    }

    private static void Prune(Node node)
    {
        while (node.Parent is { } parent && node.IsUnused)
        {
            if (ReferenceEquals(parent.Plus, node))
            {
                parent.Plus = null;
            }
            else
            {
                parent.Children?.TryRemove(node.Level, out _);
                if (parent.Children is { IsEmpty: true })
                {
                    parent.Children = null;
                }
            }

            node = parent;
        }
    }

    private sealed class Node(Node? parent, byte[] level)
    {
        public Node? Parent { get; } = parent;

        public byte[] Level { get; } = level;

        public volatile ConcurrentDictionary<byte[], Node>? Children;
        public volatile Node? Plus;

        /// <summary>Entries whose filter ends at this level.</summary>
        public volatile T[] Entries = [];

        /// <summary>Entries whose filter goes on with '#': they match this level and everything below.</summary>
        public volatile T[] HashEntries = [];

        public bool IsUnused => Children is null && Plus is null && Entries.Length == 0 && HashEntries.Length == 0;
    }
}
