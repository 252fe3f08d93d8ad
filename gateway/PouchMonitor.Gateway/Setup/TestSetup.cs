using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Setup;

/// <summary>What a test is of, and what it is held against.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="ProfileName">Name of the profile; null where nobody has named one.</param>
/// <param name="Profile">The profile, with the limits that were set for the test.</param>
internal sealed record TestSetting(string Cell, string? ProfileName, CellProfile Profile);

/// <summary>
/// Says which cell is on a channel and with which profile its tests are judged: what somebody assigned, or else the node's
/// label and the profile configured for that cell.
/// </summary>
internal sealed class TestSetup(NodeDirectory nodes, AssignmentBook assignments, LabProfiles profiles)
{
    public AssignmentBook Assignments { get; } = assignments;

    public LabProfiles Profiles { get; } = profiles;

    /// <summary>For a test that would begin now.</summary>
    public TestSetting Now(string node, string channel) => Kept(Assignments.Now(node, channel), node, channel);

    /// <summary>For a test that begins at a place; the same whenever it is asked.</summary>
    public TestSetting At(string node, string channel, TestSegment first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return Kept(Assignments.At(node, channel, first.Boot, first.FirstNumber), node, channel);
    }

    /// <summary>The profile that a new test of a test's cell would take on its channel.</summary>
    public CellProfile ProfileOf(TestRecord test)
    {
        ArgumentNullException.ThrowIfNull(test);
        TestSetting now = Now(test.Node, test.Channel);
        return now.Cell == test.Cell ? now.Profile : Usual(null, test.Cell).Profile;
    }

    /// <summary>For a test that would begin now under an assignment that is not made yet.</summary>
    /// <exception cref="SetupRefusal">Its limits cannot be taken.</exception>
    public TestSetting Of(Assignment? assignment, string node, string channel) => With(assignment, node, channel, AssignedLimits.Apply);

    /// <summary>The profile without the limits set for the test.</summary>
    public CellProfile ProfileOf(Assignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        return Usual(assignment, assignment.Cell ?? nodes.LabelOf(assignment.Node, assignment.Channel)).Profile;
    }

    /// <summary>Bench of a channel: its own, or else its node's.</summary>
    public string BenchOf(string node, string channel) => Assignments.Now(node, channel)?.Bench ?? BenchOf(node);

    /// <summary>Bench of a node: the one that was named last on any of its channels, or else the node itself.</summary>
    public string BenchOf(string node) => Assignments.BenchOf(node) ?? node;

    // A test begins whatever has become of its profile since the limits were set.
    private TestSetting Kept(Assignment? assignment, string node, string channel) => With(assignment, node, channel, AssignedLimits.ApplyKept);

    private TestSetting With(
        Assignment? assignment, string node, string channel, Func<CellProfile, IReadOnlyDictionary<string, double>, CellProfile> limit)
    {
        string cell = assignment?.Cell ?? nodes.LabelOf(node, channel);
        (string? name, CellProfile profile) = Usual(assignment, cell);
        if (assignment is not { Limits.Count: > 0 })
        {
            return new TestSetting(cell, name, profile);
        }

        CellProfile limited = limit(profile, assignment.Limits);
        return new TestSetting(cell, limited.Name, limited);
    }

    private (string? Name, CellProfile Profile) Usual(Assignment? assignment, string cell)
    {
        string? name = assignment?.Profile ?? nodes.ProfileOf(cell);
        return name is not null && Profiles.TryGet(name, out CellProfile? profile) ? (name, profile) : (name, CellProfiles.Default);
    }
}
