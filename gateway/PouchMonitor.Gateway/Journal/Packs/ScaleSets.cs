using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>The scales of all columns as frames have them; few differ within a boot.</summary>
internal static class ScaleSets
{
    public static ColumnScale[] Copy(ColumnScale[] scales) => [.. scales.Select(scale =>
    {
        var copy = new ColumnScale();
        copy.CopyFrom(scale);
        return copy;
    })];

    public static bool AreSame(ColumnScale[] one, ColumnScale[] other)
    {
        for (int column = 0; column < one.Length; column++)
        {
            if (!one[column].SameAs(other[column]))
            {
                return false;
            }
        }

        return true;
    }

    public static void Write(ByteBuffer to, List<ColumnScale[]> sets)
    {
        to.Unsigned((ulong)sets.Count);
        foreach (var scale in sets.SelectMany(set => set))
        {
            to.Signed(scale.Offset);
            to.Signed(scale.Numerator);
            to.Signed(scale.Denominator);
            to.Unsigned(scale.CalibrationId);
        }
    }

    public static bool TryRead(ref ByteReader from, List<ColumnScale[]> sets, int most)
    {
        sets.Clear();
        int count = from.Count(most);
        for (int at = 0; at < count && !from.Failed; at++)
        {
            var set = new ColumnScale[SampleColumns.Count];
            for (int column = 0; column < set.Length; column++)
            {
                set[column] = new ColumnScale
                {
                    Offset = from.Signed(),
                    Numerator = from.Signed(),
                    Denominator = from.Signed(),
                    CalibrationId = (uint)from.Unsigned(),
                };
            }

            sets.Add(set);
        }

        return !from.Failed;
    }
}
