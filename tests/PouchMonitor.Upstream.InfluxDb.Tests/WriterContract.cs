using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Upstream.InfluxDb.Tests;

/// <summary>What every writer to InfluxDB 2 has to do, request by request, whatever library is behind it.</summary>
public abstract class WriterContract
{
    private const string Line = "cell_sample,cell=a,channel=1,node=n voltage_v=3.7 1780000000000001";
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(Line + "\n" + Line + "1\n");

    [Fact]
    public async Task ABatch_IsOneCompressedRequest_InMicroseconds_WithTheToken()
    {
        SkipWhereAbsent();
        await using Server server = await Server.StartAsync(204, "");
        await using IInfluxWriter writer = Create(server.Options());
        Assert.Equal(InfluxOutcome.Accepted, (await writer.WriteAsync(Lines, TestContext.Current.CancellationToken)).Outcome);
        (string method, string path, IQueryCollection query, string authorization, string encoding, string body) = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/api/v2/write", "Token t0ken", "gzip"), (method, path, authorization, encoding));
        Assert.Equal(("lab & co", "cells/1", "us"), (query["org"].ToString(), query["bucket"].ToString(), query["precision"].ToString().ToLowerInvariant()));
        Assert.Equal([Line, Line + "1"], body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(400, InfluxOutcome.SomethingRefused)]
    [InlineData(422, InfluxOutcome.SomethingRefused)]
    [InlineData(413, InfluxOutcome.SomethingRefused)]
    [InlineData(401, InfluxOutcome.NotAllowed)]
    [InlineData(404, InfluxOutcome.NotAllowed)]
    [InlineData(429, InfluxOutcome.TryLater)]
    [InlineData(500, InfluxOutcome.TryLater)]
    [InlineData(503, InfluxOutcome.TryLater)]
    public async Task AnAnswer_IsUnderstood_AndSaidWithoutTheToken(int status, InfluxOutcome outcome)
    {
        SkipWhereAbsent();
        await using Server server = await Server.StartAsync(status, """{"code":"x","message":"so it is"}""", retryAfter: status is 429 or 503 ? "7" : null);
        await using IInfluxWriter writer = Create(server.Options());
        InfluxWriteResult result = await writer.WriteAsync(Lines, TestContext.Current.CancellationToken);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains("so it is", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", result.Reason, StringComparison.Ordinal);
        Assert.Equal(status is 429 or 503 ? TimeSpan.FromSeconds(7) : null, result.RetryAfter);
    }

    [Fact]
    public async Task AServerThatHangsOrIsAbsent_IsTriedLater()
    {
        SkipWhereAbsent();
        await using Server server = await Server.StartAsync(status: null, "");
        await using IInfluxWriter hanging = Create(server.Options() with { AnswerTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal(InfluxOutcome.TryLater, (await hanging.WriteAsync(Lines, TestContext.Current.CancellationToken)).Outcome);
        await using IInfluxWriter absent = Create(server.Options() with { Url = new Uri("http://127.0.0.1:9") });
        Assert.Equal(InfluxOutcome.TryLater, (await absent.WriteAsync(Lines, TestContext.Current.CancellationToken)).Outcome);
    }

    protected abstract void SkipWhereAbsent();

    protected abstract IInfluxWriter Create(InfluxOptions options);

    private sealed class Server(WebApplication web) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Method, string Path, IQueryCollection Query, string Authorization, string Encoding, string Body)> Requests { get; } = new();

        public static async Task<Server> StartAsync(int? status, string answer, string? retryAfter = null)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            WebApplication web = builder.Build();
            Server server = new(web);
            web.Run(async context =>
            {
                await using GZipStream plain = new(context.Request.Body, CompressionMode.Decompress);
                using StreamReader reader = new(plain);
                string body = await reader.ReadToEndAsync();
                HttpRequest request = context.Request;
                server.Requests.Enqueue((request.Method, request.Path, request.Query, request.Headers.Authorization.ToString(), request.Headers.ContentEncoding.ToString(), body));
                if (status is not { } code)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                context.Response.StatusCode = code;
                context.Response.Headers.RetryAfter = retryAfter;
                context.Response.ContentType = "application/json";
                if (code != StatusCodes.Status204NoContent)
                {
                    await context.Response.WriteAsync(answer);
                }
            });
            await web.StartAsync();
            return server;
        }

        public InfluxOptions Options() => new()
        {
            Url = new Uri(web.Urls.First()), Kind = InfluxKind.InfluxDb2, Organization = "lab & co", Database = "cells/1", Token = "t0ken",
        };

        public async ValueTask DisposeAsync()
        {
            await web.StopAsync(new CancellationToken(canceled: true));
            await web.DisposeAsync();
        }
    }
}
