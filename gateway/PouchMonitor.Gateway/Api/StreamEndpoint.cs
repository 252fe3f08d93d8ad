using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Server-sent events: a greeting, open alarms and all cells, then changes and alarms as they come, and a sign of life. With
/// <c>Last-Event-ID</c> (or <c>?lastEventId=</c>) a client goes on where it was; the greeting says whether it does.
/// </summary>
internal sealed class StreamEndpoint
{
    private const int SliceBytes = 32 * 1024;
    private const int LongestId = 64;
    private readonly GatewayServices gateway;
    private readonly LiveStream stream;
    private readonly LivePicture picture;

    public StreamEndpoint(GatewayServices gateway)
    {
        this.gateway = gateway;
        stream = gateway.Stream;
        picture = new LivePicture(gateway);
        gateway.Stopping.Register(stream.Wake);
    }

    public async Task Run(HttpContext context)
    {
        if (WebLimits.IsHead(context))
        {
            context.Response.ContentType = "text/event-stream";
            return; // It has no end to wait for.
        }

        string? lastId = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? context.Request.Query["lastEventId"].FirstOrDefault();
        if (lastId?.Length > LongestId)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest,
                $"Last-Event-ID has {lastId.Length} characters, more than {LongestId}.");
            return;
        }

        using LiveListener? listener = stream.Add();
        if (listener is null)
        {
            context.Response.Headers.RetryAfter = "30";
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable,
                $"{stream.Limits.Clients} dashboards are open, which is as many as this gateway serves.");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy that collects the answer would hold alarms back.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null; // Who is slow is dealt with here, and counted.
        }

        CancellationToken stop = context.RequestAborted;
        try
        {
            await Begin(context, listener, lastId, stop);
            while (!stop.IsCancellationRequested && !gateway.Stopping.IsCancellationRequested)
            {
                Task news = stream.News;
                stream.Take(listener);
                if (listener.Batch.IsEmpty)
                {
                    if (stream.NeedsBeat(listener))
                    {
                        context.Response.BodyWriter.Write(": alive\n\n"u8);
                        await Flush(context, stop);
                    }

                    await news.WaitAsync(stop);
                    continue;
                }

                await Send(context, listener, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The dashboard was closed.
        }
        catch (TimeoutException)
        {
            stream.Figures.Stall();
            context.Abort();
        }
    }

    private async Task Begin(HttpContext context, LiveListener listener, string? lastId, CancellationToken stop)
    {
        string? gap = lastId is null ? null : stream.Resume(listener, lastId);
        bool isResumed = lastId is not null && gap is null;
        context.Response.BodyWriter.Write(Format(isResumed ? lastId : null, "hello", Hello(isResumed, gap)));
        if (!isResumed)
        {
            await SendPicture(context, listener, stop);
        }

        await Flush(context, stop);
    }

    private async Task SendPicture(HttpContext context, LiveListener listener, CancellationToken stop)
    {
        LivePicture.Content now = picture.Get();
        listener.Lasting = now.Number;
        listener.Cells = now.Number;
        await WriteLong(context, now.Alarms, stop);
        await WriteLong(context, now.Cells, stop);
    }

    private async Task Send(HttpContext context, LiveListener listener, CancellationToken stop)
    {
        LiveBatch batch = listener.Batch;
        if (batch.IsGap)
        {
            context.Response.BodyWriter.Write(Format(null, "gap", """{"reason":"More has happened than is kept for a client that is slow."}"""u8));
            await SendPicture(context, listener, stop);
        }

        foreach (ReadOnlyMemory<byte> message in batch.Messages)
        {
            await WriteLong(context, message, stop);
        }

        if (batch.Newest.Count > 0)
        {
            await WriteLong(context, Newest(batch), stop);
        }

        await Flush(context, stop);
    }

    private byte[] Newest(LiveBatch batch)
    {
        ArrayBufferWriter<byte> json = new();
        json.Write("["u8);
        foreach (NewestOfChannel channel in batch.Newest)
        {
            // Made once for all that are slow; two at the same time make the same.
            byte[] one = channel.Json ??= JsonBytes.Write(writer => GatewayEndpoints.WriteCells(writer, gateway, [channel.View]));
            if (json.WrittenCount > 1)
            {
                json.Write(","u8);
            }

            json.Write(one.AsSpan(1, one.Length - 2));
        }

        json.Write("]"u8);
        return Format(stream.IdOf(batch.NewestNumber), "cells", json.WrittenSpan);
    }

    // In slices, so that what waits for one client is bounded whatever the length.
    private async ValueTask WriteLong(HttpContext context, ReadOnlyMemory<byte> message, CancellationToken stop)
    {
        while (message.Length > SliceBytes)
        {
            context.Response.BodyWriter.Write(message.Span[..SliceBytes]);
            message = message[SliceBytes..];
            await Flush(context, stop);
        }

        context.Response.BodyWriter.Write(message.Span);
    }

    private async ValueTask Flush(HttpContext context, CancellationToken stop)
    {
        ValueTask<FlushResult> flush = context.Response.BodyWriter.FlushAsync(stop);
        FlushResult result = flush.IsCompletedSuccessfully ? flush.Result : await flush.AsTask().WaitAsync(stream.Limits.Stall, stop);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException();
        }
    }

    private static byte[] Format(string? id, string name, ReadOnlySpan<byte> json)
    {
        byte[] head = Encoding.UTF8.GetBytes($"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: ");
        return [.. head, .. json, (byte)'\n', (byte)'\n'];
    }

    private byte[] Hello(bool isResumed, string? gap) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("serverTime", gateway.NowMicroseconds() / 1e6);
        writer.WriteString("version", GatewayServices.Version);
        writer.WriteString("mqtt", gateway.MqttAddress);
        writer.WriteBoolean("resumed", isResumed);
        writer.WriteString("gap", gap);
        writer.WriteEndObject();
    });
}
