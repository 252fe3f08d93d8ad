using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a test has recorded: <c>GET /abuse/{id}/trace?after=S&amp;points=N</c> and <c>GET /abuse/{id}/images?after=S&amp;limit=N</c>.</summary>
internal sealed class AbuseDataEndpoints(GatewayServices gateway)
{
    public const int FewestPoints = 10;
    public const int MostPoints = 20_000;
    public const int MostImages = 500;
    private const int UsualPoints = 2000;
    private const int UsualImages = 50;

    private AbuseDesk Desk => gateway.Abuse!;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/abuse/{id}/trace", context => AbuseAnswers.Guard(context, () => Trace(context)));
        api.MapGet("/abuse/{id}/images", context => AbuseAnswers.Guard(context, () => Images(context)));
    }

    private async Task Trace(HttpContext context)
    {
        string? problem = null;
        double after = GatewayEndpoints.Number(context, "after", ref problem) ?? double.NegativeInfinity;
        int points = (int)(GatewayEndpoints.Number(context, "points", ref problem) ?? UsualPoints);
        string id = (string)context.Request.RouteValues["id"]!;
        WatchFeed feed = await Desk.Cache.FindAsync(id, context.RequestAborted) ?? throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        IReadOnlyList<AbuseTrace> traces;
        long last;
        lock (feed.Gate)
        {
            traces = feed.Watch.Traces.Since(after, points);
            last = feed.LastMicroseconds;
        }

        await GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartObject();
            if (last == long.MinValue)
            {
                writer.WriteNull("lastAt");
            }
            else
            {
                writer.WriteNumber("lastAt", last / 1e6);
            }

            writer.WritePropertyName("traces");
            JsonSerializer.Serialize(writer, traces, AbuseJson.Options);
            writer.WriteEndObject();
        });
    }

    private async Task Images(HttpContext context)
    {
        string? problem = null;
        double? after = GatewayEndpoints.Number(context, "after", ref problem);
        string id = (string)context.Request.RouteValues["id"]!;
        AbuseRecord record = Desk.Book.Read(id) ?? throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        IReadOnlyList<AbuseImage> images = await Task.Run(() => new AbuseReplay(gateway.Journal, gateway.Nodes.Calibrations)
            .Images(record, after, Paging.Limit(context, UsualImages), context.RequestAborted), context.RequestAborted);
        await AbuseAnswers.Send(context, images);
    }
}
