using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Api;

/// <summary>The HTTP API under <c>/api/v1</c>. Errors are <c>{"error": "one clear sentence"}</c>.</summary>
internal sealed class GatewayEndpoints(GatewayServices gateway)
{
    private const int MostHistory = 1000;
    private const int MostCalibrations = 1000;
    private const int LongestName = 64;
    private const int LongestNote = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        api.MapGet("/cells", context => Send(context, WriteCells));
        api.MapGet("/cells/{cell}", Cell);
        api.MapGet("/cells/{cell}/cycles", context => WithTest(context, (writer, test) =>
            WriteArray(writer, test.Cycles, AnalysisJson.Write)));
        api.MapGet("/cells/{cell}/steps", context => WithTest(context, (writer, test) =>
            WriteArray(writer, test.Steps, AnalysisJson.Write)));
        api.MapGet("/cells/{cell}/pulses", context => WithTest(context, (writer, test) =>
            WriteArray(writer, test.Pulses, AnalysisJson.Write)));
        api.MapGet("/cells/{cell}/findings", context => WithTest(context, (writer, test) =>
            WriteArray(writer, test.Findings, AnalysisJson.Write)));
        api.MapGet("/cells/{cell}/samples", Samples);
        var differential = new DifferentialEndpoint(gateway);
        api.MapGet("/cells/{cell}/dqdv", context => WithTest(context, test => differential.Answer(context, test)));
        api.MapGet("/alarms", context => Send(context, writer => WriteArray(writer, gateway.Alarms.List(), AlarmJson.Write)));
        api.MapGet("/alarms/history", context => Send(context, WriteHistory));
        api.MapPost("/alarms/{cell}/{rule}/acknowledge", Acknowledge);
        api.MapGet("/tests", context => Send(context, WriteTests));
        api.MapGet("/nodes", context => Send(context, WriteNodes));
        new NodeEndpoints(gateway).Map(api);
        api.MapGet("/calibrations", Calibrations);
        api.MapGet("/broker", context => Send(context, writer => BrokerJson.Write(writer, gateway.Broker)));
        api.MapGet("/influx", context => Send(context, writer => InfluxJson.Write(writer, gateway.Influx)));
        api.MapGet("/quarantine", context => Send(context, WriteQuarantine));
        api.MapGet("/mqtt/clients", context => Send(context, writer => MqttClientsJson.Write(writer, gateway.Mqtt)));
        api.MapGet("/stream", new StreamEndpoint(gateway).Run);
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
    public static void WriteCells(Utf8JsonWriter writer, GatewayServices gateway, IEnumerable<ChannelView> views)
    {
        long now = gateway.NowMicroseconds();
        writer.WriteStartArray();
        foreach (ChannelView view in views)
        {
            IReadOnlyList<Alarm> alarms = view.Tests.Count > 0
                ? [.. gateway.Alarms.Open(view.Tests[^1].Record.Test)]
                : [];
            bool isOnline = gateway.Nodes.Find(view.Node)?.IsOnline ?? true;
            CellJson.Write(writer, view, isOnline, alarms, now);
        }

        writer.WriteEndArray();
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
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
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private void WriteCells(Utf8JsonWriter writer) => WriteCells(writer, gateway, gateway.State.Channels);

    private Task WithTest(HttpContext context, Action<Utf8JsonWriter, TestView> write) =>
        WithTest(context, test => Send(context, writer => write(writer, test)));

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
            writer, gateway.Database.ReadCalibrations(node, channel, MostCalibrations), CalibrationJson.Write));
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
            SampleAnswer answer = await new SampleQuery(gateway.Journal, gateway.RemoteHistory).ReadAsync(
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

    private async Task Acknowledge(HttpContext context)
    {
        string cell = (string)context.Request.RouteValues["cell"]!;
        string rule = (string)context.Request.RouteValues["rule"]!;
        string? by = context.User.Identity?.Name;
        string? note = null;
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            by ??= body.RootElement.TryGetProperty("by", out JsonElement name) ? name.GetString() : null;
            note = body.RootElement.TryGetProperty("note", out JsonElement text) ? text.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            await Fail(context, StatusCodes.Status400BadRequest, "The body is not JSON of the form {\"by\":\"name\",\"note\":\"text\"}.");
            return;
        }

        if (string.IsNullOrWhiteSpace(by) || by.Length > LongestName || note?.Length > LongestNote)
        {
            await Fail(context, StatusCodes.Status400BadRequest,
                $"'by' must name who acknowledges (1 to {LongestName} characters); 'note' may have up to {LongestNote}.");
            return;
        }

        Alarm? alarm = gateway.Alarms.Acknowledge(cell, rule, by.Trim(), note, gateway.NowMicroseconds(), out string problem);
        if (alarm is null)
        {
            bool exists = gateway.Alarms.List().Any(known => known.Cell == cell && known.Rule == rule);
            await Fail(context, exists ? StatusCodes.Status409Conflict : StatusCodes.Status404NotFound, problem);
            return;
        }

        await Send(context, writer => AlarmJson.Write(writer, alarm));
    }

    private void WriteHistory(Utf8JsonWriter writer) => WriteArray(writer, gateway.Database.ReadAlarmHistory(MostHistory), (w, line) =>
    {
        w.WriteStartObject();
        w.WriteNumber("at", line.AtMicroseconds / 1e6);
        w.WriteString("cell", line.Cell);
        w.WriteString("test", line.Test);
        w.WriteString("rule", line.Rule);
        w.WriteString("from", JsonNamingPolicy.CamelCase.ConvertName(line.From));
        w.WriteString("to", JsonNamingPolicy.CamelCase.ConvertName(line.To));
        w.WriteString("by", line.Person);
        w.WriteString("note", line.Note);
        w.WriteString("reason", line.Reason);
        w.WriteEndObject();
    });

    private void WriteTests(Utf8JsonWriter writer)
    {
        Dictionary<string, TestRecord> tests = gateway.Database.ReadTestRecords().ToDictionary(t => t.Test, StringComparer.Ordinal);
        foreach (TestView view in gateway.State.Channels.SelectMany(channel => channel.Tests))
        {
            tests[view.Record.Test] = view.Record;
        }

        WriteArray(writer, tests.Values.OrderBy(test => test.Ordinal), (w, test) =>
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

    private void WriteNodes(Utf8JsonWriter writer) =>
        WriteArray(writer, gateway.Nodes.Nodes.OrderBy(node => node.Node, StringComparer.Ordinal), NodeJson.Write);

    private void WriteQuarantine(Utf8JsonWriter writer)
    {
        IReadOnlyList<QuarantinedItem> newest = gateway.Journal.ReadQuarantine(100);
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

    private static double? Number(HttpContext context, string name, ref string? problem)
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
