using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Influx.Grafana;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>The dashboards: committed as generated, of the schema's names only, and their InfluxQL answered by a real server.</summary>
public sealed partial class GrafanaTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "gateway", "grafana");

    [Fact]
    public void TheCommittedFiles_AreWhatTheGeneratorWrites()
    {
        IReadOnlyDictionary<string, string> files = GrafanaFiles.All();
        string[] found = [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(files.Keys, found);
        Assert.All(files, file => Assert.True(file.Value == File.ReadAllText(Path.Combine(Folder, file.Key)),
            $"{file.Key} is not as generated; run: pouchmonitor grafana --out gateway/grafana"));
    }

    [Fact]
    public async Task TheCommand_WritesThem()
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-grafana-").FullName;
        try
        {
            CommandRun run = await CommandRun.PouchMonitor("grafana", "--out", folder);
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(GrafanaFiles.All().Count, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void EveryName_IsInTheSchema()
    {
        Dictionary<string, InfluxMeasurement> measurements = InfluxSchema.All.ToDictionary(measurement => measurement.Name, StringComparer.Ordinal);
        foreach ((string file, string query) in Queries("influxql"))
        {
            string[] quoted = [.. Quoted().Matches(query).Select(match => match.Groups["name"].Value)];
            InfluxMeasurement measurement = measurements[quoted.Single(measurements.ContainsKey)];
            Assert.All(quoted.Where(name => name != measurement.Name), name => Assert.True(
                measurement.Fields.Any(field => field.Name == name) || measurement.Tags.Contains(name), $"{file}: {name} in {query}"));
        }

        foreach ((string file, string query) in Queries("flux"))
        {
            InfluxMeasurement measurement = measurements[FluxMeasurement().Match(query).Groups["name"].Value];
            string[] fields = [.. FluxField().Matches(query).Select(match => match.Groups["name"].Value)];
            Assert.NotEmpty(fields);
            Assert.All(fields, name => Assert.True(measurement.Fields.Any(field => field.Name == name), $"{file}: {name}"));
            Assert.Equal(query.Count(c => c == '('), query.Count(c => c == ')'));
            Assert.Equal(0, query.Count(c => c == '"') % 2);
        }
    }

    [Fact]
    public async Task EveryInfluxQlQuery_FindsItsRows_OnARealServer()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        const long time = 1_780_000_000_000_000;
        StringBuilder lines = new();
        foreach (InfluxMeasurement measurement in InfluxSchema.All)
        {
            string tags = string.Concat(measurement.Tags.Select(tag => $",{tag}={(tag == InfluxSchema.Cell ? "n1.1" : "x")}"));
            string fields = string.Join(",", measurement.Fields.Select(field => field.Name + "=" + field.Type switch
            {
                InfluxFieldType.Float => "1.5",
                InfluxFieldType.Integer => "1i",
                InfluxFieldType.Truth => "true",
                _ => "\"x\"",
            }));
            lines.Append(CultureInfo.InvariantCulture, $"{measurement.Name}{tags} {fields} {time}\n");
        }

        using (HttpResponseMessage written = await influx.Http.PostAsync(influx.Address + "/write?db=cells&precision=u", new StringContent(lines.ToString())))
        {
            Assert.Equal(System.Net.HttpStatusCode.NoContent, written.StatusCode);
        }

        foreach ((string file, string query) in Queries("influxql"))
        {
            string asked = query.Replace("${cell:regex}", @"n1\.1", StringComparison.Ordinal).Replace("$__interval", "10s", StringComparison.Ordinal)
                .Replace("$timeFilter", $"time >= {time - 1_000_000}u AND time <= {time + 1_000_000}u", StringComparison.Ordinal);
            Assert.DoesNotContain('$', asked.Replace("$/", "", StringComparison.Ordinal));
            JsonElement result = (await influx.QueryAsync(asked)).GetProperty("results")[0];
            Assert.True(result.TryGetProperty("series", out JsonElement series) && series[0].GetProperty("values").GetArrayLength() == 1, $"{file}: {asked}");
        }

        JsonElement cells = await influx.QueryAsync(GrafanaQuery.Values(GrafanaLanguage.InfluxQl, InfluxSchema.Samples, InfluxSchema.Cell));
        Assert.Contains("n1.1", cells.GetRawText(), StringComparison.Ordinal);
    }

    private static IEnumerable<(string File, string Query)> Queries(string language)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "dashboards", language)))
        {
            using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
                {
                    yield return (Path.GetFileName(file), target.GetProperty("query").GetString()!);
                }
            }
        }
    }

    [GeneratedRegex("\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("r\\._measurement == \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FluxMeasurement();

    [GeneratedRegex("r\\._field == \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FluxField();
}
