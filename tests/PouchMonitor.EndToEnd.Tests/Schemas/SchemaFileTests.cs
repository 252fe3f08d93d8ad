using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Schemas;

/// <summary>The schema files themselves, and the two files that people write: profiles and the configuration of serve.</summary>
public sealed class SchemaFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-schema-").FullName;

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(JsonSchema.Folder, "*.schema.json").Select(file => Path.GetFileName(file).Replace(".schema.json", "", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void ASchema_SaysWhatEveryFieldMeans_AndItsExamplesAreAsItSays(string name)
    {
        JsonSchema schema = JsonSchema.Of(name);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.Root.GetProperty("$schema").GetString());
        Assert.Equal("", string.Join('\n', Undescribed(schema.Root, "$")));
        if (schema.Root.TryGetProperty("examples", out JsonElement examples))
        {
            Assert.All(examples.EnumerateArray(), example => Assert.Empty(schema.Problems(example)));
        }
    }

    [Fact]
    public void TheCatalogueOfCells_IsAsItsSchemaSays() => Assert.Empty(JsonSchema.Of("profile").Problems(File.ReadAllText(
        Path.Combine(RepositoryFiles.Root, "gateway", "PouchMonitor.Analysis", "Profiles", "reference-cells.json"))));

    [Fact]
    public void TheBroughtPlansOfAbuseTests_AreAsTheirSchemaSays()
    {
        Assert.NotEmpty(AbusePlans.BuiltIn);
        Assert.All(AbusePlans.BuiltIn, plan => Assert.Empty(JsonSchema.Of("abuse-plan").Problems(JsonSerializer.Serialize(plan, AbuseJson.Options))));
    }

    [Theory]
    [InlineData("trigger", "{}")]
    [InlineData("preTriggerS", "601")]
    [InlineData("preTriggerS", "null")]
    [InlineData("version", "0")]
    [InlineData("protectionKind", "\"nails\"")]
    [InlineData("criteria", "[{}]")]
    [InlineData("criteria/0/seen", """["flame", "flame"]""")]
    [InlineData("colour", "1")]
    public void APlanOfAnAbuseTest_ThatItsSchemaRefuses_IsRefused(string field, string value)
    {
        JsonObject plan = JsonSerializer.SerializeToNode(AbusePlans.Find("nail-gb"), AbuseJson.Options)!.AsObject();
        Assert.Empty(JsonSchema.Of("abuse-plan").Problems(plan.ToJsonString()));
        Change(plan, field, JsonNode.Parse(value));
        Assert.NotEmpty(JsonSchema.Of("abuse-plan").Problems(plan.ToJsonString()));
        Assert.NotEmpty(AbusePlans.Check(plan.ToJsonString()));
    }

    // A field by its path: criteria/0/seen.
    private static void Change(JsonNode at, string path, JsonNode? value)
    {
        string[] steps = path.Split('/');
        foreach (string step in steps[..^1])
        {
            at = int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? at[index]! : at[step]!;
        }

        at[steps[^1]] = value;
    }

    [Theory]
    [InlineData("""{"name":"a"}""", true)]
    [InlineData("""{"name":"a","kind":"half","massG":null,"referenceCycle":1,"endOfLifeRetention":1}""", true)]
    [InlineData("""{"profiles":[{"name":"a"}],"defaults":{"massG":3},"reason":"because"}""", true)]
    [InlineData("""{"kind":"full"}""", false)]
    [InlineData("""{"name":".."}""", false)]
    [InlineData("""{"name":"a b"}""", false)]
    [InlineData("""{"name":"a","kind":"Full"}""", false)]
    [InlineData("""{"name":"a","massg":3}""", false)]
    [InlineData("""{"name":"a","massG":"3"}""", false)]
    [InlineData("""{"name":"a","massG":0.009}""", false)]
    [InlineData("""{"name":"a","massG":0.01}""", true)]
    [InlineData("""{"name":"a","nominalCapacityAh":1000.1}""", false)]
    [InlineData("""{"name":"a","maximumVoltageV":6}""", true)]
    [InlineData("""{"name":"a","maximumVoltageV":6.1}""", false)]
    [InlineData("""{"name":"a","referenceCycle":1.5}""", false)]
    [InlineData("""{"name":"a","referenceCycle":0}""", false)]
    [InlineData("""{"name":"a","endOfLifeRetention":1.01}""", false)]
    [InlineData("""{"name":"a","description":null}""", false)]
    [InlineData("""{"profiles":[{"name":"a"}],"default":{}}""", false)]
    [InlineData("""{"profiles":[{"name":"a"}],"defaults":{"color":1}}""", false)]
    [InlineData("""{"profiles":{}}""", false)]
    [InlineData("[]", false)]
    public void AProfileFile_IsTakenWhereItsSchemaAllowsIt(string content, bool isAllowed)
    {
        Assert.Equal(isAllowed, JsonSchema.Of("profile").Problems(content).Count == 0);
        string path = Write(content);
        if (isAllowed)
        {
            Assert.Equal("a", CellProfile.Load(path).Name);
        }
        else
        {
            Assert.Throws<ProfileFileException>(() => CellProfile.Load(path));
        }
    }

    [Theory]
    [InlineData("""{"cells":{"c":{"profile":3}}}""")]
    [InlineData("""{"cells":{"c":{}}}""")]
    [InlineData("""{"cells":{"c":null}}""")]
    [InlineData("""{"cells":null}""")]
    [InlineData("""{"cells":{"c":{"profile":"dne-pouch","mass":3}}}""")]
    [InlineData("""{"Cells":{}}""")]
    [InlineData("""{"silenceSeconds":"60"}""")]
    [InlineData("""{"silenceSeconds":0}""")]
    [InlineData("""{"silenceSeconds":86401}""")]
    [InlineData("""{"silence":60}""")]
    [InlineData("""{"alarms":{"settleSeconds":60.5}}""")]
    [InlineData("""{"alarms":{"escalateAfterMinutes":0}}""")]
    [InlineData("""{"alarms":{"groupSeconds":601}}""")]
    [InlineData("""{"alarms":{"escalate":5}}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task AConfiguration_ThatItsSchemaRefuses_IsRefusedByServe(string content)
    {
        Assert.NotEmpty(JsonSchema.Of("config").Problems(content));
        string path = Write(content);
        CommandRun run = await CommandRun.PouchMonitor(
            "serve", "--data", Path.Combine(folder, "data"), "--http-port", "0", "--mqtt-port", "0", "--config", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(path, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"silenceSeconds":1}""")]
    [InlineData("""{"alarms":{"settleSeconds":0.5,"groupSeconds":30,"escalateAfterMinutes":5,"escalateEmergencyAfterMinutes":1}}""")]
    [InlineData("""{"silenceSeconds":86400,"cells":{"pouch-1":{"profile":"dne-pouch"},"pouch-2":{"profile":"dne-pouch-baseline"}}}""")]
    public async Task AConfiguration_ThatItsSchemaAllows_IsTakenByServe(string content)
    {
        Assert.Empty(JsonSchema.Of("config").Problems(content));
        await using ServeProcess serve = await ServeProcess.Open(config: content);
        Assert.Equal(0, await serve.Terminate());
    }

    private string Write(string content)
    {
        string path = Path.Combine(folder, "content.json");
        File.WriteAllText(path, content);
        return path;
    }

    // Places that have neither title nor reference, no description, or a number without its unit.
    private static IEnumerable<string> Undescribed(JsonElement schema, string at)
    {
        bool isReference = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out _);
        if (schema.ValueKind != JsonValueKind.Object || isReference)
        {
            yield break;
        }

        foreach (string word in (string[])["title", "description"])
        {
            if (!schema.TryGetProperty(word, out JsonElement text) || text.GetString()!.Length == 0)
            {
                yield return $"{at} has no {word}";
            }
        }

        if (schema.TryGetProperty("type", out JsonElement type) && !schema.TryGetProperty("x-unit", out _)
            && (type.GetRawText().Contains("number", StringComparison.Ordinal) || type.GetRawText().Contains("integer", StringComparison.Ordinal)))
        {
            yield return $"{at} has no unit";
        }

        foreach (string group in (string[])["properties", "$defs"])
        {
            if (schema.TryGetProperty(group, out JsonElement members))
            {
                foreach (string problem in members.EnumerateObject().SelectMany(member => Undescribed(member.Value, $"{at}.{member.Name}")))
                {
                    yield return problem;
                }
            }
        }

        if (schema.TryGetProperty("additionalProperties", out JsonElement others))
        {
            foreach (string problem in Undescribed(others, at + ".*"))
            {
                yield return problem;
            }
        }
    }
}
