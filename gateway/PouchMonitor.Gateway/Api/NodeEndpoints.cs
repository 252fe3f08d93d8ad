using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Orders to nodes: <c>POST /nodes/{node}/commands</c> (<c>{"command":"identify","seconds":10}</c>) and
/// <c>POST /nodes/{node}/config</c> (settings as in the node's file), both with <c>?wait=SECONDS</c>. They answer what the node
/// answered: 200 where it acted, 409 with its reason where it refused, 504 where nothing came.
/// </summary>
internal sealed class NodeEndpoints(GatewayServices gateway)
{
    private const double UsualWaitSeconds = 15;
    private const double LongestWaitSeconds = 120;
    private const int LongestDetail = 200;

    // One change of settings at a time: each builds on what is retained for the node.
    private readonly SemaphoreSlim configTurn = new(1);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/nodes/{node}/commands", Command).Needs(Role.Operator);
        api.MapPost("/nodes/{node}/config", Config).Needs(Role.Operator);
    }

    private async Task Command(HttpContext context)
    {
        if (await Read(context) is not { } order)
        {
            return;
        }

        if (!order.Fields.ContainsKey("command"))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "'command' is missing.");
            return;
        }

        order.Fields.TryAdd("id", Guid.NewGuid().ToString("N"));
        string id = order.Fields["id"];
        if (!TopicNames.IsName(id))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "'id' must be 1 to 64 of A-Z a-z 0-9 . _ -.");
            return;
        }

        Record(context, "node.command", order, order.Fields["command"]);
        await Ask(context, order, "command", id, FlatFields.Write(order.Fields));
    }

    private async Task Config(HttpContext context)
    {
        if (await Read(context) is not { } order)
        {
            return;
        }

        if (order.Fields.Count == 0 || order.Fields.ContainsKey("revision"))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, order.Fields.Count == 0
                ? "There is no setting to change." : "'revision' is given by the gateway.");
            return;
        }

        Record(context, "node.config", order, string.Join(' ', order.Fields.Keys));
        await configTurn.WaitAsync(context.RequestAborted);
        try
        {
            await Change(context, order);
        }
        finally
        {
            configTurn.Release();
        }
    }

    /// <summary>
    /// What is retained holds every change so far, for a node that was away. A change that is refused is taken back, and a
    /// secret goes once the node has it.
    /// </summary>
    private async Task Change(HttpContext context, Order order)
    {
        string topic = TopicNames.Config(order.Node);
        byte[] topicUtf8 = Encoding.UTF8.GetBytes(topic);
        byte[] before = gateway.Mqtt!.RetainedMessages
            .FirstOrDefault(message => message.TopicUtf8.AsSpan().SequenceEqual(topicUtf8))?.Payload.ToArray() ?? [];
        Dictionary<string, string> all = FlatFields.Read(before, out _) ?? new(StringComparer.Ordinal);
        foreach ((string name, string value) in order.Fields)
        {
            all[name] = value;
        }

        string revision = Guid.NewGuid().ToString("N");
        all["revision"] = revision;
        NodeAnswer? answer = await Ask(context, order, "config", revision, FlatFields.Write(all));
        if (answer is { IsAccepted: false })
        {
            await Publish(topic, before, retain: true);
        }
        else if (answer is not null && all.Keys.Any(FlatFields.IsSecret))
        {
            await Publish(topic, FlatFields.Write(all.Where(field => !FlatFields.IsSecret(field.Key))), retain: true);
        }
    }

    private async Task<NodeAnswer?> Ask(HttpContext context, Order order, string kind, string id, byte[] payload)
    {
        if (payload.Length > FlatFields.LargestMessageBytes)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest,
                $"The message would have {payload.Length} bytes; a node takes at most {FlatFields.LargestMessageBytes}.");
            return null;
        }

        bool isConfig = kind == "config";
        string topic = isConfig ? TopicNames.Config(order.Node) : TopicNames.Command(order.Node);
        try
        {
            NodeAnswer? answer = await gateway.NodeMessages.AskAsync(
                order.Node, kind, id, () => Publish(topic, payload, isConfig), order.Wait, context.RequestAborted);
            if (answer is null)
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status504GatewayTimeout,
                    $"Node '{order.Node}' has not answered within {order.Wait.TotalSeconds:F0} s."
                    + (isConfig ? " It is told again when it connects." : " It may have acted all the same."));
                return null;
            }

            context.Response.StatusCode = answer.IsAccepted ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
            await GatewayEndpoints.Send(context, writer => Write(writer, answer));
            return answer;
        }
        catch (InvalidOperationException error)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status429TooManyRequests, error.Message);
            return null;
        }
    }

    // Names only: a value may be a secret.
    private void Record(HttpContext context, string action, Order order, string detail) => gateway.Database.Audit(
        gateway.NowMicroseconds(), HttpAccess.PersonOf(context), action, order.Node, detail[..Math.Min(detail.Length, LongestDetail)]);

    private static void Write(Utf8JsonWriter writer, NodeAnswer answer)
    {
        writer.WriteStartObject();
        if (!answer.IsAccepted)
        {
            writer.WriteString("error", answer.Detail.Length > 0 ? answer.Detail : "The node refused.");
        }

        foreach (JsonProperty field in answer.Event.EnumerateObject())
        {
            field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private Task Publish(string topic, byte[] payload, bool retain) => NodeCommands.PublishAsync(gateway, topic, payload, retain);

    private async Task<Order?> Read(HttpContext context)
    {
        string node = (string)context.Request.RouteValues["node"]!;
        if (gateway.Nodes.Find(node) is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"No node '{node}' is known.");
            return null;
        }

        string? text = context.Request.Query["wait"];
        double seconds = UsualWaitSeconds;
        if (text is not null && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds)
            && seconds is > 0 and <= LongestWaitSeconds))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"wait must be above 0 and at most {LongestWaitSeconds} s.");
            return null;
        }

        // One byte more shows that it is too long.
        byte[] body = new byte[FlatFields.LargestMessageBytes + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        string problem = $"The body has more than {FlatFields.LargestMessageBytes} bytes.";
        Dictionary<string, string>? fields = length > FlatFields.LargestMessageBytes ? null : FlatFields.Read(body.AsSpan(0, length), out problem);
        if (fields is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
            return null;
        }

        return new Order(node, fields, TimeSpan.FromSeconds(seconds));
    }

    private sealed record Order(string Node, Dictionary<string, string> Fields, TimeSpan Wait);
}
