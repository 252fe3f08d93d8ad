using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api;

/// <summary>Server-sent events: a greeting, all cells, then changes and alarms as they come, and a sign of life.</summary>
internal sealed class StreamEndpoint(GatewayServices gateway)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    public async Task Run(HttpContext context)
    {
        using LiveStream.Listener? listener = gateway.Stream.Add();
        if (listener is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable,
                $"More than {LiveStream.MostListeners} dashboards are open.");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        CancellationToken stop = context.RequestAborted;
        try
        {
            await Send(context, gateway.Stream.Format("hello", Hello()), stop);
            await Send(context, FullPicture(), stop);
            await context.Response.Body.FlushAsync(stop);
            while (!stop.IsCancellationRequested && !gateway.Stopping.IsCancellationRequested)
            {
                await Next(context, listener, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The dashboard was closed.
        }
    }

    private async Task Next(HttpContext context, LiveStream.Listener listener, CancellationToken stop)
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(stop, gateway.Stopping);
        wait.CancelAfter(SignOfLife);
        try
        {
            await listener.Events.WaitToReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await Send(context, ": alive\n\n"u8.ToArray(), stop);
        }

        while (listener.Events.TryRead(out byte[]? message))
        {
            await Send(context, message, stop);
        }

        if (listener.FellBehind)
        {
            listener.FellBehind = false;
            await Send(context, FullPicture(), stop);
        }

        await context.Response.Body.FlushAsync(stop);
    }

    private static async Task Send(HttpContext context, byte[] message, CancellationToken stop) =>
        await context.Response.Body.WriteAsync(message, stop);

    private byte[] FullPicture() => gateway.Stream.Format(
        "cells", JsonBytes.Write(writer => GatewayEndpoints.WriteCells(writer, gateway, gateway.State.Channels)));

    private byte[] Hello() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("serverTime", gateway.NowMicroseconds() / 1e6);
        writer.WriteString("version", GatewayServices.Version);
        writer.WriteString("mqtt", gateway.MqttAddress);
        writer.WriteEndObject();
    });
}
