using System.Numerics;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// A column of 64-bit numbers as bytes that compress well: each value less a forecast from those before it, sign folded
/// in, then all lowest bytes, all second bytes, and so on for as many as the largest needs. Sums wrap, which loses nothing.
/// </summary>
/// <remarks>
/// Where few different remainders occur, as with values of a coarse converter that were written as decimals, they are listed
/// once and a byte each says which. The forecast is the first value (order 0: noise around a level), the value before (1: a ramp), or the line through the
/// two before (2: a clock), whichever leaves the fewest bits.
/// </remarks>
internal static class ColumnCoder
{
    private const int Orders = 3;
    private const int MostPlanes = 8;
    private const int Listed = 15;
    private const int MostListed = 256;
    private const int ValuesPerListed = 8;

    [ThreadStatic]
    private static Dictionary<long, int>? list;

    public static void Write(ByteBuffer to, ReadOnlySpan<long> values)
    {
        int order = BestOrder(values, out ulong largest);
        int planes = (BitOperations.Log2(largest | 1) / 8) + 1;
        planes = largest == 0 ? 0 : planes;
        if (planes > 1 && TryWriteListed(to, values, order))
        {
            return;
        }

        to.Byte((byte)(order | (planes << 2)));
        to.Signed(values.IsEmpty ? 0 : values[0]);
        if (planes == 0)
        {
            return;
        }

        // Every plane is written in one walk, each to its own stretch.
        int count = values.Length - 1;
        var bytes = to.Take(planes * count);
        var forecast = new Forecast(order, values[0]);
        for (int at = 0; at < count; at++)
        {
            ulong folded = Fold(forecast.Residual(values[at + 1]));
            for (int plane = 0; plane < planes; plane++)
            {
                bytes[(plane * count) + at] = (byte)(folded >> (8 * plane));
            }
        }
    }

    /// <summary>Fills <paramref name="values"/>; false when the bytes make no sense.</summary>
    public static bool TryRead(ref ByteReader from, Span<long> values)
    {
        byte head = from.Byte();
        int order = head & 3;
        int planes = head >> 2;
        long first = from.Signed();
        if (from.Failed || order >= Orders || (planes > MostPlanes && planes != Listed))
        {
            return false;
        }

        if (values.IsEmpty)
        {
            return true;
        }

        if (planes == Listed)
        {
            return TryReadListed(ref from, values, order, first);
        }

        int count = values.Length - 1;
        var bytes = from.Bytes(planes * count);
        if (from.Failed)
        {
            return false;
        }

        values[0] = first;
        var forecast = new Forecast(order, first);
        for (int at = 0; at < count; at++)
        {
            ulong folded = 0;
            for (int plane = 0; plane < planes; plane++)
            {
                folded |= (ulong)bytes[(plane * count) + at] << (8 * plane);
            }

            values[at + 1] = forecast.Value(Unfold(folded));
        }

        return true;
    }

    private static bool TryWriteListed(ByteBuffer to, ReadOnlySpan<long> values, int order)
    {
        list ??= [];
        list.Clear();
        int most = Math.Min(MostListed, values.Length / ValuesPerListed);
        var forecast = new Forecast(order, values[0]);
        foreach (long value in values[1..])
        {
            long residual = forecast.Residual(value);
            if (!list.ContainsKey(residual))
            {
                if (list.Count == most)
                {
                    return false;
                }

                list[residual] = 0;
            }
        }

        to.Byte((byte)(order | (Listed << 2)));
        to.Signed(values[0]);
        to.Unsigned((ulong)list.Count);
        long before = 0;
        int place = 0;
        foreach (long residual in list.Keys.Order().ToList())
        {
            to.Signed(unchecked(residual - before));
            before = residual;
            list[residual] = place++;
        }

        var bytes = to.Take(values.Length - 1);
        forecast = new Forecast(order, values[0]);
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] = (byte)list[forecast.Residual(values[at + 1])];
        }

        return true;
    }

    private static bool TryReadListed(ref ByteReader from, Span<long> values, int order, long first)
    {
        Span<long> listed = stackalloc long[MostListed];
        int count = from.Count(MostListed);
        long before = 0;
        for (int at = 0; at < count; at++)
        {
            before = unchecked(before + from.Signed());
            listed[at] = before;
        }

        var bytes = from.Bytes(values.Length - 1);
        if (from.Failed)
        {
            return false;
        }

        values[0] = first;
        var forecast = new Forecast(order, first);
        for (int at = 0; at < bytes.Length; at++)
        {
            values[at + 1] = forecast.Value(listed[bytes[at]]);
        }

        return true;
    }

    private static int BestOrder(ReadOnlySpan<long> values, out ulong largest)
    {
        int best = 0;
        long least = long.MaxValue;
        largest = 0;
        for (int order = 0; order < Orders && values.Length > 1; order++)
        {
            var forecast = new Forecast(order, values[0]);
            long bits = 0;
            ulong most = 0;
            foreach (long value in values[1..])
            {
                ulong folded = Fold(forecast.Residual(value));
                bits += BitOperations.Log2(folded + 1 | 1);
                most |= folded;
            }

            if (bits < least)
            {
                (best, least, largest) = (order, bits, most);
            }
        }

        return best;
    }

    private static ulong Fold(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long Unfold(ulong folded) => (long)(folded >> 1) ^ -(long)(folded & 1);

    private struct Forecast(int order, long first)
    {
        private readonly int order = order;
        private long next = first;
        private long before = first;

        public long Residual(long value)
        {
            long residual = unchecked(value - next);
            Move(value);
            return residual;
        }

        public long Value(long residual)
        {
            long value = unchecked(next + residual);
            Move(value);
            return value;
        }

        private void Move(long value)
        {
            unchecked
            {
                next = order switch { 0 => next, 1 => value, _ => value + (value - before) };
            }

            before = value;
        }
    }
}
