using System.Collections.Concurrent;

namespace PouchMonitor.Gateway.Setup;

/// <summary>The assignments of all channels, each with those that held before it. Read by every worker; changes replace whole lists.</summary>
internal sealed class AssignmentBook
{
    /// <summary>Most channels that can be assigned.</summary>
    public const int MostChannels = 20_000;

    /// <summary>How many earlier assignments of a channel are kept, for samples that are judged again; the audit trail has them all.</summary>
    public const int MostKept = 32;

    private readonly ConcurrentDictionary<(string Node, string Channel), Assignment[]> channels = new();
    private readonly ConcurrentDictionary<string, string> benches = new(StringComparer.Ordinal);

    public AssignmentBook(IEnumerable<Assignment> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (Assignment assignment in stored)
        {
            Put(assignment);
        }

        foreach (Assignment assignment in Current.Where(each => each.Bench is not null).OrderBy(each => each.ChangedMicroseconds))
        {
            benches[assignment.Node] = assignment.Bench!;
        }
    }

    /// <summary>The bench named last on any channel of a node; null where none is. Asked for every node and alarm.</summary>
    public string? BenchOf(string node) => benches.GetValueOrDefault(node);

    /// <summary>Channels of which something was said.</summary>
    public int Count => channels.Count;

    /// <summary>What holds now on every channel that is assigned.</summary>
    public IEnumerable<Assignment> Current => channels.Values.Select(each => each[^1]).Where(each => each.Cell is not null);

    /// <summary>Takes what holds from now on.</summary>
    public void Set(Assignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        Put(assignment);
        string? bench = channels.Where(each => each.Key.Node == assignment.Node).Select(each => each.Value[^1])
            .Where(each => each is { Cell: not null, Bench: not null }).MaxBy(each => each.ChangedMicroseconds)?.Bench;
        if (bench is null)
        {
            benches.TryRemove(assignment.Node, out _);
        }
        else
        {
            benches[assignment.Node] = bench;
        }
    }

    private void Put(Assignment assignment) => channels.AddOrUpdate(
        (assignment.Node, assignment.Channel), [assignment], (_, before) => [.. before.TakeLast(MostKept - 1), assignment]);

    /// <summary>What was said last of a channel; null where nothing was. Its cell is null where it was taken back.</summary>
    public Assignment? Last(string node, string channel) => channels.TryGetValue((node, channel), out Assignment[]? all) ? all[^1] : null;

    /// <summary>What holds on a channel now; null where nothing does.</summary>
    public Assignment? Now(string node, string channel) => Last(node, channel) is { Cell: not null } last ? last : null;

    /// <summary>What holds for a sample of a channel; null where nothing does.</summary>
    public Assignment? At(string node, string channel, ulong boot, long number)
    {
        if (!channels.TryGetValue((node, channel), out Assignment[]? all))
        {
            return null;
        }

        Assignment? held = Array.FindLast(all, each => each.Holds(boot, number));
        return held is { Cell: not null } ? held : null;
    }

    /// <summary>Where assignments ended a running test on a channel, the first one first.</summary>
    public IEnumerable<BootPlace> Cuts(string node, string channel) => channels.TryGetValue((node, channel), out Assignment[]? all)
        ? all.Select(each => each.Cut).OfType<BootPlace>()
        : [];
}
