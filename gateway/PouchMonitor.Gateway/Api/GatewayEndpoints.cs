using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api.Door;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Api;

/// <summary>The HTTP API under <c>/api/v1</c>. Errors are <c>{"error": "one clear sentence"}</c>.</summary>
internal sealed class GatewayEndpoints(GatewayServices gateway)
{
    private const int MostCalibrations = 1000;
    private const int UsualQuarantined = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        api.MapGet("/cells", Cells);
        api.MapGet("/cells/{cell}", Cell);
        api.MapGet("/cells/{cell}/cycles", context => WithList(context, test => test.Cycles, AnalysisJson.Write));
        api.MapGet("/cells/{cell}/steps", context => WithList(context, test => test.Steps, AnalysisJson.Write));
        api.MapGet("/cells/{cell}/pulses", context => WithList(context, test => test.Pulses, AnalysisJson.Write));
        api.MapGet("/cells/{cell}/findings", context => WithList(context, test => test.Findings, AnalysisJson.Write));
        api.MapGet("/cells/{cell}/samples", Samples);
        var differential = new DifferentialEndpoint(gateway);
        api.MapGet("/cells/{cell}/dqdv", context => WithTest(context, test => differential.Answer(context, test)));
        new AlarmEndpoints(gateway).Map(api);
        var standing = new StandingEndpoint(gateway);
        api.MapGet("/cells/{cell}/standing", context => WithTest(context, test => standing.Answer(context, test)));
        var heat = new HeatEndpoint(gateway);
        api.MapGet("/cells/{cell}/heat", context => Heat(context, heat));
        api.MapGet("/tests", context => Send(context, writer => WriteTests(context, writer)));
        api.MapGet("/nodes", context => Send(context, writer => WriteNodes(context, writer)));
        new NodeEndpoints(gateway).Map(api);
        new SessionEndpoints(gateway).Map(api);
        new AccountEndpoints(gateway).Map(api);
        new TokenEndpoints(gateway).Map(api);
        new ProfileEndpoints(gateway).Map(api);
        new ChannelEndpoints(gateway).Map(api);
        new DeliveryEndpoints(gateway).Map(api);
        new AbuseEndpoints(gateway).Map(api);
        api.MapGet("/calibrations", Calibrations);
        api.MapGet("/gateway", context => Send(context, writer => GatewayJson.Write(writer, gateway)));
        api.MapGet("/broker", context => Send(context, writer => BrokerJson.Write(writer, gateway.Broker)));
        api.MapGet("/influx", context => Send(context, writer => InfluxJson.Write(writer, gateway.Influx)));
        api.MapGet("/quarantine", context => Send(context, writer => WriteQuarantine(context, writer)));
        api.MapGet("/mqtt/clients", context => Send(context, writer => MqttClientsJson.Write(writer, gateway.Mqtt)));
        api.MapGet("/stream", new StreamEndpoint(gateway).Run);
        api.MapGet("/openapi.json", new OpenApi.OpenApiDocument(routes.DataSources).Answer);
        api.MapFallback(context => Fail(context, StatusCodes.Status404NotFound, $"There is nothing at {context.Request.Path}."));
    }

    public static async Task Fail(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            writer.WriteEndObject();
        }), context.RequestAborted);
    }

    /// <summary>Every channel as an array; used by the list and the live stream alike.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="views">The channels.</param>
    /// <param name="withTrend">False where whoever reads it has the trend but for its last point.</param>
    public static void WriteCells(Utf8JsonWriter writer, GatewayServices gateway, IEnumerable<ChannelView> views, bool withTrend = true)
    {
        long now = gateway.NowMicroseconds();
        writer.WriteStartArray();
        foreach (ChannelView view in views)
        {
            IReadOnlyList<Alarm> alarms = view.Tests.Count > 0
                ? [.. gateway.Alarms.Open(view.Tests[^1].Record.Test)]
                : [];
            bool isOnline = gateway.Nodes.Find(view.Node)?.IsOnline ?? true;
            CellJson.Write(writer, view, gateway.Setup.BenchOf(view.Node, view.Channel), isOnline, alarms, now, withTrend);
        }

        writer.WriteEndArray();
    }

    public static void WriteArray<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        foreach (T item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    public static async Task Send(HttpContext context, Action<Utf8JsonWriter> write)
    {
        byte[] json = JsonBytes.Write(write);
        string? tag = context.Response.Headers.ETag;
        if (tag is null ? Conditional.IsUnchanged(context, json) : Conditional.IsUnchanged(context, tag))
        {
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Answers what is wrong with a document that was sent to be checked, field by field.</summary>
    public static Task SendProblems(HttpContext context, IEnumerable<(string Field, string Message)> problems) => Send(context, writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("problems");
        WriteArray(writer, problems, static (one, problem) =>
        {
            one.WriteStartObject();
            one.WriteString("field", problem.Field);
            one.WriteString("message", problem.Message);
            one.WriteEndObject();
        });
        writer.WriteEndObject();
    });

    // Whatever changes a cell has a number in the live stream, within a tick; only what is no longer online has none. How old
    // a reading is follows from when it was received.
    private Task Cells(HttpContext context)
    {
        string tag = Conditional.Tag(gateway.Stream.Run, gateway.Stream.LastNumber, gateway.Nodes.Nodes.Count(node => node.IsOnline));
        return Conditional.IsUnchanged(context, tag)
            ? Task.CompletedTask
            : Send(context, writer => WriteCells(writer, gateway, gateway.State.Channels));
    }

    // A list of a test, piece by piece; unchanged for as long as its view holds the same list.
    private Task WithList<T>(HttpContext context, Func<TestView, IReadOnlyList<T>> listOf, Action<Utf8JsonWriter, T> write) =>
        WithTest(context, test =>
        {
            IReadOnlyList<T> list = listOf(test);
            string tag = Conditional.Tag(gateway.Stream.Run, ListVersions.Of(list), Paging.Limit(context), context.Request.Query["after"]);
            return Conditional.IsUnchanged(context, tag)
                ? Task.CompletedTask
                : Send(context, writer => WriteArray(writer, Paging.Page(context, list), write));
        });

    private Task WithTest(HttpContext context, Func<TestView, Task> answer)
    {
        string cell = (string)context.Request.RouteValues["cell"]!;
        string? name = context.Request.Query["test"];
        TestView? test = gateway.State.FindTest(cell, name) ?? gateway.Database.FindTest(cell, name);
        return test is null
            ? Fail(context, StatusCodes.Status404NotFound, name is null
                ? $"No cell '{cell}' is known."
                : $"Cell '{cell}' has no test '{name}'.")
            : answer(test);
    }

    private Task Calibrations(HttpContext context)
    {
        string? node = context.Request.Query["node"];
        string? channel = context.Request.Query["channel"];
        return Send(context, writer => WriteArray(
            writer, gateway.Database.ReadCalibrations(node, channel, Paging.Limit(context, MostCalibrations)), CalibrationJson.Write));
    }

    private Task Cell(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["cell"]!;
        return gateway.Database.FindCell(name) is { } cell
            ? Send(context, writer => CellRecordJson.Write(
                writer, cell, cell.ProfileHash is { } hash ? gateway.Database.FindProfile(hash) : null))
            : Fail(context, StatusCodes.Status404NotFound, $"No cell '{name}' is known.");
    }

    private Task Samples(HttpContext context)
    {
        string? problem = null;
        double? from = Number(context, "from", ref problem);
        double? to = Number(context, "to", ref problem);
        double? points = Number(context, "points", ref problem);
        int most = (int)Math.Clamp(points ?? 2000, 0, int.MaxValue);
        if (most is < SampleQuery.FewestPoints or > SampleQuery.MostPoints)
        {
            problem ??= $"points = {most} is outside {SampleQuery.FewestPoints} to {SampleQuery.MostPoints}.";
        }

        if (problem is not null)
        {
            return Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        return WithTest(context, async test =>
        {
            long first = Microseconds(from) ?? test.Record.StartMicroseconds ?? 0;
            long last = Microseconds(to) ?? test.Record.LastMicroseconds ?? first;
            SampleAnswer answer = await new SampleQuery(gateway.Journal, gateway.RemoteHistory, gateway.Nodes.Calibrations).ReadAsync(
                test.Record, first, last, most, context.RequestAborted);
            await Send(context, writer => WriteSamples(writer, test.Record, first, last, answer));
        });
    }

    private static void WriteSamples(
        Utf8JsonWriter writer, TestRecord test, long from, long to, SampleAnswer answer)
    {
        (string Name, int Column)[] columns =
        [
            ("voltageV", SampleColumns.Voltage), ("currentA", SampleColumns.Current), ("surfaceC", SampleColumns.Surface),
            ("infraredC", SampleColumns.Infrared), ("ambientC", SampleColumns.Ambient),
        ];
        writer.WriteStartObject();
        writer.WriteString("cell", test.Cell);
        writer.WriteString("test", test.Test);
        writer.WriteNumber("from", from / 1e6);
        writer.WriteNumber("to", to / 1e6);
        if (answer.IntervalSeconds is { } interval)
        {
            writer.WriteNumber("intervalSeconds", interval);
        }
        else
        {
            writer.WriteNull("intervalSeconds");
        }

        writer.WriteString("missing", answer.Missing);
        writer.WriteStartArray("columns");
        writer.WriteStringValue("time");
        foreach ((string name, _) in columns)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (SampleRow row in answer.Rows)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(row.TimeMicroseconds / 1e6);
            foreach ((_, int column) in columns)
            {
                if (double.IsNaN(row.Values[column]))
                {
                    writer.WriteNullValue();
                }
                else
                {
                    writer.WriteNumberValue(row.Values[column]);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private Task Heat(HttpContext context, HeatEndpoint heat)
    {
        string? problem = null;
        long? from = Microseconds(Number(context, "from", ref problem));
        long? to = Microseconds(Number(context, "to", ref problem));
        double? asked = Number(context, "points", ref problem);
        int? points = asked is { } known ? (int)Math.Clamp(known, 0, int.MaxValue) : null;
        return problem is null
            ? WithTest(context, test => heat.Answer(context, test, from, to, points))
            : Fail(context, StatusCodes.Status400BadRequest, problem);
    }

    private void WriteTests(HttpContext context, Utf8JsonWriter writer)
    {
        Dictionary<string, TestRecord> tests = gateway.Database.ReadTestRecords().ToDictionary(t => t.Test, StringComparer.Ordinal);
        foreach (TestView view in gateway.State.Channels.SelectMany(channel => channel.Tests))
        {
            tests[view.Record.Test] = view.Record;
        }

        WriteArray(writer, Paging.Page(context, tests.Values.OrderBy(test => test.Ordinal), test => test.Ordinal), (w, test) =>
        {
            w.WriteStartObject();
            w.WriteString("test", test.Test);
            w.WriteString("cell", test.Cell);
            w.WriteString("node", test.Node);
            w.WriteString("channel", test.Channel);
            w.WriteString("profile", test.Profile);
            w.WriteString("profileHash", test.ProfileHash);
            WriteSeconds(w, "start", test.StartMicroseconds);
            WriteSeconds(w, "end", test.Ended ? test.LastMicroseconds : null);
            w.WriteNumber("sampleCount", test.SampleCount);
            w.WriteEndObject();
        });
    }

    private void WriteNodes(HttpContext context, Utf8JsonWriter writer)
    {
        ILookup<string, (string Channel, NodeCalibration Record)> calibrations = gateway.Nodes.Calibrations.Newest();
        WriteArray(writer, Paging.Page(context, gateway.Nodes.Nodes.OrderBy(node => node.Node, StringComparer.Ordinal), node => node.Node),
            (w, node) => NodeJson.Write(w, node, calibrations[node.Node]));
    }

    private void WriteQuarantine(HttpContext context, Utf8JsonWriter writer)
    {
        IReadOnlyList<QuarantinedItem> newest = gateway.Journal.ReadQuarantine(Paging.Limit(context, UsualQuarantined));
        writer.WriteStartObject();
        writer.WriteNumber("count", gateway.QuarantinedCount);
        writer.WriteStartArray("newest");
        foreach (QuarantinedItem item in newest)
        {
            writer.WriteStartObject();
            writer.WriteNumber("time", item.ReceivedAtMicroseconds / 1e6);
            writer.WriteString("node", TopicParts.Parse(System.Text.Encoding.UTF8.GetBytes(item.Topic)).Node);
            writer.WriteString("topic", item.Topic);
            writer.WriteString("reason", item.Reason);
            writer.WriteNumber("byteCount", item.Bytes.Length);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, long? microseconds)
    {
        if (microseconds is { } known)
        {
            writer.WriteNumber(name, known / 1e6);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static long? Microseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1e6) : null;

    public static double? Number(HttpContext context, string name, ref string? problem)
    {
        string? text = context.Request.Query[name];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) < 1e12)
        {
            return value;
        }

        problem ??= $"{name} = '{text[..Math.Min(text.Length, 40)]}' is not a number.";
        return null;
    }
}
