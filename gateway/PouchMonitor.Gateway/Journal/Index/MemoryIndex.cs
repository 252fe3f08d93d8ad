using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>
/// Index of a segment that is being written, or has been and is not sealed yet. One thread adds, commits and rolls back;
/// what is committed may be read by any.
/// </summary>
internal sealed class MemoryIndex
{
    private const int ChunkEntries = 2048;
    private readonly List<LocalStream> streams = [];
    private readonly Dictionary<StreamId, LocalStream> byId = [];
    private readonly List<LocalStream> touched = [];
    private readonly List<(int Local, SampleRange Range)> declared = [];
    private IndexEntry[][] chunks = new IndexEntry[16][];
    private int[] places = new int[4096];
    private int committedStreams;
    private int committedDeclared;
    private int committedCount;

    /// <summary>Entries, those of the group under way included.</summary>
    public int Count { get; private set; }

    /// <summary>Streams, those of the group under way included.</summary>
    public int StreamCount => streams.Count;

    /// <summary>Ranges declared dropped, by stream, that are durable.</summary>
    public IEnumerable<(int Local, SampleRange Range)> Declared => declared.Take(committedDeclared);

    public LocalStream Define(StreamDefinition definition)
    {
        var local = new LocalStream(this, definition);
        lock (byId)
        {
            streams.Add(local);
            byId[definition.Id] = local;
        }

        return local;
    }

    public LocalStream? Find(StreamId id)
    {
        lock (byId)
        {
            return byId.GetValueOrDefault(id);
        }
    }

    public LocalStream? Find(int local)
    {
        lock (byId)
        {
            return (uint)local < (uint)streams.Count ? streams[local] : null;
        }
    }

    public LocalStream[] AllStreams()
    {
        lock (byId)
        {
            return [.. streams];
        }
    }

    public void Add(LocalStream stream, in FrameFacts frame, long? anchor, int offset)
    {
        int at = Count++;
        int chunk = at / ChunkEntries;
        if (chunk == chunks.Length)
        {
            Array.Resize(ref chunks, chunks.Length * 2);
        }

        chunks[chunk] ??= new IndexEntry[ChunkEntries];
        chunks[chunk][at % ChunkEntries] = new IndexEntry
        {
            First = frame.First,
            FirstTime = frame.FirstTime,
            Count = frame.Count,
            Offset = offset,
            Local = stream.Definition.Local,
            Previous = stream.Head,
        };
        stream.Head = at;
        stream.Facts.Add(LocalFacts.Of(frame, anchor));
        if (!stream.IsTouched)
        {
            stream.IsTouched = true;
            touched.Add(stream);
        }

        if (frame.Dropped > 0)
        {
            declared.Add((stream.Definition.Local, new SampleRange(frame.First - frame.Dropped, frame.First)));
        }

        Place(at);
    }

    /// <summary>Entry of an identity; of several the newest. -1 when there is none.</summary>
    public int Find(int local, long first, int count)
    {
        int found = -1;
        int mask = places.Length - 1;
        for (int slot = Slot(local, first, mask); places[slot] != 0; slot = (slot + 1) & mask)
        {
            ref var entry = ref At(places[slot] - 1);
            if (entry.First == first && entry.Local == local && entry.Count == count)
            {
                found = Math.Max(found, places[slot] - 1);
            }
        }

        return found;
    }

    public ref IndexEntry At(int index) => ref chunks[index / ChunkEntries][index % ChunkEntries];

    public void Commit()
    {
        foreach (var stream in touched)
        {
            stream.Commit();
        }

        touched.Clear();
        committedStreams = streams.Count;
        committedDeclared = declared.Count;
        committedCount = Count;
    }

    public void RollBack()
    {
        foreach (var stream in touched)
        {
            stream.RollBack();
        }

        touched.Clear();
        lock (byId)
        {
            for (int at = streams.Count - 1; at >= committedStreams; at--)
            {
                byId.Remove(streams[at].Definition.Id);
                streams.RemoveAt(at);
            }
        }

        declared.RemoveRange(committedDeclared, declared.Count - committedDeclared);
        Count = committedCount;
        Array.Clear(places);
        for (int at = 0; at < Count; at++)
        {
            Put(at);
        }
    }

    /// <summary>Durable entries of a stream in order of their sample numbers.</summary>
    public List<IndexEntry> EntriesOf(LocalStream stream, int head)
    {
        var entries = new List<IndexEntry>();
        for (int at = head; at >= 0; at = entries[^1].Previous)
        {
            entries.Add(At(at));
        }

        // Mostly they came in order, so that the walk back finds them the wrong way round.
        entries.Reverse();
        var span = CollectionsMarshal.AsSpan(entries);
        for (int at = 1; at < span.Length; at++)
        {
            if (IndexEntry.InOrder(span[at - 1], span[at]) > 0)
            {
                span.Sort(IndexEntry.InOrder);
                break;
            }
        }

        return entries;
    }

    private static int Slot(int local, long first, int mask)
    {
        ulong hash = ((ulong)first * 0x9E37_79B9_7F4A_7C15UL) ^ ((ulong)local * 0xC2B2_AE3D_27D4_EB4FUL);
        return (int)((hash ^ (hash >> 32)) & (uint)mask);
    }

    private void Place(int at)
    {
        if ((at + 1) * 2 > places.Length)
        {
            places = new int[places.Length * 2];
            for (int each = 0; each < at; each++)
            {
                Put(each);
            }
        }

        Put(at);
    }

    private void Put(int at)
    {
        ref var entry = ref At(at);
        int mask = places.Length - 1;
        int slot = Slot(entry.Local, entry.First, mask);
        while (places[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        places[slot] = at + 1;
    }
}
