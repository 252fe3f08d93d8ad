using System.Collections.Concurrent;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>The newest view of every channel, as the workers publish them.</summary>
public sealed class GatewayState
{
    private readonly ConcurrentDictionary<(string Node, string Channel), ChannelView> channels = new();

    public IEnumerable<ChannelView> Channels => channels.Values.OrderBy(view => CellOf(view), StringComparer.Ordinal);

    public void Publish(ChannelView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        channels[(view.Node, view.Channel)] = view;
    }

    /// <summary>A channel; null where it has not been heard.</summary>
    public ChannelView? Find(string node, string channel) => channels.GetValueOrDefault((node, channel));

    /// <summary>The test asked for, or the newest test of the cell that is kept in memory.</summary>
    public TestView? FindTest(string cell, string? test) => channels.Values.SelectMany(view => view.Tests)
        .Where(view => view.Record.Cell == cell && (test is null || view.Record.Test == test))
        .MaxBy(view => view.Record.Ordinal);

    /// <summary>Name of the cell on a channel; empty while it has no test.</summary>
    public static string CellOf(ChannelView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Tests.Count > 0 ? view.Tests[^1].Record.Cell : view.Node + "." + view.Channel;
    }
}
