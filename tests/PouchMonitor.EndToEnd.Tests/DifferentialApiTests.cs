using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>dQ/dV over HTTP is that of <c>analyze --json</c>, digit for digit, though it is read from the samples of one cycle alone.</summary>
public sealed class DifferentialApiTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-dqdv-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task EveryCycle_IsThatOfTheFile()
    {
        string file = Path.Combine(folder, "series.csv");
        Assert.Equal(0, (await CommandRun.PouchMonitor("simulate", "dne-pouch", "--cycles", "4", "--interval", "20", "--seed", "3", "--out", file)).ExitCode);
        await using ServeProcess serve = await ServeProcess.Open();
        await AssertSame(serve, file);

        JsonElement newest = await serve.Get("/api/v1/cells/c1/dqdv");
        Assert.Equal(("c1", "c1@1", 4), (newest.GetProperty("cell").GetString(), newest.GetProperty("test").GetString(), newest.GetProperty("cycle").GetInt32()));
        await AssertRefused(serve, "/api/v1/cells/c2/dqdv", HttpStatusCode.NotFound, "No cell 'c2' is known.");
        await AssertRefused(serve, "/api/v1/cells/c1/dqdv?test=c1@9", HttpStatusCode.NotFound, "Cell 'c1' has no test 'c1@9'.");
        await AssertRefused(serve, "/api/v1/cells/c1/dqdv?cycle=5", HttpStatusCode.NotFound, "Test 'c1@1' has no cycle 5; its finished cycles are 1 to 4.");
        foreach (string none in (string[])["0", "-1", "1.5", "x", "99999999999"])
        {
            await AssertRefused(serve, $"/api/v1/cells/c1/dqdv?cycle={none}", HttpStatusCode.BadRequest, $"cycle = '{none}' is not the number of a cycle, from 1.");
        }
    }

    [Theory]
    [InlineData("series/nasa_b0005.csv.gz")]
    [InlineData("series/lgm50_rpt0.csv.gz")]
    public async Task EveryCycleOfAMeasuredCell_IsThatOfTheFile(string name)
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await AssertSame(serve, RepositoryFiles.Measured(name));
    }

    private static async Task AssertSame(ServeProcess serve, string file)
    {
        CommandRun analyzed = await CommandRun.PouchMonitor("analyze", "--json", file);
        Assert.Equal(0, analyzed.ExitCode);
        CommandRun replayed = await CommandRun.PouchMonitor("replay", file, "--cell", "c1", "--mqtt", serve.MqttAddress, "--speed", "max");
        Assert.Equal(0, replayed.ExitCode);
        using JsonDocument report = JsonDocument.Parse(analyzed.Output);
        JsonElement expected = report.RootElement.GetProperty("dqdv");
        List<string> halves = [];
        List<string> separations = [];
        Dictionary<string, string> curves = [];
        foreach (JsonElement cycle in report.RootElement.GetProperty("cycles").EnumerateArray())
        {
            JsonElement answer = await serve.Get($"/api/v1/cells/c1/dqdv?cycle={cycle.GetProperty("index").GetInt32()}");
            foreach (JsonElement half in answer.GetProperty("halfCycles").EnumerateArray())
            {
                halves.Add(Line(half));
                curves.Add(KeyOf(half), Compact(half.GetProperty("dqdv")));
            }

            separations.AddRange(JsonText.Lines(answer.GetProperty("separations")));
        }

        Assert.Equal(expected.GetProperty("halfCycles").EnumerateArray().Select(Line), halves);
        Assert.Equal(JsonText.Lines(expected.GetProperty("separations")), separations);
        Assert.NotEmpty(expected.GetProperty("curves").EnumerateArray());
        foreach (JsonElement curve in expected.GetProperty("curves").EnumerateArray())
        {
            Assert.Equal(Compact(curve.GetProperty("dqdv")), curves[KeyOf(curve)]);
        }
    }

    // Digits as they came, without the white space between them; the curve stands in the answer alone.
    private static string Line(JsonElement half) =>
        string.Join(' ', half.EnumerateObject().Where(field => field.Name != "dqdv").Select(field => $"{field.Name}={Compact(field.Value)}"));

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value);

    private static string KeyOf(JsonElement half) => half.GetProperty("cycle").GetRawText() + half.GetProperty("half").GetString();

    private static async Task AssertRefused(ServeProcess serve, string path, HttpStatusCode status, string error)
    {
        using HttpResponseMessage answer = await serve.Http.GetAsync(serve.Address + path);
        Assert.Equal(status, answer.StatusCode);
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(error, body.GetProperty("error").GetString());
    }
}
