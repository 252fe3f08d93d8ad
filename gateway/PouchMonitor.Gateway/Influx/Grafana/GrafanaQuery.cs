using System.Globalization;

namespace PouchMonitor.Gateway.Influx.Grafana;

/// <summary>The languages that dashboards are made in.</summary>
public enum GrafanaLanguage
{
    /// <summary>For InfluxDB 1.x, and for 2 and 3 by their 1.x interfaces.</summary>
    InfluxQl = 0,

    /// <summary>For InfluxDB 2.</summary>
    Flux = 1,
}

/// <summary>What a panel asks for, told once for both languages. Every name is looked up in the schema.</summary>
public sealed class GrafanaQuery
{
    private readonly InfluxMeasurement measurement;
    private readonly IReadOnlyList<string> fields;
    private readonly string? reducer;
    private readonly IReadOnlyList<string> groups;

    private GrafanaQuery(InfluxMeasurement measurement, IReadOnlyList<string> fields, string? reducer, IReadOnlyList<string> groups)
    {
        this.measurement = measurement;
        this.fields = [.. fields.Select(field => measurement.Field(field).Name)];
        this.reducer = reducer;
        this.groups = groups.All(group => measurement.Tags.Contains(group, StringComparer.Ordinal)) ? groups
            : throw new ArgumentException($"{measurement.Name} lacks one of the tags {string.Join(", ", groups)}.", nameof(groups));
    }

    /// <summary>True for rows as they are, false for a curve.</summary>
    public bool IsTable => reducer is null;

    private bool HasValidity => measurement.Fields.Any(known => known.Name == InfluxSchema.Valid);

    /// <summary>A curve: of each interval the mean, min, max or last of a field.</summary>
    public static GrafanaQuery Curve(InfluxMeasurement measurement, string field, string reducer, params string[] groups) =>
        new(measurement, [field], reducer, groups);

    /// <summary>Rows as they were written; withdrawn ones are left out.</summary>
    public static GrafanaQuery Rows(InfluxMeasurement measurement, IReadOnlyList<string> fields, params string[] groups) =>
        new(measurement, fields, null, groups);

    /// <summary>The values of a tag of a measurement, for the choice of a dashboard.</summary>
    public static string Values(GrafanaLanguage language, InfluxMeasurement measurement, string tag) => language == GrafanaLanguage.InfluxQl
        ? $"SHOW TAG VALUES FROM \"{measurement.Name}\" WITH KEY = \"{tag}\""
        : $"import \"influxdata/influxdb/schema\"\nschema.measurementTagValues(bucket: \"${{bucket}}\", measurement: \"{measurement.Name}\", tag: \"{tag}\")";

    /// <summary>The query with Grafana's macros in it.</summary>
    public string Text(GrafanaLanguage language) => language == GrafanaLanguage.InfluxQl ? InfluxQl() : Flux();

    private string InfluxQl()
    {
        string names = string.Join(", ", fields.Select(field => reducer is null ? $"\"{field}\"" : $"{reducer}(\"{field}\") AS \"{field}\""));
        string valid = HasValidity && IsTable ? $" AND \"{InfluxSchema.Valid}\" = true" : "";
        IEnumerable<string> grouping = [.. IsTable ? [] : new[] { "time($__interval)" }, .. groups.Select(group => $"\"{group}\"")];
        string by = grouping.Any() ? " GROUP BY " + string.Join(", ", grouping) : "";
        return $"SELECT {names} FROM \"{measurement.Name}\" WHERE \"{InfluxSchema.Cell}\" =~ /^${{cell:regex}}$/{valid} AND $timeFilter{by}{(IsTable ? "" : " fill(none)")}";
    }

    private string Flux()
    {
        IEnumerable<string> wanted = HasValidity && IsTable ? fields.Append(InfluxSchema.Valid) : fields;
        string filter = string.Join(" or ", wanted.Select(field => string.Create(CultureInfo.InvariantCulture, $"r._field == \"{field}\"")));
        string text = $"from(bucket: \"${{bucket}}\")\n  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)\n"
            + $"  |> filter(fn: (r) => r._measurement == \"{measurement.Name}\" and r.{InfluxSchema.Cell} =~ /^${{cell:regex}}$/ and ({filter}))\n";
        if (!IsTable)
        {
            return text + $"  |> aggregateWindow(every: v.windowPeriod, fn: {reducer}, createEmpty: false)";
        }

        string valid = HasValidity ? $"\n  |> filter(fn: (r) => r.{InfluxSchema.Valid} == true)" : "";
        IEnumerable<string> columns = [.. new[] { "_time" }, .. groups, .. fields];
        return text + "  |> pivot(rowKey: [\"_time\"], columnKey: [\"_field\"], valueColumn: \"_value\")" + valid
            + $"\n  |> group()\n  |> keep(columns: [{string.Join(", ", columns.Select(column => $"\"{column}\""))}])";
    }
}
