using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Roll-ups of one stream at one level, a row a bucket: number of samples, and of each column the number of good values, the
/// lowest, the highest and the sum, as counts, so that rows of the same bucket from different packs add up exactly. Buckets
/// are cut on the stream's own clock, so that a boot whose anchor becomes known later needs no new ones.
/// </summary>
internal sealed class RollUpRows
{
    public readonly LongColumn Bucket = new();

    /// <summary>Number of the first sample, and the number after the last.</summary>
    public readonly LongColumn First = new();
    public readonly LongColumn End = new();
    public readonly LongColumn Samples = new();
    public readonly LongColumn ScaleOf = new();
    public readonly LongColumn[] Good = Make();
    public readonly LongColumn[] Lowest = Make();
    public readonly LongColumn[] Highest = Make();
    public readonly LongColumn[] Sum = Make();

    private const int MostScales = 1 << 20;
    private readonly LongColumn scratch = new();

    public List<ColumnScale[]> Scales { get; } = [];

    public int Count => Bucket.Count;

    public long MemoryBytes => Count * 8L * (5 + (4 * SampleColumns.Count));

    public void Clear()
    {
        foreach (var column in Columns())
        {
            column.Clear();
        }

        Scales.Clear();
    }

    public void Add(RollUpCell row, ColumnScale[] scales)
    {
        if (Scales.Count == 0 || !ScaleSets.AreSame(Scales[^1], scales))
        {
            Scales.Add(ScaleSets.Copy(scales));
        }

        Bucket.Add(row.Bucket);
        First.Add(row.First);
        End.Add(row.End);
        Samples.Add(row.Samples);
        ScaleOf.Add(Scales.Count - 1);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Good[column].Add(row.Good[column]);
            Lowest[column].Add(row.Lowest[column]);
            Highest[column].Add(row.Highest[column]);
            Sum[column].Add(row.Sum[column]);
        }
    }

    public void Write(ByteBuffer to)
    {
        ScaleSets.Write(to, Scales);
        ColumnCoder.Write(to, Bucket.Values);
        ColumnCoder.Write(to, First.Values);
        ColumnCoder.Write(to, Minus(End, First));
        ColumnCoder.Write(to, Samples.Values);
        ColumnCoder.Write(to, ScaleOf.Values);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            ColumnCoder.Write(to, Minus(Samples, Good[column]));
            ColumnCoder.Write(to, Lowest[column].Values);
            ColumnCoder.Write(to, Minus(Highest[column], Lowest[column]));
            ColumnCoder.Write(to, AboveLowest(column));
        }
    }

    public bool TryRead(ReadOnlySpan<byte> bytes, int rows)
    {
        Clear();
        var from = new ByteReader(bytes);
        bool isRead = ScaleSets.TryRead(ref from, Scales, MostScales)
            && ColumnCoder.TryRead(ref from, Bucket.Take(rows))
            && ColumnCoder.TryRead(ref from, First.Take(rows))
            && ColumnCoder.TryRead(ref from, End.Take(rows))
            && ColumnCoder.TryRead(ref from, Samples.Take(rows))
            && ColumnCoder.TryRead(ref from, ScaleOf.Take(rows));
        for (int column = 0; isRead && column < SampleColumns.Count; column++)
        {
            isRead = ColumnCoder.TryRead(ref from, Good[column].Take(rows))
                && ColumnCoder.TryRead(ref from, Lowest[column].Take(rows))
                && ColumnCoder.TryRead(ref from, Highest[column].Take(rows))
                && ColumnCoder.TryRead(ref from, Sum[column].Take(rows));
        }

        if (!isRead || from.Failed)
        {
            return false;
        }

        for (int at = 0; at < rows; at++)
        {
            if ((ulong)ScaleOf[at] >= (ulong)Scales.Count)
            {
                return false;
            }

            End.Values[at] += First[at];
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                Good[column].Values[at] = Samples[at] - Good[column][at];
                Highest[column].Values[at] = unchecked(Highest[column][at] + Lowest[column][at]);
                Sum[column].Values[at] = unchecked(Sum[column][at] + (Lowest[column][at] * Good[column][at]));
            }
        }

        return true;
    }

    private LongColumn[] Columns() => [Bucket, First, End, Samples, ScaleOf, .. Good, .. Lowest, .. Highest, .. Sum];

    private static LongColumn[] Make() => [.. Enumerable.Range(0, SampleColumns.Count).Select(_ => new LongColumn())];

    private Span<long> Minus(LongColumn left, LongColumn right)
    {
        scratch.Clear();
        for (int at = 0; at < left.Count; at++)
        {
            scratch.Add(unchecked(left[at] - right[at]));
        }

        return scratch.Values;
    }

    private Span<long> AboveLowest(int column)
    {
        scratch.Clear();
        for (int at = 0; at < Count; at++)
        {
            scratch.Add(unchecked(Sum[column][at] - (Lowest[column][at] * Good[column][at])));
        }

        return scratch.Values;
    }
}
