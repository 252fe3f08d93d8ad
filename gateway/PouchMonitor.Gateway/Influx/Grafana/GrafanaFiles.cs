using System.Text.Json;
using System.Text.Json.Nodes;

namespace PouchMonitor.Gateway.Influx.Grafana;

/// <summary>Grafana's provisioning files and dashboards, made from <see cref="InfluxSchema"/> so that they cannot drift from it.</summary>
public static class GrafanaFiles
{
    private const int Columns = 24;
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every file by its path below the folder.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal)
        {
            ["provisioning/datasources/pouchmonitor.yaml"] = DataSources,
            ["provisioning/dashboards/pouchmonitor.yaml"] = Providers,
        };
        foreach (GrafanaLanguage language in Enum.GetValues<GrafanaLanguage>())
        {
            foreach (GrafanaDashboard dashboard in GrafanaPanels.All)
            {
                files[$"dashboards/{NameOf(language)}/{dashboard.Id}.json"] = Dashboard(language, dashboard).ToJsonString(Indented) + "\n";
            }
        }

        return files;
    }

    /// <summary><c>influxql</c> or <c>flux</c>.</summary>
    public static string NameOf(GrafanaLanguage language) => language == GrafanaLanguage.InfluxQl ? "influxql" : "flux";

    // Grafana replaces $NAME by the environment variable, so that no secret is in a file.
    private const string DataSources = """
        apiVersion: 1
        datasources:
          - name: PouchMonitor InfluxQL
            uid: pouchmonitor-influxql
            type: influxdb
            access: proxy
            url: $POUCHMONITOR_INFLUX_URL
            user: $POUCHMONITOR_INFLUX_USER
            jsonData:
              version: InfluxQL
              dbName: $POUCHMONITOR_INFLUX_DATABASE
              httpMode: POST
            secureJsonData:
              password: $POUCHMONITOR_INFLUX_PASSWORD
          - name: PouchMonitor Flux
            uid: pouchmonitor-flux
            type: influxdb
            access: proxy
            url: $POUCHMONITOR_INFLUX_URL
            jsonData:
              version: Flux
              organization: $POUCHMONITOR_INFLUX_ORG
              defaultBucket: $POUCHMONITOR_INFLUX_DATABASE
            secureJsonData:
              token: $POUCHMONITOR_INFLUX_TOKEN

        """;

    private const string Providers = """
        apiVersion: 1
        providers:
          - name: PouchMonitor
            folder: PouchMonitor
            type: file
            options:
              path: $POUCHMONITOR_GRAFANA_DASHBOARDS

        """;

    private static JsonObject Dashboard(GrafanaLanguage language, GrafanaDashboard dashboard)
    {
        JsonArray panels = [];
        int x = 0;
        int y = 0;
        int tallest = 0;
        foreach (GrafanaPanel panel in dashboard.Panels)
        {
            if (x + panel.Width > Columns)
            {
                (x, y, tallest) = (0, y + tallest, 0);
            }

            panels.Add(Panel(language, panel, panels.Count + 1, x, y));
            x += panel.Width;
            tallest = Math.Max(tallest, panel.Height);
        }

        return new JsonObject
        {
            ["uid"] = $"pouchmonitor-{dashboard.Id}-{NameOf(language)}",
            ["title"] = $"{dashboard.Title} ({(language == GrafanaLanguage.InfluxQl ? "InfluxQL" : "Flux")})",
            ["tags"] = new JsonArray("pouchmonitor"),
            ["schemaVersion"] = 39,
            ["editable"] = true,
            ["refresh"] = "10s",
            ["time"] = new JsonObject { ["from"] = "now-24h", ["to"] = "now" },
            ["templating"] = new JsonObject { ["list"] = Variables(language, dashboard.ManyCells) },
            ["panels"] = panels,
        };
    }

    private static JsonArray Variables(GrafanaLanguage language, bool manyCells)
    {
        string query = GrafanaQuery.Values(language, InfluxSchema.Samples, InfluxSchema.Cell);
        JsonArray list =
        [
            new JsonObject
            {
                ["name"] = "cell",
                ["label"] = "Cell",
                ["type"] = "query",
                ["datasource"] = Source(language),
                ["query"] = query,
                ["definition"] = query,
                ["refresh"] = 2,
                ["sort"] = 1,
                ["multi"] = manyCells,
                ["includeAll"] = manyCells,
                ["allValue"] = manyCells ? ".*" : null,
            },
        ];
        if (language == GrafanaLanguage.Flux)
        {
            list.Insert(0, new JsonObject { ["name"] = "bucket", ["label"] = "Bucket", ["type"] = "textbox", ["query"] = "cells" });
        }

        return list;
    }

    private static JsonObject Panel(GrafanaLanguage language, GrafanaPanel panel, int id, int x, int y)
    {
        JsonArray targets = [];
        foreach (GrafanaQuery query in panel.Queries)
        {
            JsonObject target = new()
            {
                ["refId"] = ((char)('A' + targets.Count)).ToString(),
                ["datasource"] = Source(language),
                ["query"] = query.Text(language),
            };
            if (language == GrafanaLanguage.InfluxQl)
            {
                target["rawQuery"] = true;
                target["resultFormat"] = panel.Type == "table" ? "table" : "time_series";
            }

            targets.Add(target);
        }

        return new JsonObject
        {
            ["id"] = id,
            ["type"] = panel.Type,
            ["title"] = panel.Title,
            ["datasource"] = Source(language),
            ["gridPos"] = new JsonObject { ["h"] = panel.Height, ["w"] = panel.Width, ["x"] = x, ["y"] = y },
            ["fieldConfig"] = new JsonObject { ["defaults"] = new JsonObject { ["unit"] = panel.Unit }, ["overrides"] = new JsonArray() },
            ["targets"] = targets,
        };
    }

    private static JsonObject Source(GrafanaLanguage language) => new() { ["type"] = "influxdb", ["uid"] = $"pouchmonitor-{NameOf(language)}" };
}
