using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Api.Door;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// MQTT over WebSocket under the HTTP port. It needs no account, since the CONNECT inside carries a node's credentials and
/// meets the same rules as over a socket; but pages of other sites do not get as far as that.
/// </summary>
internal static class MqttWebSocket
{
    public const string Path = "/mqtt";

    private const string Protocol = "mqtt";

    public static void Map(WebApplication web, MqttServer mqtt) => web.Map(Path, context => Serve(context, mqtt)).OpenToAll();

    private static async Task Serve(HttpContext context, MqttServer mqtt)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await GatewayEndpoints.Fail(context, StatusCodes.Status426UpgradeRequired, "MQTT is spoken here over WebSocket.");
            return;
        }

        if (HttpAccess.IsForeign(context.Request))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status403Forbidden, "A page of another site may not speak MQTT here.");
            return;
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol, StringComparer.Ordinal))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"The WebSocket must ask for the subprotocol '{Protocol}'.");
            return;
        }

        // MQTT has a keep-alive of its own.
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = Protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        IPAddress address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        await mqtt.ServeWebSocketAsync(socket, new IPEndPoint(address, context.Connection.RemotePort));
    }
}
