namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>A growing column of numbers that is emptied and filled again without allocating.</summary>
internal sealed class LongColumn
{
    private long[] values = new long[256];

    public int Count { get; private set; }

    public Span<long> Values => values.AsSpan(0, Count);

    public long this[int at] => values[at];

    public void Add(long value) => Take(1)[0] = value;

    public void Add(ReadOnlySpan<long> more) => more.CopyTo(Take(more.Length));

    public void Clear() => Count = 0;

    public Span<long> Take(int count)
    {
        if (Count + count > values.Length)
        {
            Array.Resize(ref values, Math.Max(values.Length * 2, Count + count));
        }

        Count += count;
        return values.AsSpan(Count - count, count);
    }
}
