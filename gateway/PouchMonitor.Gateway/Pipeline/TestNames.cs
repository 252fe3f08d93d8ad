using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Names of tests, <c>cell@n</c>. The same first sample gets the same name, also when it is judged again after a crash that
/// came before the test's first checkpoint.
/// </summary>
internal sealed class TestNames
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Node, string Channel, ulong Boot, long FirstNumber), BegunTest> begun = [];
    private readonly Action<BegunTest> given;
    private long ordinal;

    /// <param name="stored">Tests with a checkpoint.</param>
    /// <param name="begun">Tests that have begun and have none.</param>
    /// <param name="given">Told of each name that is new.</param>
    public TestNames(IEnumerable<TestRecord> stored, IReadOnlyCollection<BegunTest> begun, Action<BegunTest> given)
    {
        this.given = given;
        ordinal = Math.Max(
            stored.Select(test => test.Ordinal).DefaultIfEmpty(0).Max(), begun.Select(test => test.Ordinal).DefaultIfEmpty(0).Max());
        foreach (BegunTest test in begun)
        {
            this.begun[(test.Node, test.Channel, test.Boot, test.FirstNumber)] = test;
        }
    }

    /// <summary>The name of the test that begins there; from any thread.</summary>
    public BegunTest Begin(string node, string channel, string cell, TestSegment segment)
    {
        lock (gate)
        {
            // Of another cell, since somebody has set the channel up anew meanwhile: that is another test.
            if (begun.Remove((node, channel, segment.Boot, segment.FirstNumber), out BegunTest? known) && known.Cell == cell)
            {
                return known;
            }

            long number = ++ordinal;
            BegunTest test = new($"{cell}@{number}", cell, node, channel, segment.Boot, segment.FirstNumber, number);
            given(test);
            return test;
        }
    }
}
