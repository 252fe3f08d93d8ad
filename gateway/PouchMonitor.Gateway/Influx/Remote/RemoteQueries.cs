using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PouchMonitor.Gateway.Influx.Remote;

/// <summary>The request for one page of samples, in each server's own language. Names are 1 to 64 of A-Z a-z 0-9 . _ - and need no escaping.</summary>
internal static class RemoteQueries
{
    private static readonly string Samples = InfluxSchema.Samples.Name;
    private static readonly string[] Fields = [.. InfluxSchema.ColumnFields, InfluxSchema.SampleNumber, InfluxSchema.SensorStates];

    public static HttpRequestMessage Page(InfluxOptions options, string node, string channel, long from, long to, int most)
    {
        HttpRequestMessage request = options.Kind switch
        {
            InfluxKind.InfluxDb1 => InfluxQl(options, node, channel, from, to, most),
            InfluxKind.InfluxDb2 => Flux(options, node, channel, from, to),
            InfluxKind.InfluxDb3 => Sql(options, node, channel, from, to, most),
            InfluxKind.VictoriaMetrics => Export(options, node, channel, from, to),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "not a kind of server"),
        };
        request.Headers.Authorization = InfluxDialect.Authorization(options);
        return request;
    }

    private static HttpRequestMessage InfluxQl(InfluxOptions options, string node, string channel, long from, long to, int most)
    {
        string query = string.Create(CultureInfo.InvariantCulture,
            $"SELECT {string.Join(", ", Fields.Select(field => $"\"{field}\""))} FROM \"{Samples}\" WHERE \"{InfluxSchema.Node}\" = '{node}' "
            + $"AND \"{InfluxSchema.Channel}\" = '{channel}' AND time >= {from}u AND time <= {to}u ORDER BY time LIMIT {most}");
        return new HttpRequestMessage(HttpMethod.Post, InfluxDialect.At(options.Url, $"query?db={Uri.EscapeDataString(options.Database ?? "")}&epoch=u"))
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("q", query)]),
        };
    }

    private static HttpRequestMessage Flux(InfluxOptions options, string node, string channel, long from, long to)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"""
            from(bucket: {JsonSerializer.Serialize(options.Database)})
              |> range(start: time(v: {from}000), stop: time(v: {to + 1}000))
              |> filter(fn: (r) => r._measurement == "{Samples}" and r.{InfluxSchema.Node} == "{node}" and r.{InfluxSchema.Channel} == "{channel}")
              |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
              |> group()
              |> sort(columns: ["_time"])
            """);
        HttpRequestMessage request = new(HttpMethod.Post,
            InfluxDialect.At(options.Url, $"api/v2/query?org={Uri.EscapeDataString(options.Organization ?? "")}"))
        {
            Content = new StringContent(query, Encoding.UTF8, "application/vnd.flux"),
        };
        request.Headers.Accept.ParseAdd("application/csv");
        return request;
    }

    // Every column, since one that was never written is an error in SQL.
    private static HttpRequestMessage Sql(InfluxOptions options, string node, string channel, long from, long to, int most)
    {
        string query = string.Create(CultureInfo.InvariantCulture,
            $"SELECT * FROM \"{Samples}\" WHERE \"{InfluxSchema.Node}\" = '{node}' AND \"{InfluxSchema.Channel}\" = '{channel}' "
            + $"AND time >= '{Stamp(from)}' AND time <= '{Stamp(to)}' ORDER BY time LIMIT {most}");
        JsonObject body = new() { ["db"] = options.Database, ["q"] = query, ["format"] = "json" };
        return new HttpRequestMessage(HttpMethod.Post, InfluxDialect.At(options.Url, "api/v3/query_sql"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
    }

    private static HttpRequestMessage Export(InfluxOptions options, string node, string channel, long from, long to)
    {
        string match = Uri.EscapeDataString($"{{__name__=~\"{Samples}_.+\",{InfluxSchema.Node}=\"{node}\",{InfluxSchema.Channel}=\"{channel}\"}}");

        // Seconds with three decimals: this interface takes no microseconds.
        return new HttpRequestMessage(HttpMethod.Get, InfluxDialect.At(options.Url, string.Create(
            CultureInfo.InvariantCulture, $"api/v1/export?match[]={match}&start={from / 1000 / 1000m:F3}&end={to / 1000 / 1000m:F3}")));
    }

    private static string Stamp(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
