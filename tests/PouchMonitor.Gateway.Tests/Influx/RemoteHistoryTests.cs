using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Influx.Remote;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>Reading back from servers that cannot be installed here: requests and answers as they are documented.</summary>
public sealed class RemoteHistoryTests
{
    private const long From = 1_780_000_000_000_000;

    [Fact]
    public async Task InfluxDb2_IsAskedInFlux_AndAnswersInCsv()
    {
        List<string> asked = [];
        await using WebApplication web = await ServeAsync(asked,
            "#datatype,string,long,dateTime:RFC3339,double,double,long,long\r\n#group,false,false,false,false,false,false,false\r\n#default,_result,,,,,,\r\n"
            + ",result,table,_time,voltage_v,current_a,sample_number,sensor_states\r\n"
            + ",_result,0,2026-05-28T20:26:40.000001Z,3.7,-1.5,41,\r\n,_result,0,2026-05-28T20:26:41Z,,0.25,42,153391684\r\n\r\n");
        using RemoteHistory history = new(Options(web, InfluxKind.InfluxDb2));
        List<Sample> samples = await ReadAsync(history);
        Assert.Equal("POST /api/v2/query?org=lab Token t0ken application/vnd.flux; charset=utf-8\n" + $$"""
            from(bucket: "cells")
              |> range(start: time(v: {{From}}000), stop: time(v: {{From + 2_000_001}}000))
              |> filter(fn: (r) => r._measurement == "cell_sample" and r.node == "n1" and r.channel == "1")
              |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
              |> group()
              |> sort(columns: ["_time"])
            """, Assert.Single(asked));
        Assert.Equal([(41L, From + 1), (42L, From + 1_000_000)], samples.Select(sample => (sample.Number, sample.TimeMicroseconds)));
        Assert.Equal((3.7, -1.5), (samples[0].Values[SampleColumns.Voltage], samples[0].Values[SampleColumns.Current]));
        Assert.True(samples[0].IsGood(SampleColumns.Voltage) && !samples[1].IsGood(SampleColumns.Voltage) && samples[1].IsGood(SampleColumns.Current));
        Assert.Equal(SensorState.Frozen, samples[1].StateOf(SampleColumns.Voltage));
    }

    [Fact]
    public async Task InfluxDb3_IsAskedInSql_AndAnswersInJson()
    {
        List<string> asked = [];
        await using WebApplication web = await ServeAsync(asked,
            """[{"cell":"a","channel":"1","node":"n1","sample_number":7,"time":"2026-05-28T20:26:40.000001","voltage_v":3.7}]""");
        using RemoteHistory history = new(Options(web, InfluxKind.InfluxDb3));
        Sample sample = Assert.Single(await ReadAsync(history));
        string request = Assert.Single(asked);
        Assert.StartsWith("POST /api/v3/query_sql Bearer t0ken application/json; charset=utf-8\n", request, StringComparison.Ordinal);
        using System.Text.Json.JsonDocument body = System.Text.Json.JsonDocument.Parse(request[request.IndexOf('\n', StringComparison.Ordinal)..]);
        Assert.Equal("cells", body.RootElement.GetProperty("db").GetString());
        Assert.Equal("SELECT * FROM \"cell_sample\" WHERE \"node\" = 'n1' AND \"channel\" = '1' AND time >= '2026-05-28T20:26:40.000000Z' "
            + "AND time <= '2026-05-28T20:26:42.000000Z' ORDER BY time LIMIT 10000", body.RootElement.GetProperty("q").GetString());
        Assert.Equal((7L, From + 1, 3.7), (sample.Number, sample.TimeMicroseconds, sample.Values[SampleColumns.Voltage]));
    }

    [Theory]
    [InlineData(InfluxKind.InfluxDb1, 200, "{\"results\":[{\"error\":\"engine: shard is gone\"}]}", "shard is gone")]
    [InlineData(InfluxKind.InfluxDb2, 401, "{\"message\":\"unauthorized access\"}", "does not accept")]
    [InlineData(InfluxKind.InfluxDb3, 200, "nonsense", "did not give")]
    [InlineData(InfluxKind.VictoriaMetrics, 200, "{\"metric\":{}}", "did not give")]
    public async Task WhatGoesWrong_IsSaidInWords(InfluxKind kind, int status, string body, string said)
    {
        await using WebApplication web = await ServeAsync([], body, status);
        using RemoteHistory history = new(Options(web, kind));
        RemoteHistoryException error = await Assert.ThrowsAsync<RemoteHistoryException>(() => ReadAsync(history));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<Sample>> ReadAsync(RemoteHistory history)
    {
        List<Sample> samples = [];
        await foreach (Sample sample in history.ReadAsync("n1", "1", From, From + 2_000_000, TestContext.Current.CancellationToken))
        {
            samples.Add(sample);
        }

        return samples;
    }

    private static InfluxOptions Options(WebApplication web, InfluxKind kind) =>
        new() { Url = new Uri(web.Urls.First()), Kind = kind, Organization = "lab", Database = "cells", Token = "t0ken" };

    private static async Task<WebApplication> ServeAsync(List<string> asked, string answer, int status = 200)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication web = builder.Build();
        web.Run(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync(context.RequestAborted);
            asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization} {context.Request.ContentType}\n{body}");
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(answer, context.RequestAborted);
        });
        await web.StartAsync();
        return web;
    }
}
