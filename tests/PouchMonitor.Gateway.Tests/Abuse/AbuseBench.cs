using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>A gateway with a node that can be tested to destruction, and the people's side of it over HTTP.</summary>
internal sealed class AbuseBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-abuse-").FullName;
    private readonly Func<GatewayOptions, GatewayOptions> change;
    private MonitorGateway? gateway;

    private AbuseBench(Func<GatewayOptions, GatewayOptions> change) => this.change = change;

    public string Folder => folder;

    public MonitorGateway Gateway => gateway!;

    public HttpClient Http { get; private set; } = new();

    public FakeNode Node { get; private set; } = null!;

    /// <summary>A plan whose observation is over soon.</summary>
    public static AbusePlan Plan => new()
    {
        Name = "bench-nail",
        Version = 1,
        Kind = AbuseKind.Nail,
        Title = "Nail of the bench",
        Conditions = [],
        Trigger = new TriggerRule(VoltageDropV: 0.5, null, null, null, null, null),
        Criteria = [new CriterionRule("hot", "Hotter than 60 C", CriterionMeasure.Temperature, 60, "C", IsBelow: false, 0, IsFailure: true, IsRequired: false, FigureSource.Lab)],
        Observation = new ObservationRule(ObservationStart.Trigger, null, 2, null, null, null, FigureSource.Lab),
        SelfHeating = new SelfHeatingRule(1, 60, 10, FigureSource.Lab),
        RateWindowsS = [1, 10],
        PreTriggerS = 5,
        ProtectionKind = "nail",
        PersonChecks = ["The nail is aligned"],
    };

    public static async Task<AbuseBench> StartAsync(Func<GatewayOptions, GatewayOptions>? change = null, bool isCalibrated = false)
    {
        AbuseBench bench = new(change ?? (options => options));
        try
        {
            await bench.OpenAsync();
            bench.Node = await FakeNode.StartAsync(bench.Gateway.MqttEndPoint.Port, isCalibrated);
            await bench.Until("/api/v1/channels", channels => channels.GetArrayLength() == 1);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }

        await CloseAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Ends the gateway and starts another on the same data.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
        await Node.ReconnectAsync(Gateway.MqttEndPoint.Port);
    }

    /// <summary>A test that is ready to be armed.</summary>
    public async Task<string> PrepareAsync(AbusePlan? plan = null)
    {
        AbusePlan wanted = plan ?? Plan;
        string body = JsonSerializer.Serialize(wanted, AbuseJson.Options);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, $"/api/v1/abuse/plans/{wanted.Name}?by=ada", body)).Status);
        return await PrepareAsync(wanted.Name);
    }

    /// <summary>A test by a plan the gateway has, ready to be armed.</summary>
    public async Task<string> PrepareAsync(string plan)
    {
        JsonElement made = await Act("", new { plan, node = FakeNode.Name, channel = "1" });
        string id = made.GetProperty("id").GetString()!;
        foreach (string check in made.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("isByPerson").GetBoolean()).Select(check => check.GetProperty("id").GetString()!))
        {
            await Act($"/{id}/checks/{check}", new { good = true });
        }

        await Until(id, record => record.GetProperty("checks").EnumerateArray().All(check => check.GetProperty("state").GetString() == "good"));
        return id;
    }

    public async Task<string> ArmAsync(AbusePlan? plan = null)
    {
        string id = await PrepareAsync(plan);
        JsonElement armed = await Act($"/{id}/arm", new { });
        Assert.Equal("armed", State(armed));
        return id;
    }

    /// <summary>Does something as ada; anything but 200 fails.</summary>
    public async Task<JsonElement> Act(string path, object body)
    {
        (HttpStatusCode status, string text) = await TryAct(path, body);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {(int)status} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public Task<(HttpStatusCode Status, string Text)> TryAct(string path, object body)
    {
        Dictionary<string, JsonElement> fields = JsonSerializer.SerializeToElement(body).EnumerateObject().ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        fields.TryAdd("by", JsonSerializer.SerializeToElement("ada"));
        return SendAsync(HttpMethod.Post, "/api/v1/abuse" + path, JsonSerializer.Serialize(fields));
    }

    /// <summary>What is refused, with its reason.</summary>
    public async Task<string> Refused(string path, object body, HttpStatusCode status = HttpStatusCode.Conflict)
    {
        (HttpStatusCode got, string text) = await TryAct(path, body);
        Assert.True(got == status, $"{path}: {(int)got} {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("error").GetString()!;
    }

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? json)
    {
        using HttpRequestMessage request = new(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<JsonElement> GetAsync(string id) =>
        await Http.GetFromJsonAsync<JsonElement>(id.StartsWith('/') ? id : "/api/v1/abuse/" + id, TestContext.Current.CancellationToken);

    /// <summary>Waits until a test (or another address) is as wanted.</summary>
    public async Task<JsonElement> Until(string id, Func<JsonElement, bool> isWanted)
    {
        DateTime end = DateTime.UtcNow + Patience;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            JsonElement now = await GetAsync(id);
            if (isWanted(now))
            {
                return now;
            }

            Assert.True(DateTime.UtcNow < end, $"Not as wanted within {Patience}: {now}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static string State(JsonElement record) => record.GetProperty("state").GetString()!;

    public static bool Says(JsonElement record, string text) =>
        record.GetProperty("log").EnumerateArray().Any(line => line.GetProperty("text").GetString()!.Contains(text, StringComparison.Ordinal));

    private async Task OpenAsync()
    {
        gateway = await MonitorGateway.StartAsync(
            change(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, OpenOnLoopback = true }), CancellationToken.None);
        Http = new HttpClient { BaseAddress = new Uri(gateway.HttpAddress) };
    }

    private async Task CloseAsync()
    {
        Http.Dispose();
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
            gateway = null;
        }
    }
}
