using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>
/// Stands in for each kind of server by its documented protocol: looks at every byte of a request, keeps points as the real
/// ones do (same series and time: fields are merged), and answers as it is told to. What breaks the protocol is in
/// <see cref="Complaints"/>.
/// </summary>
internal sealed class StrictServer : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly InfluxKind kind;

    private StrictServer(InfluxKind kind)
    {
        this.kind = kind;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        web = builder.Build();
        web.Run(TakeAsync);
    }

    public Uri Url => new(web.Urls.First());

    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Requests so far: path with query, and authorization.</summary>
    public ConcurrentQueue<(string Target, string Authorization, string[] Lines)> Requests { get; } = new();

    /// <summary>Points by series and time.</summary>
    public ConcurrentDictionary<(string Series, long Time), SortedDictionary<string, string>> Points { get; } = new();

    /// <summary>Answers in place of the server, where it returns true; called with the lines.</summary>
    public Func<HttpContext, string[], Task<bool>>? Instead { get; set; }

    /// <summary>Lines that this server refuses though they keep to the grammar.</summary>
    public Predicate<string> Refuses { get; set; } = static _ => false;

    public static async Task<StrictServer> StartAsync(InfluxKind kind)
    {
        StrictServer server = new(kind);
        await server.web.StartAsync();
        return server;
    }

    public InfluxOptions Options() => new()
    {
        Url = Url,
        Kind = kind,
        Organization = kind == InfluxKind.InfluxDb2 ? "lab & co" : null,
        Database = "cells/1",
        Token = kind is InfluxKind.InfluxDb2 or InfluxKind.InfluxDb3 ? "t0ken==" : null,
        UserName = kind is InfluxKind.InfluxDb1 ? "ada" : null,
        Password = kind is InfluxKind.InfluxDb1 ? "s3cret:" : null,
        BatchAge = TimeSpan.FromMilliseconds(10),
        AnswerTimeout = TimeSpan.FromSeconds(30),
        Retry = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)),
    };

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string expected = kind switch
        {
            InfluxKind.InfluxDb1 => "/write?db=cells%2F1&precision=u",
            InfluxKind.InfluxDb2 => "/api/v2/write?org=lab%20%26%20co&bucket=cells%2F1&precision=us",
            InfluxKind.InfluxDb3 => "/api/v3/write_lp?db=cells%2F1&precision=microsecond",
            _ => "/write?db=cells%2F1&precision=u",
        };
        string target = request.Path + request.QueryString;
        string authorization = request.Headers.Authorization.ToString();
        Expect(request.Method == "POST", $"method {request.Method}");
        Expect(target == expected, $"target {target}");
        Expect(request.Headers.ContentEncoding == "gzip", $"encoding {request.Headers.ContentEncoding}");
        Expect(request.ContentType == "text/plain; charset=utf-8", $"type {request.ContentType}");
        Expect(request.ContentLength > 0, "no length");
        Expect(authorization == kind switch
        {
            InfluxKind.InfluxDb1 => "Basic " + Convert.ToBase64String("ada:s3cret:"u8),
            InfluxKind.InfluxDb2 => "Token t0ken==",
            InfluxKind.InfluxDb3 => "Bearer t0ken==",
            _ => "",
        }, $"authorization {authorization}");
        using MemoryStream plain = new();
        await using (GZipStream gzip = new(request.Body, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(plain);
        }

        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(plain.ToArray());
        Expect(text.EndsWith('\n'), "the last line does not end");
        string[] lines = text.Split('\n')[..^1];
        Requests.Enqueue((target, authorization, lines));
        if (Instead is { } instead && await instead(context, lines))
        {
            return;
        }

        await StoreAsync(context, lines);
    }

    private async Task StoreAsync(HttpContext context, string[] lines)
    {
        List<int> refused = [];
        for (int at = 0; at < lines.Length; at++)
        {
            StrictLine? line = StrictLine.TryParse(lines[at]);
            Expect(line is not null, $"line {lines[at]}");
            if (line is null || Refuses(lines[at]))
            {
                refused.Add(at);
                continue;
            }

            InfluxMeasurement? measurement = InfluxSchema.All.SingleOrDefault(known => known.Name == line.Measurement);
            Expect(measurement is not null && line.Fields.Keys.All(field => measurement.Fields.Any(known => known.Name == field)), $"names of {lines[at]}");
            SortedDictionary<string, string> point = Points.GetOrAdd((line.Series, line.Time), static _ => new(StringComparer.Ordinal));
            foreach ((string field, string value) in line.Fields)
            {
                point[field] = value;
            }
        }

        context.Response.StatusCode = refused.Count == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
        if (refused.Count > 0 && kind == InfluxKind.InfluxDb3)
        {
            string data = string.Join(",", refused.Select(at => $$"""{"original_line":"x","line_number":{{at + 1}},"error_message":"no such type"}"""));
            await context.Response.WriteAsync($$"""{"error":"partial write of line protocol occurred","data":[{{data}}]}""");
        }
        else if (refused.Count > 0)
        {
            string word = kind == InfluxKind.InfluxDb2 ? "message" : "error";
            await context.Response.WriteAsync($$"""{"{{word}}":"partial write: field type conflict dropped={{refused.Count}}"}""");
        }
    }

    private void Expect(bool isSo, string complaint)
    {
        if (!isSo)
        {
            Complaints.Enqueue(complaint);
        }
    }
}
