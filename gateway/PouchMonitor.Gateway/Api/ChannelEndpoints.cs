using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Which cell is on which channel: <c>GET /channels</c>, <c>PUT /channels/{node}/{channel}</c> and <c>DELETE</c> of the same, which
/// goes back to the node's label. Every change answers with the channel as it is then.
/// </summary>
internal sealed class ChannelEndpoints(GatewayServices gateway)
{
    private const int MostShown = 20_000;
    private readonly ChannelSetup setup = new(gateway);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/channels", List);
        api.MapGet("/channels/{node}/{channel}", Show);
        api.MapPut("/channels/{node}/{channel}", context => Change(context, isRemoval: false)).Needs(Role.Operator);
        api.MapDelete("/channels/{node}/{channel}", context => Change(context, isRemoval: true)).Needs(Role.Operator);
    }

    private Task List(HttpContext context)
    {
        string? only = context.Request.Query["node"];
        SortedDictionary<(string Node, string Channel), ChannelView?> all = new(ChannelOrder.Instance);
        foreach (Nodes.NodeInfo node in gateway.Nodes.Nodes)
        {
            foreach (string channel in node.Channels.Keys)
            {
                all[(node.Node, channel)] = null;
            }
        }

        foreach (Assignment assignment in gateway.Setup.Assignments.Current)
        {
            all[(assignment.Node, assignment.Channel)] = null;
        }

        foreach (ChannelView view in gateway.State.Channels)
        {
            all[(view.Node, view.Channel)] = view;
        }

        return GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartArray();
            foreach (((string node, string channel), ChannelView? view) in all.Where(each => only is null || each.Key.Node == only).Take(MostShown))
            {
                ChannelJson.Write(writer, gateway, node, channel, view);
            }

            writer.WriteEndArray();
        });
    }

    private Task Show(HttpContext context)
    {
        (string node, string channel) = Place(context);
        ChannelView? view = gateway.State.Find(node, channel);
        bool isKnown = view is not null || gateway.Setup.Assignments.Last(node, channel) is not null
            || gateway.Nodes.Find(node)?.Channels.ContainsKey(channel) == true;
        return isKnown
            ? GatewayEndpoints.Send(context, writer => ChannelJson.Write(writer, gateway, node, channel, view))
            : GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"No channel '{channel}' of a node '{node}' is known.");
    }

    private async Task Change(HttpContext context, bool isRemoval)
    {
        if (await RequestBody.Read(context) is not { } text)
        {
            return;
        }

        try
        {
            AssignmentRequest request = AssignmentJson.Read(text, isRemoval);
            if (await RequestBody.Person(context, request.Person) is not { } person)
            {
                return;
            }

            (string node, string channel) = Place(context);
            await setup.Change(node, channel, request with { Person = person }, context.RequestAborted);
            await Show(context);
        }
        catch (SetupRefusal refusal)
        {
            await GatewayEndpoints.Fail(context, refusal.Status, refusal.Message);
        }
    }

    private static (string Node, string Channel) Place(HttpContext context) =>
        ((string)context.Request.RouteValues["node"]!, (string)context.Request.RouteValues["channel"]!);

    // Channel 2 stands before channel 10.
    private sealed class ChannelOrder : IComparer<(string Node, string Channel)>
    {
        public static readonly ChannelOrder Instance = new();

        public int Compare((string Node, string Channel) x, (string Node, string Channel) y)
        {
            int byNode = string.CompareOrdinal(x.Node, y.Node);
            int byLength = x.Channel.Length.CompareTo(y.Channel.Length);
            return byNode != 0 ? byNode : byLength != 0 ? byLength : string.CompareOrdinal(x.Channel, y.Channel);
        }
    }
}
