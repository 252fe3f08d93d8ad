using System.Globalization;
using System.Text.Json;

namespace PouchMonitor.Gateway.Influx.Remote;

/// <summary>Reads a page of samples out of each server's own form of answer, in order of time.</summary>
internal static class RemoteAnswers
{
    private const string Time = "time";

    public static List<RemoteRow> Read(InfluxKind kind, string body) => kind switch
    {
        InfluxKind.InfluxDb1 => InfluxQl(body),
        InfluxKind.InfluxDb2 => Csv(body),
        InfluxKind.InfluxDb3 => Objects(body),
        InfluxKind.VictoriaMetrics => Export(body),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of server"),
    };

    private static List<RemoteRow> InfluxQl(string body)
    {
        using JsonDocument json = JsonDocument.Parse(body);
        JsonElement result = json.RootElement.GetProperty("results")[0];
        if (result.TryGetProperty("error", out JsonElement error))
        {
            throw new RemoteHistoryException($"The server refuses the query: {InfluxAnswer.Short(error.GetString() ?? "")}");
        }

        List<RemoteRow> rows = [];
        if (!result.TryGetProperty("series", out JsonElement series))
        {
            return rows;
        }

        string[] names = [.. series[0].GetProperty("columns").EnumerateArray().Select(column => column.GetString()!)];
        foreach (JsonElement values in series[0].GetProperty("values").EnumerateArray())
        {
            RemoteRow row = new(values[0].GetInt64());
            for (int at = 1; at < names.Length; at++)
            {
                if (values[at].ValueKind == JsonValueKind.Number)
                {
                    row.Take(names[at], values[at].GetDouble());
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    // Annotated CSV: lines that begin with # are annotations, an empty line ends a table, then comes another header.
    private static List<RemoteRow> Csv(string body)
    {
        List<RemoteRow> rows = [];
        string[]? names = null;
        foreach (string line in body.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.Length == 0)
            {
                names = null;
                continue;
            }

            if (line[0] == '#')
            {
                continue;
            }

            string[] values = line.Split(',');
            if (names is null)
            {
                names = values;
                if (names.Contains("error", StringComparer.Ordinal))
                {
                    throw new RemoteHistoryException("The server broke off the query.");
                }

                continue;
            }

            RemoteRow row = new(Microseconds(values[Array.IndexOf(names, "_time")]));
            for (int at = 0; at < Math.Min(names.Length, values.Length); at++)
            {
                if (double.TryParse(values[at], CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
                {
                    row.Take(names[at], value);
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    private static List<RemoteRow> Objects(string body)
    {
        using JsonDocument json = JsonDocument.Parse(body);
        List<RemoteRow> rows = [];
        foreach (JsonElement item in json.RootElement.EnumerateArray())
        {
            RemoteRow row = new(Microseconds(item.GetProperty(Time).GetString()!));
            foreach (JsonProperty field in item.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Number))
            {
                row.Take(field.Name, field.Value.GetDouble());
            }

            rows.Add(row);
        }

        return rows;
    }

    // A line for each field: {"metric":{"__name__":"cell_sample_voltage_v",...},"values":[...],"timestamps":[milliseconds]}
    private static List<RemoteRow> Export(string body)
    {
        SortedDictionary<long, RemoteRow> rows = [];
        foreach (string line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            string name = json.RootElement.GetProperty("metric").GetProperty("__name__").GetString()!;
            string field = name[(InfluxSchema.Samples.Name.Length + 1)..];
            JsonElement values = json.RootElement.GetProperty("values");
            int at = 0;
            foreach (JsonElement timestamp in json.RootElement.GetProperty("timestamps").EnumerateArray())
            {
                JsonElement value = values[at++];
                long time = timestamp.GetInt64() * 1000;
                if (value.ValueKind == JsonValueKind.Number)
                {
                    if (!rows.TryGetValue(time, out RemoteRow? row))
                    {
                        rows.Add(time, row = new RemoteRow(time));
                    }

                    row.Take(field, value.GetDouble());
                }
            }
        }

        return [.. rows.Values];
    }

    private static long Microseconds(string stamp) =>
        (DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
