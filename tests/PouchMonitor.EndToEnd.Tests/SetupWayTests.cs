using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>From a person who assigns a cell to its samples, judged under that name and those limits, over real sockets and kills.</summary>
public class SetupWayTests
{
    private const string Channel = "/api/v1/channels/n1/1";

    [Fact]
    public async Task AnAssignedCell_IsJudgedUnderItsNameAndLimits_WheneverTheGatewayIsKilled()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await Put(serve, "/api/v1/profiles/lab-hot?by=ada", new { name = "lab-hot", kind = "full", warningTemperatureC = 50, maximumWorkingTemperatureC = 60 });
        long time = 1_790_000_000;
        await using (SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "n1", "label-1"))
        {
            for (int i = 0; i < 20; i++)
            {
                await device.SampleAsync("1", time++, 3.8, 0.5, 25);
            }

            Assert.Contains("of cell 'label-1' runs on n1/1", await Refusal(serve, HttpStatusCode.Conflict, new { by = "ada", cell = "c7" }), StringComparison.Ordinal);
            JsonElement made = await Put(serve, Channel, new
            {
                by = "ada",
                cell = "c7",
                profile = "lab-hot",
                bench = "left",
                note = "second build",
                endTest = true,
                limits = new { warningTemperatureC = 40, maximumWorkingTemperatureC = 45 },
            });
            Assert.Equal(("c7", "lab-hot-limits", "left", "ada"), (made.GetProperty("cell").GetString(), made.GetProperty("profile").GetString(),
                made.GetProperty("bench").GetString(), made.GetProperty("changedBy").GetString()));
            Assert.Equal(45, made.GetProperty("limits").GetProperty("maximumWorkingTemperatureC").GetDouble());
            for (int i = 0; i < 10; i++)
            {
                await device.SampleAsync("1", time++, 3.8, 0.5, 25);
            }

            serve.Kill(); // long before the next checkpoint
        }

        await serve.StartAsync();
        await ExpectTests(serve, ("label-1", 20), ("c7", 10));
        await using SampleDevice again = await SampleDevice.ConnectAsync(serve.MqttPort, "n1", "label-1");
        for (double temperature = 25; temperature < 48; temperature += 0.5)
        {
            await again.SampleAsync("1", time++, 3.8, 0.5, temperature);
        }

        JsonElement alarms = await serve.Until("/api/v1/alarms", all => all.EnumerateArray().Any(alarm => alarm.GetProperty("id").GetString() == "c7/thermal-limit"));
        Assert.DoesNotContain(alarms.EnumerateArray(), alarm => alarm.GetProperty("cell").GetString() == "label-1");
        JsonElement cell = await serve.Until("/api/v1/cells/c7", answer => answer.TryGetProperty("profileContent", out _)); // known with its first checkpoint
        Assert.Equal(45, cell.GetProperty("profileContent").GetProperty("maximumWorkingTemperatureC").GetDouble());
        serve.Kill();
        await serve.StartAsync();
        await ExpectTests(serve, ("label-1", 20), ("c7", 56));
        JsonElement channel = await serve.Get(Channel);
        Assert.Equal(("c7", "label-1", "second build"), (channel.GetProperty("cell").GetString(), channel.GetProperty("label").GetString(), channel.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task WhatCannotBe_IsRefusedWithItsReason()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await Put(serve, Channel, new { by = "ada", cell = "c1", profile = "dne-pouch" });
        Assert.Contains("'c1' is assigned to n1/1 by ada", await Refusal(serve, HttpStatusCode.Conflict, new { by = "bob", cell = "c1" }, "/api/v1/channels/n2/4"), StringComparison.Ordinal);
        Assert.Contains("no profile 'dne-puch'", await Refusal(serve, HttpStatusCode.BadRequest, new { by = "bob", cell = "c1", profile = "dne-puch" }), StringComparison.Ordinal);
        Assert.Contains("cell 'a/b'", await Refusal(serve, HttpStatusCode.BadRequest, new { by = "bob", cell = "a/b" }), StringComparison.Ordinal);
        Assert.Contains("'cel' is not known", await Refusal(serve, HttpStatusCode.BadRequest, new { by = "bob", cel = "c1" }), StringComparison.Ordinal);
        Assert.Contains("'by' must name", await Refusal(serve, HttpStatusCode.BadRequest, new { cell = "c1" }), StringComparison.Ordinal);
        object looser = new { by = "bob", cell = "c1", profile = "dne-pouch", limits = new { maximumWorkingTemperatureC = 70 } };
        Assert.Contains("maximumWorkingTemperatureC 70 instead of 60", await Refusal(serve, HttpStatusCode.Conflict, looser), StringComparison.Ordinal);
        await Put(serve, Channel, new { by = "bob", cell = "c1", profile = "dne-pouch", confirm = "oven test", limits = new { maximumWorkingTemperatureC = 70 } });
        Assert.Contains("bob has changed n1/1", await Refusal(serve, HttpStatusCode.PreconditionFailed, new { by = "ada", cell = "c1", seenChangedAt = 1 }), StringComparison.Ordinal);
        Assert.Contains("built in", await Refusal(serve, HttpStatusCode.Conflict, new { name = "dne-pouch" }, "/api/v1/profiles/dne-pouch?by=bob"), StringComparison.Ordinal);
        JsonElement problems = await Send(serve, HttpMethod.Post, "/api/v1/profiles/check", new { name = "x", massG = -1 }, HttpStatusCode.OK);
        Assert.Equal("massG", problems.GetProperty("problems")[0].GetProperty("field").GetString());

        JsonElement back = await Send(serve, HttpMethod.Delete, Channel, new { by = "ada" }, HttpStatusCode.OK);
        Assert.Equal(("n1.1", false), (back.GetProperty("cell").GetString(), back.GetProperty("assigned").GetBoolean()));
        await Put(serve, "/api/v1/channels/n2/4", new { by = "bob", cell = "c1" });
        Assert.Equal(["n2"], (await serve.Get("/api/v1/channels")).EnumerateArray().Select(each => each.GetProperty("node").GetString()));
    }

    private static async Task ExpectTests(ServeProcess serve, params (string Cell, int Samples)[] expected)
    {
        JsonElement tests = await serve.Until("/api/v1/tests", all => all.GetArrayLength() == expected.Length
            && all.EnumerateArray().Sum(test => test.GetProperty("sampleCount").GetInt32()) == expected.Sum(test => test.Samples));
        Assert.Equal(expected, tests.EnumerateArray().Select(test => (test.GetProperty("cell").GetString()!, test.GetProperty("sampleCount").GetInt32())));
    }

    private static Task<JsonElement> Put(ServeProcess serve, string path, object body) => Send(serve, HttpMethod.Put, path, body, HttpStatusCode.OK);

    private static async Task<string> Refusal(ServeProcess serve, HttpStatusCode status, object body, string path = Channel) =>
        (await Send(serve, HttpMethod.Put, path, body, status)).GetProperty("error").GetString()!;

    private static async Task<JsonElement> Send(ServeProcess serve, HttpMethod method, string path, object body, HttpStatusCode status)
    {
        using HttpRequestMessage request = new(method, serve.Address + path) { Content = JsonContent.Create(body) };
        using HttpResponseMessage answer = await serve.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{method} {path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
