namespace PouchMonitor.Gateway.Store;

/// <summary>A test's name, given when its first sample is judged.</summary>
/// <param name="Test">The name.</param>
/// <param name="Cell">Its cell.</param>
/// <param name="Node">Node of the channel.</param>
/// <param name="Channel">Channel of the node.</param>
/// <param name="Boot">Boot of the first sample.</param>
/// <param name="FirstNumber">Number of the first sample.</param>
/// <param name="Ordinal">Place among all tests.</param>
public sealed record BegunTest(string Test, string Cell, string Node, string Channel, ulong Boot, long FirstNumber, long Ordinal);

/// <summary>
/// Names of tests that have begun and have no checkpoint yet. An alarm is stored at once and a test only with its first
/// checkpoint: without this, a test judged again after a crash could get another name, and its alarm would be a second one.
/// </summary>
public sealed partial class StateDatabase
{
    /// <summary>All of them, the first begun first.</summary>
    public IReadOnlyList<BegunTest> ReadBegunTests() => Read(
        "SELECT test, cell, node, channel, boot, first_number, ordinal FROM test_begun ORDER BY ordinal",
        row => new BegunTest(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
            unchecked((ulong)row.GetInt64(4)), row.GetInt64(5), row.GetInt64(6)));

    private void Save(BegunTest test) => Execute(
        "INSERT OR REPLACE INTO test_begun (test, cell, node, channel, boot, first_number, ordinal) VALUES ($t, $c, $n, $h, $b, $f, $o)",
        ("$t", test.Test), ("$c", test.Cell), ("$n", test.Node), ("$h", test.Channel), ("$b", unchecked((long)test.Boot)),
        ("$f", test.FirstNumber), ("$o", test.Ordinal));
}
