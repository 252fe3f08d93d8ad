using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Tests.Journal;

public sealed class RangeSetTests
{
    [Fact]
    public void RandomRanges_AreAsASetOfNumbersSays()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            var set = default(RangeSet);
            var model = new bool[120];
            var snapshots = new List<(RangeSet Copy, bool[] Model)>();
            for (int step = 0; step < 40; step++)
            {
                int first = random.Next(100);
                int end = first + random.Next(1, 12);
                bool overlaps = model[first..end].Any(taken => taken);
                Assert.True(set.Overlaps(first, end) == overlaps, $"seed {seed}");
                if (!overlaps)
                {
                    int before = set.Count;
                    bool splits = set.WouldSplit(first, end);
                    var copy = set;
                    copy.Freeze();
                    copy.Add(first, end);
                    Assert.True(splits == copy.Count > before, $"seed {seed}");
                }

                set.Add(first, end);
                Array.Fill(model, true, first, end - first);
                Assert.True(RangesOf(model).SequenceEqual(set.ToArray()), $"seed {seed}");
                Assert.Equal(Array.IndexOf(model, false), set.ReachFromZero);
                if (random.Next(5) == 0)
                {
                    set.Freeze();
                    snapshots.Add((set, [.. model]));
                }
            }

            Assert.All(snapshots, each => Assert.True(RangesOf(each.Model).SequenceEqual(each.Copy.ToArray()), $"seed {seed}"));
        }
    }

    [Fact]
    public void AnEmptySet_ReachesNothing()
    {
        var set = default(RangeSet);
        Assert.Equal(0, set.Count);
        Assert.Equal(0, set.ReachFromZero);
        Assert.False(set.Overlaps(0, long.MaxValue));
    }

    private static List<SampleRange> RangesOf(bool[] model)
    {
        var ranges = new List<SampleRange>();
        for (int at = 0; at < model.Length; at++)
        {
            if (model[at] && (at == 0 || !model[at - 1]))
            {
                int end = Array.IndexOf(model, false, at);
                ranges.Add(new SampleRange(at, end));
            }
        }

        return ranges;
    }
}
